"""The way through the SOCKS port of a Tor, which may be a Unix socket (RFC 1928, socks-extensions of Tor)."""

from collections.abc import Iterable
from typing import Any, Final

import httpcore
import httpx

_AT_TOR: Final = httpcore.URL("socks5h://tor")
"""Tor looks up the names; where it is itself, says the lane."""

SocketOption = Any
"""As httpcore hands them through; none is ever given here."""


def through(place: str, name: str) -> httpx.HTTPTransport:
    """Connections through the SOCKS port at `place`, `host:port` or the path of a Unix socket.

    Tor gives another `name` another circuit (tor(1), IsolateSOCKSAuth).
    """
    if place.startswith("/"):
        return _ThroughSocket(place, name)
    return httpx.HTTPTransport(trust_env=False, proxy=httpx.Proxy(f"socks5h://{place}", auth=(name, name)))


class _ThroughSocket(httpx.HTTPTransport):
    """httpx has no word for a proxy at a Unix socket; httpcore, on which it rests, can be told the way."""

    def __init__(self, path: str, name: str) -> None:
        super().__init__(trust_env=False)
        self._pool = httpcore.SOCKSProxy(
            _AT_TOR,
            proxy_auth=(name, name),
            ssl_context=httpx.create_ssl_context(trust_env=False),
            network_backend=_Lane(path),
        )


class _Lane(httpcore.NetworkBackend):
    """Leads every connection to the socket at `path`, wherever httpcore thinks it goes."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        """See the interface."""
        return self._backend.connect_unix_socket(self._path, timeout)
