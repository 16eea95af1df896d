"""The way through the SOCKS port of a Tor, which may be a Unix socket (RFC 1928, socks-extensions of Tor).

httpx has no word for a proxy at a Unix socket, and httpcore, on which it rests, leaves the connection to the proxy open
when Tor says no; but httpcore can be told the way.
"""

from collections.abc import Iterable
from typing import Any, Final

import httpcore
import httpx

_AT_TOR: Final = httpcore.URL("socks5h://tor")
"""Tor looks up the names; where it is itself, says the lane."""

SocketOption = Any
"""As httpcore hands them through; none is ever given here."""


class ThroughTor(httpx.HTTPTransport):
    """Connections through the SOCKS port at `place`, `host:port` or the path of a Unix socket.

    Tor gives another `name` another circuit (tor(1), IsolateSOCKSAuth).
    """

    def __init__(self, place: str, name: str) -> None:
        super().__init__(trust_env=False)
        self._lane = _Lane(place)
        self._pool = httpcore.SOCKSProxy(
            _AT_TOR,
            proxy_auth=(name, name),
            ssl_context=httpx.create_ssl_context(trust_env=False),
            network_backend=self._lane,
        )

    def close(self) -> None:
        """End every connection, those too that httpcore has lost sight of."""
        super().close()
        self._lane.close()


class _Lane(httpcore.NetworkBackend):
    """Leads every connection to `place`, wherever httpcore thinks it goes."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._backend = httpcore.SyncBackend()
        self._opened: list[httpcore.NetworkStream] = []

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        """See the interface."""
        stream = self._connected(timeout)
        self._opened.append(stream)
        return stream

    def close(self) -> None:
        for stream in self._opened:
            stream.close()

    def _connected(self, timeout: float | None) -> httpcore.NetworkStream:
        if self._place.startswith("/"):
            return self._backend.connect_unix_socket(self._place, timeout)
        host, _, port = self._place.rpartition(":")
        return self._backend.connect_tcp(host.strip("[]"), int(port), timeout)
