"""HTTP transport to a source, directly or through the SOCKS port of a Tor, with a bound on the time of an exchange.

httpx bounds each wait and not their sum: a head that comes byte by byte, or interim responses without end (RFC 9110
§15.2), would last for ever. Nor can it reach a proxy at a Unix socket (RFC 1928, socks-extensions of Tor), and
httpcore, on which it rests, leaves the connection to the proxy open when Tor refuses; but it takes a network backend.
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
"""Tor looks up the names; the backend knows where Tor itself is."""
_IDLE_SECONDS: Final = 5.0
"""For how long a connection waits for the next request."""

SocketOption = Any
"""Type of httpcore's interface; none is given here."""


class BoundedTransport(httpx.HTTPTransport):
    """Connections to a source; through the SOCKS port of a Tor, `proxy`, if there is one.

    Tor gives another `name` another circuit (tor(1), IsolateSOCKSAuth). `clock` counts seconds.
    """

    def __init__(self, proxy: TorAddress | None, name: str, clock: Callable[[], float]) -> None:
        trusted = httpx.create_ssl_context(trust_env=False)
        super().__init__(verify=trusted, trust_env=False)
        self._backend = _BoundedBackend(proxy, clock)
        self._pool = httpcore.ConnectionPool(trusted, keepalive_expiry=_IDLE_SECONDS, network_backend=self._backend)
        if proxy:
            self._pool = httpcore.SOCKSProxy(
                _AT_TOR,
                proxy_auth=(name, name),
                ssl_context=trusted,
                keepalive_expiry=_IDLE_SECONDS,
                network_backend=self._backend,
            )

    def close(self) -> None:
        """Close every connection, and end the waits on them in other threads."""
        self._backend.close()
        super().close()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Bound everything that this thread sends and receives in the block; what fails ends its connections."""
        with self._backend.within(seconds):
            yield


class _BoundedBackend(httpcore.NetworkBackend):
    """Connects everything to `proxy`, wherever httpcore thinks it goes; without one, where it goes."""

    def __init__(self, proxy: TorAddress | None, clock: Callable[[], float]) -> None:
        self._proxy = proxy
        self._clock = clock
        self._sync = httpcore.SyncBackend()
        self._local = threading.local()
        self._streams = set[_BoundedStream]()
        self._is_closed = False

    def close(self) -> None:
        """End every wait, in all threads."""
        self._is_closed = True
        for stream in tuple(self._streams):
            with suppress(OSError):
                stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        self._local.until, self._local.opened = self._clock() + seconds, list[_BoundedStream]()
        try:
            yield
        except BaseException:
            for stream in self._local.opened:
                stream.close()
            raise
        finally:
            del self._local.until, self._local.opened

    def remaining(self, timeout: float | None) -> float:
        """Return how many seconds this thread may wait now, at most `timeout`. Raises `httpcore.ReadTimeout`."""
        seconds: float = self._local.until - self._clock()
        if seconds <= 0 or self._is_closed:
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
        stream = _BoundedStream(self._connect(host, port, self.remaining(timeout)), self)
        self._local.opened.append(stream)
        self._streams.add(stream)
        return stream

    def forget(self, stream: "_BoundedStream") -> None:
        """Drop a `stream` that was closed."""
        self._streams.discard(stream)

    def _connect(self, host: str, port: int, timeout: float) -> httpcore.NetworkStream:
        if self._proxy is None:
            return self._sync.connect_tcp(host, port, timeout)
        if self._proxy.path is None:
            return self._sync.connect_tcp(self._proxy.host, self._proxy.port, timeout)
        return self._sync.connect_unix_socket(str(self._proxy.path), timeout)


class _BoundedStream(httpcore.NetworkStream):
    """Connection on which nothing waits longer than the `backend` has time left."""

    def __init__(self, stream: httpcore.NetworkStream, backend: _BoundedBackend) -> None:
        self._stream = stream
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """See the interface."""
        return self._stream.read(max_bytes, self._backend.remaining(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """See the interface."""
        self._stream.write(buffer, self._backend.remaining(timeout))

    def close(self) -> None:
        """See the interface."""
        self._stream.close()
        self._backend.forget(self)

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """See the interface."""
        self._stream = self._stream.start_tls(ssl_context, server_hostname, self._backend.remaining(timeout))
        return self

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as the interface
        """See the interface."""
        return self._stream.get_extra_info(info)
