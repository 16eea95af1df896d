"""Sources for the tests: one in memory that implements the fetcher's interface, and one on loopback that misbehaves."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from tuf.api.exceptions import DownloadError, DownloadHTTPError
from tuf.ngclient import FetcherInterface

from portal.mirror.client.fetching import HttpFetcher, Source
from portal.mirror.client.metadata import INDEX

BASE: Final = "https://source.example/"


def file_at(files: Mapping[str, bytes], path: str) -> bytes | None:
    """Return what a static server has of `files` at `path`: a page also under its folder."""
    return files.get(f"{path}{INDEX}" if path.endswith("/") or not path else path)


def put(files: Mapping[str, bytes], folder: Path) -> Path:
    """Write `files` to `folder`, as a static server has them."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


@dataclass
class Simulator(FetcherInterface):
    """Serves `files` as a static server does.

    `requests` has every path that was requested. After `breaks_after` files it is gone.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    breaks_after: int | None = None

    @property
    def source(self) -> Source:
        """Return this simulator as a source."""
        return Source(BASE, BASE, self)

    def _fetch(self, url: str) -> Iterator[bytes]:
        path = url.removeprefix(BASE)
        self.requests.append(path)
        if self.breaks_after is not None and len(self.requests) > self.breaks_after:
            raise DownloadError("gone")
        content = file_at(self.files, path)
        if content is None:
            raise DownloadHTTPError("no such file", 404)
        yield content[: len(content) // 2]
        yield content[len(content) // 2 :]


class Moving(Simulator):
    """Source that takes the files `after` once its timestamp was requested."""

    def __init__(self, files: dict[str, bytes], after: dict[str, bytes]) -> None:
        super().__init__(files)
        self.after = after

    def download_bytes(self, url: str, max_length: int) -> bytes:
        """See the interface."""
        content = super().download_bytes(url, max_length)
        if url.endswith("timestamp.json"):
            self.files = self.after
        return content


Answering = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def answering(files: Mapping[str, bytes]) -> Answering:
    """Return a web server of `files`, for `asyncio.start_unix_server`: one request a connection, as HTTP 1.0 has it."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode().removeprefix("/")
        content = file_at(files, path)
        status, body = (b"200 OK", content) if content is not None else (b"404 Not Found", b"")
        writer.write(b"HTTP/1.0 %s\r\ncontent-length: %d\r\n\r\n%s" % (status, len(body), body))
        writer.close()

    return answer


class Silent(BaseHTTPRequestHandler):
    """Keeps no log."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def on_loopback(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Run a web server of which `handler` answers each request; yield its address, with a slash at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


Misbehaviour = Callable[[BaseHTTPRequestHandler, bytes], None]
"""Answers a request for a public file, which would have been the bytes, in its own way."""


@contextmanager
def misbehaving(
    files: Mapping[str, bytes], misbehave: Misbehaviour, seconds: float, *, when: str = ""
) -> Iterator[Source]:
    """Run a web server on loopback that serves `files`, but what begins with `when` as `misbehave` does.

    A file may take so many `seconds`.
    """

    class Handler(Silent):
        def do_GET(self) -> None:
            path = self.path.removeprefix("/")
            content = file_at(files, path)
            if content is None:
                self.send_error(404)
            elif path.startswith(when) and not (when == "" and path.startswith("tuf/")):
                misbehave(self, content)
            else:
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

    with on_loopback(Handler) as base, closing(HttpFetcher(base, seconds=seconds, idle=seconds)) as fetcher:
        yield Source(base, base, fetcher)
