"""What to publish: which key, which socket, which defences, which further words of ADD_ONION."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from onion.tor.control import TorControl


@dataclass(frozen=True, slots=True)
class Defences:
    """What Tor does for the service before the portal hears of a visitor.

    `streams`: connections over one circuit at one time; a circuit that opens more is closed. `arrivals_a_second`,
    `arrivals_waiting`: new circuits that are let in, and how many may wait; when more come, a client has to show a
    proof of work whose effort grows with the crowd (Tor proposal 327).
    """

    streams: int
    arrivals_a_second: int
    arrivals_waiting: int


def no_words() -> Sequence[str]:
    """No further words."""
    return ()


async def nothing_more(control: TorControl, address: str) -> None:
    """Nothing is to be done once the service is there."""


@dataclass(frozen=True, slots=True)
class OnionSpec:
    """A service at port 80 of the address that the key in `key_file` makes, whose requests go to `socket_path`.

    `flags` and `words` are added to ADD_ONION (control-spec §3.27): a flag `V3Auth`, words such as `ClientAuthV3=…`.
    `words` is asked each time that the service is published, also after `OnionService.renew`. `added` is awaited
    each time once Tor has the service and before it is proven, with the control connection and the address.
    """

    key_file: Path
    socket_path: Path
    defences: Defences
    flags: tuple[str, ...] = ()
    words: Callable[[], Sequence[str]] = no_words
    added: Callable[[TorControl, str], Awaitable[None]] = nothing_more
