"""Interface of the two methods of publication: a command on the control connection, and the torrc of our own Tor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from onion.identity.key import OnionKey
from onion.tor.control import TorControl
from onion.tor.spec import OnionSpec
from onion.tor.state import Notice


@dataclass(frozen=True, slots=True)
class Published:
    """A service that Tor has: its `address`, `….onion`, and warnings of the defences that it lacks."""

    address: str
    warnings: tuple[Notice, ...]


class PublicationMethod(Protocol):
    """`torrc_lines`, then a Tor, then `publish`; `withdraw` and `publish` to heal. Each may raise an `OnionError`."""

    async def torrc_lines(self, spec: OnionSpec, key: OnionKey) -> Sequence[str]:
        """Return the lines of the service in the torrc of our own Tor, and make the files that they name."""
        ...

    async def publish(self, control: TorControl, spec: OnionSpec, key: OnionKey) -> Published:
        """Publish the service until the control connection ends."""
        ...

    async def withdraw(self, control: TorControl, address: str) -> None:
        """Withdraw the service, so that it can be published anew.

        Raises `TorToStartAgain` where only a new Tor, with a new control connection, can publish it anew.
        """
        ...
