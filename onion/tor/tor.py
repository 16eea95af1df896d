"""The Tor that publishes the service: its control connection, its version, its SOCKS ports."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from onion.errors import N_, TorTooOld
from onion.tor.addresses import USUAL_CONTROL, TorAddress, tor_address
from onion.tor.control import TorControl, tor_control
from onion.tor.launch import OwnTor
from onion.tor.publishing import check_accepted, execute
from onion.tor.state import Notice

Version = tuple[int, ...]

NEEDED: Final[Version] = (0, 4, 8)
"""The first with a proof of work for onion services."""
WISHED: Final[Version] = (0, 4, 9, 11)
"""Mends faults of the proof of work and of the circuits of onion services."""
TOR_OLD: Final = N_(
    "This Tor is version %(version)s: it works, but %(wished)s or newer defends the service better. Upgrade it."
)

VERSION: Final = re.compile(r"version=(\d+(?:\.\d+)+)")
LISTENER: Final = re.compile(r'"(?:unix:)?([^"]+)"')
ANY_HOST: Final = re.compile(r"(?:0\.0\.0\.0|\[::\])(?=:\d+$)")


@dataclass(frozen=True, slots=True)
class TorClient:
    """The Tor at `control`, None for one at the usual addresses, with its `password`; or `own`, to be started.

    `socks` is its SOCKS port, None to ask Tor for it.
    """

    control: TorAddress | None = None
    password: str = field(default="", repr=False)
    own: OwnTor | None = None
    socks: TorAddress | None = None

    @asynccontextmanager
    async def connect(self, service_lines: Sequence[str] = ()) -> AsyncIterator[TorControl]:
        """Open a control connection, to our own Tor with `service_lines` in its torrc; that Tor ends with it.

        Raises `TorError`.
        """
        if self.own is None:
            addresses = USUAL_CONTROL if self.control is None else (self.control,)
            async with tor_control(addresses, self.password) as control:
                yield control
            return
        address = await self.own.start(service_lines)
        try:
            async with tor_control([address], self.password) as control:
                # From here this Tor ends with the connection: however the portal ends, no Tor of ours is left running.
                await execute(control, "TAKEOWNERSHIP")
                yield control
        finally:
            await self.own.stop()

    async def socks_ports(self, control: TorControl) -> tuple[TorAddress, ...]:
        """Return the SOCKS ports of this Tor."""
        if self.socks is not None:
            return (self.socks,)
        listeners = check_accepted(await control.ask("GETINFO net/listeners/socks")).text
        ports = (_socks_port(found, control.address.host) for found in LISTENER.findall(listeners))
        return tuple(port for port in ports if port)


async def check_version(control: TorControl) -> tuple[Notice, ...]:
    """Return the warnings about Tor's version. Raises `TorTooOld`."""
    found = VERSION.match(check_accepted(await control.ask("GETINFO version")).text)
    version = tuple(map(int, found[1].split("."))) if found else ()
    if version < NEEDED:
        raise TorTooOld(version=_dotted(version) or "?", needed=_dotted(NEEDED))
    if version < WISHED:
        return (Notice(TOR_OLD, {"version": _dotted(version), "wished": _dotted(WISHED)}),)
    return ()


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))


def _socks_port(listener: str, host: str) -> TorAddress | None:
    """Parse a `listener` that Tor names; one on every address is reached where Tor's control port is, at `host`."""
    try:
        return tor_address(ANY_HOST.sub(f"[{host}]" if ":" in host else host, listener))
    except ValueError:
        return None
