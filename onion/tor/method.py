"""How a service gets into Tor: what each of the two ways has to be able to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from onion.identity.key import OnionKey
from onion.tor.control import TorControl
from onion.tor.spec import OnionSpec
from onion.tor.state import Notice


@dataclass(frozen=True, slots=True)
class Published:
    """A service that Tor has: its `address`, `….onion`, and what it has to do without."""

    address: str
    warnings: tuple[Notice, ...]


class PublicationMethod(Protocol):
    """`lines`, then a Tor, then `publish`; `withdraw` and `publish` again to heal. Each may raise an `OnionError`."""

    async def lines(self, spec: OnionSpec, key: OnionKey) -> Sequence[str]:
        """What the torrc of a Tor of our own is to say of the service; whatever it names is there."""
        ...

    async def publish(self, control: TorControl, spec: OnionSpec, key: OnionKey) -> Published:
        """See to it that Tor has the service, until the control connection ends."""
        ...

    async def withdraw(self, control: TorControl, address: str) -> None:
        """Take the service out of Tor, so that it can be published anew.

        Raises `TorToStartAgain` where it takes a new Tor, and with that a new connection, to publish it anew.
        """
        ...
