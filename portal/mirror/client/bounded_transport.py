"""The way to a source, directly or through the SOCKS port of a Tor, and the time that all of one exchange may take.

httpx bounds each wait and not their sum: a head that comes byte by byte, or interim answers without end (RFC 9110,
§15.2), would keep it for ever. It has no word for a proxy at a Unix socket either (RFC 1928, socks-extensions of
Tor), and httpcore, on which it rests, leaves the connection to the proxy open when Tor says no; but httpcore can be
told the way.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import httpcore
import httpx

from onion.tor.addresses import TorAddress

_AT_TOR: Final = httpcore.URL("socks5h://tor")
"""Tor looks up the names; where it is itself, says the lane."""
_IDLE_SECONDS: Final = 5.0
"""For how long a connection waits for the next request."""

SocketOption = Any
"""As httpcore hands them through; none is ever given here."""


class BoundedTransport(httpx.HTTPTransport):
    """Connections to a source; through the SOCKS port of a Tor, `proxy`, if there is one.

    Tor gives another `name` another circuit (tor(1), IsolateSOCKSAuth). `clock` counts seconds.
    """

    def __init__(self, proxy: TorAddress | None, name: str, clock: Callable[[], float]) -> None:
        trusted = httpx.create_ssl_context(trust_env=False)
        super().__init__(verify=trusted, trust_env=False)
        self._lane = _BoundedBackend(proxy, clock)
        self._pool = httpcore.ConnectionPool(trusted, keepalive_expiry=_IDLE_SECONDS, network_backend=self._lane)
        if proxy:
            self._pool = httpcore.SOCKSProxy(
                _AT_TOR,
                proxy_auth=(name, name),
                ssl_context=trusted,
                keepalive_expiry=_IDLE_SECONDS,
                network_backend=self._lane,
            )

    def close(self) -> None:
        """End every connection, and what waits on one in another thread."""
        self._lane.end()
        super().close()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Bound everything that this thread sends and receives in the block; what fails ends its connections."""
        with self._lane.within(seconds):
            yield


class _BoundedBackend(httpcore.NetworkBackend):
    """Leads every connection to `proxy`, wherever httpcore thinks it goes; without one, where it goes."""

    def __init__(self, proxy: TorAddress | None, clock: Callable[[], float]) -> None:
        self._proxy = proxy
        self._clock = clock
        self._backend = httpcore.SyncBackend()
        self._here = threading.local()
        self._streams = set[_Bounded]()
        self._is_over = False

    def end(self) -> None:
        """Let nobody wait any longer."""
        self._is_over = True
        for stream in tuple(self._streams):
            with suppress(OSError):
                stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        self._here.until, self._here.opened = self._clock() + seconds, list[_Bounded]()
        try:
            yield
        except BaseException:
            for stream in self._here.opened:
                stream.close()
            raise
        finally:
            del self._here.until, self._here.opened

    def left(self, timeout: float | None) -> float:
        """How long this thread may wait now, and not beyond `timeout`. Raises `httpcore.ReadTimeout`."""
        seconds: float = self._here.until - self._clock()
        if seconds <= 0 or self._is_over:
            raise httpcore.ReadTimeout
        return seconds if timeout is None else min(seconds, timeout)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        """See the interface."""
        stream = _Bounded(self._connected(host, port, self.left(timeout)), self)
        self._here.opened.append(stream)
        self._streams.add(stream)
        return stream

    def forget(self, stream: "_Bounded") -> None:
        """It is closed."""
        self._streams.discard(stream)

    def _connected(self, host: str, port: int, timeout: float) -> httpcore.NetworkStream:
        if self._proxy is None:
            return self._backend.connect_tcp(host, port, timeout)
        if self._proxy.path is None:
            return self._backend.connect_tcp(self._proxy.host, self._proxy.port, timeout)
        return self._backend.connect_unix_socket(str(self._proxy.path), timeout)


class _Bounded(httpcore.NetworkStream):
    """A connection on which nothing waits longer than `lane` has time left."""

    def __init__(self, stream: httpcore.NetworkStream, lane: _BoundedBackend) -> None:
        self._stream = stream
        self._lane = lane

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """See the interface."""
        return self._stream.read(max_bytes, self._lane.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """See the interface."""
        self._stream.write(buffer, self._lane.left(timeout))

    def close(self) -> None:
        """See the interface."""
        self._stream.close()
        self._lane.forget(self)

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """See the interface."""
        self._stream = self._stream.start_tls(ssl_context, server_hostname, self._lane.left(timeout))
        return self

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as the interface
        """See the interface."""
        return self._stream.get_extra_info(info)
