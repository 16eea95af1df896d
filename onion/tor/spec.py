"""Specification of an onion service: its key, its socket, its defences, further arguments of ADD_ONION."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from onion.tor.control import TorControl


@dataclass(frozen=True, slots=True)
class Defences:
    """Defences of the service by Tor, before a connection reaches the portal.

    `streams`: connections over one circuit at one time; a circuit that opens more is closed. `arrivals_a_second`,
    `arrivals_waiting`: rate and queue of new circuits; when more come, clients have to show a proof of work whose
    effort grows with the queue (Tor proposal 327).
    """

    streams: int
    arrivals_a_second: int
    arrivals_waiting: int


def no_arguments() -> Sequence[str]:
    """Return no further arguments."""
    return ()


async def do_nothing(control: TorControl, address: str) -> None:
    """Do nothing once the service is published."""


@dataclass(frozen=True, slots=True)
class OnionSpec:
    """A service at port 80 of the address of the key in `key_file`; its requests go to `socket_path`.

    `flags` and `arguments` are added to ADD_ONION (control-spec §3.27): a flag `V3Auth`, arguments such as
    `ClientAuthV3=…`. `arguments` is called each time that the service is published, also after `OnionService.renew`.
    `on_published` is awaited each time once Tor has the service and before it is proven, with the control connection
    and the address.
    """

    key_file: Path
    socket_path: Path
    defences: Defences
    flags: tuple[str, ...] = ()
    arguments: Callable[[], Sequence[str]] = no_arguments
    on_published: Callable[[TorControl, str], Awaitable[None]] = do_nothing
