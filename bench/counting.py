"""A proxy on loopback that counts what passes between one who asks and the server behind it."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Final

_END_OF_HEAD: Final = b"\r\n\r\n"
_CHUNK_BYTES: Final = 65_536
_POLL_SECONDS: Final = 0.05


@dataclass
class Count:
    """Return the requests without a body at `url` so far, and the bytes of HTTP in both directions, heads included.

    `first` and `last` are the moments of the monotonic clock at which something passed, 0.0 before that.
    """

    url: str
    requests: int = 0
    byte_count: int = 0
    first: float = 0.0
    last: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def hear(self, part: bytes, requests: int = 0) -> None:
        """`part` passed, in which so many requests ended."""
        with self._lock:
            self.last = time.monotonic()
            self.first = self.first or self.last
            self.byte_count += len(part)
            self.requests += requests

    def wait_until_quiet(self, seconds: float) -> None:
        """Wait until something has passed, and then nothing for so many seconds."""
        while not self.last or time.monotonic() < self.last + seconds:
            time.sleep(_POLL_SECONDS)


@contextmanager
def counting(port: int) -> Iterator[Count]:
    """Count what passes to `port` of 127.0.0.1 by another port of it."""

    class Passage(BaseRequestHandler):
        request: socket.socket

        def handle(self) -> None:
            with socket.create_connection(("127.0.0.1", port)) as behind:
                answers = threading.Thread(target=_pass_on, args=(behind, self.request, count.hear))
                answers.start()
                _pass_on(self.request, behind, _RequestsHeard(count).hear)
                answers.join()

    with ThreadingTCPServer(("127.0.0.1", 0), Passage) as server:
        server.daemon_threads = True
        server.block_on_close = False
        count = Count(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": _POLL_SECONDS})
        thread.start()
        try:
            yield count
        finally:
            server.shutdown()
            thread.join()


class _RequestsHeard:
    """Hears one connection's requests, in whatever parts they come."""

    def __init__(self, count: Count) -> None:
        self._count = count
        self._tail = b""

    def hear(self, part: bytes) -> None:
        seen = self._tail + part
        self._tail = seen[-len(_END_OF_HEAD) + 1 :]
        self._count.hear(part, seen.count(_END_OF_HEAD))


def _pass_on(source: socket.socket, sink: socket.socket, hear: Callable[[bytes], object]) -> None:
    """Pass on what comes from `source` until it ends, or `sink` has."""
    with suppress(ConnectionError):
        while part := source.recv(_CHUNK_BYTES):
            hear(part)
            sink.sendall(part)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
