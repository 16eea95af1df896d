"""Addresses of a Tor on this machine, or near it: its control ports and its SOCKS ports."""

import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final


@dataclass(frozen=True, slots=True)
class TorAddress:
    """A Unix socket at `path`, or the TCP `port` of `host` when there is no path."""

    path: Path | None = None
    host: str = "127.0.0.1"
    port: int = 0

    def __str__(self) -> str:
        if self.path is not None:
            return str(self.path)
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


USUAL_CONTROL: Final = (
    TorAddress(Path("/run/tor/control")),
    TorAddress(Path("/var/run/tor/control")),
    TorAddress(port=9051),
)
"""Control ports of a Tor that is already running, in the order of the search; the first is that of Debian."""

SOCKS_PORT: Final = TorAddress(port=9050)
"""The SOCKS port of a Tor that is not configured otherwise."""
USUAL_SOCKS: Final = (TorAddress(Path("/run/tor/socks")), SOCKS_PORT)
"""SOCKS ports of a Tor, in the order of the search; the first is that of Debian."""

OPEN_SECONDS: Final = 5
SOCKET: Final = re.compile(r"(?:unix:)?(/.+)")
PORT: Final = re.compile(r"(?:(?P<host>[\w.-]+|\[[0-9A-Fa-f:.]+\]):)?(?P<port>\d{1,5})")


def tor_address(text: str) -> TorAddress | None:
    """Parse `/path`, `unix:/path`, `port`, `host:port` or `[IPv6]:port`; None for an empty text.

    Raises `ValueError`.
    """
    text = text.strip()
    if not text:
        return None
    if socket := SOCKET.fullmatch(text):
        return TorAddress(Path(socket[1]))
    port = PORT.fullmatch(text)
    if port is None or not 0 < int(port["port"]) <= 65_535:
        raise ValueError(f"no address of a Tor: {text}")
    return TorAddress(host=(port["host"] or "127.0.0.1").strip("[]"), port=int(port["port"]))


def first_open(addresses: Iterable[TorAddress]) -> TorAddress | None:
    """Return the first of `addresses` that takes a connection. Blocks, for `OPEN_SECONDS` each at most."""
    return next((address for address in addresses if _is_open(address)), None)


def connect(address: TorAddress, seconds: float) -> socket.socket:
    """Connect to `address`; the socket has `seconds` as its timeout. Raises `OSError`."""
    if address.path is None:
        return socket.create_connection((address.host, address.port), seconds)
    opened = socket.socket(socket.AF_UNIX)
    try:
        opened.settimeout(seconds)
        opened.connect(str(address.path))
    except OSError:
        opened.close()
        raise
    return opened


def _is_open(address: TorAddress) -> bool:
    try:
        connect(address, OPEN_SECONDS).close()
    except OSError:
        return False
    return True
