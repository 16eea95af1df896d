"""Where a Tor takes its orders: a control socket or a control port."""

import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from onion.errors import ControlAddressUnfit


@dataclass(frozen=True, slots=True)
class ControlAddress:
    """The Unix socket at `path`, or the TCP `port` of `host` when there is no path."""

    path: Path | None = None
    host: str = "127.0.0.1"
    port: int = 0

    def __str__(self) -> str:
        if self.path is not None:
            return str(self.path)
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


USUAL_PLACES: Final = (
    ControlAddress(Path("/run/tor/control")),
    ControlAddress(Path("/var/run/tor/control")),
    ControlAddress(port=9051),
)
"""Where a Tor that is already running is looked for, in this order; the first is that of Debian."""

OPEN_SECONDS: Final = 5
SOCKET: Final = re.compile(r"(?:unix:)?(/.+)")
PORT: Final = re.compile(r"(?:(?P<host>[\w.-]+|\[[0-9A-Fa-f:.]+\]):)?(?P<port>\d{1,5})")


def control_address(text: str) -> ControlAddress | None:
    """The address written as `/path`, `unix:/path`, `port`, `host:port` or `[IPv6]:port`; None for an empty text.

    Raises `ControlAddressUnfit`.
    """
    text = text.strip()
    if not text:
        return None
    if socket := SOCKET.fullmatch(text):
        return ControlAddress(Path(socket[1]))
    port = PORT.fullmatch(text)
    if port is None or not 0 < int(port["port"]) <= 65_535:
        raise ControlAddressUnfit(address=text)
    return ControlAddress(host=(port["host"] or "127.0.0.1").strip("[]"), port=int(port["port"]))


def first_open(places: Iterable[ControlAddress]) -> ControlAddress | None:
    """The first of `places` that lets us in, None where none does. Blocks, for `OPEN_SECONDS` each at most."""
    return next((place for place in places if _is_open(place)), None)


def _is_open(place: ControlAddress) -> bool:
    try:
        if place.path is None:
            socket.create_connection((place.host, place.port), OPEN_SECONDS).close()
            return True
        with socket.socket(socket.AF_UNIX) as caller:
            caller.settimeout(OPEN_SECONDS)
            caller.connect(str(place.path))
            return True
    except OSError:
        return False
