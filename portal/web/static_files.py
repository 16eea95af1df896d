"""Public files made ready to be sent: looked up by path before any routing, with nothing left to compute."""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import Final, Protocol

from starlette.types import ASGIApp, Receive, Scope, Send

from portal.web.headers import ListenerHeaders, protective_headers
from portal.web.padding import Head, RawHeaders, head_of, packed, takes_gzip

INDEX: Final = "index.html"


class PublicFile(Protocol):
    """The bytes of a public file and their media type."""

    @property
    def content(self) -> bytes: ...
    @property
    def media_type(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Variant:
    """A file in one encoding: what is sent with it, what is sent when the reader has it already, and its bytes."""

    etag: bytes
    head: Head
    head_unchanged: Head
    body: bytes


@dataclass(frozen=True, slots=True)
class ReadyFile:
    """A file as it is, and packed with gzip in a size class."""

    is_page: bool
    plain: Variant
    packed: Variant


@dataclass(frozen=True, slots=True)
class ReadyPages:
    """An edition ready to be sent. Paths are as in a request, `/fr/programme/`.

    `files` are sent as they are; `ways` lead on by a relative link, `programme/`; `public` are the paths of every
    public page, those too that the route table answers; `protective` are the headers of any answer.
    """

    files: Mapping[str, ReadyFile]
    ways: Mapping[str, bytes]
    public: frozenset[str]
    protective: RawHeaders


def ready_pages(
    files: Mapping[str, PublicFile], style_hashes: Iterable[str], is_dynamic: Callable[[str], bool]
) -> ReadyPages:
    """`files` by their paths in a folder (`fr/programme/index.html`) made ready.

    One whose page is dynamic is ready under the name of its file alone, for the copies.
    """
    protective = protective_headers(*style_hashes)
    by_path = {f"/{path.removesuffix(INDEX) if _is_index(path) else path}": file for path, file in files.items()}
    for_copies = {f"/{path}": file for path, file in files.items() if is_dynamic(f"/{path.removesuffix(INDEX)}")}
    ready = {path: file for path, file in by_path.items() if not is_dynamic(path)} | for_copies
    ways = dict(way for path in files if _is_index(path) for way in _ways_to(path))
    return ReadyPages(
        files={path: _ready(file, protective) for path, file in ready.items()},
        ways={path: way for path, way in ways.items() if path not in for_copies},
        public=frozenset(path for path in by_path if path.endswith("/")),
        protective=protective,
    )


def with_files(pages: ReadyPages, files: Mapping[str, PublicFile]) -> ReadyPages:
    """`pages` with further `files` of its site, none of which is a page."""
    more = {f"/{path}": _ready(file, pages.protective) for path, file in files.items()}
    return replace(pages, files={**pages.files, **more})


class ReadyLayer:
    """Pure ASGI: answers GET and HEAD for what is ready; gives other methods to `refused`, other paths to `app`."""

    def __init__(
        self, app: ASGIApp, listener_headers: ListenerHeaders, pages: Callable[[], ReadyPages], refused: ASGIApp
    ) -> None:
        self.app = app
        self.listener_headers = listener_headers
        self.pages = pages
        self.refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        pages, path = self.pages(), scope["path"]
        file = pages.files.get(path)
        if file is not None:
            if scope["method"] not in ("GET", "HEAD"):
                return await self.refused(scope, receive, send)
            return await self._send(file, scope, send)
        way = pages.ways.get(path)
        if way is not None and scope["method"] in ("GET", "HEAD"):
            query = scope["query_string"]
            location = b"%s?%s" % (way, query) if query else way
            headers = [(b"location", location), (b"content-length", b"0"), *pages.protective]
            return await _answer(send, 308, head_of(308, headers).padded(self.listener_headers.on_answer()), b"")
        return await self.app(scope, receive, send)

    async def _send(self, file: ReadyFile, scope: Scope, send: Send) -> None:
        accepted, wanted, known = b"", [], []
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                accepted = value
            elif name == b"if-match":
                wanted.append(value)
            elif name == b"if-none-match":
                known.append(value)
        variant = file.packed if takes_gzip(accepted) else file.plain
        added = self.listener_headers.on_page(scope) if file.is_page else self.listener_headers.on_answer()
        if wanted and not is_wanted(b",".join(wanted), variant.etag):
            headers = [(b"content-length", b"0"), *self.pages().protective]
            return await _answer(send, 412, head_of(412, headers).padded(self.listener_headers.on_answer()), b"")
        padded = Head.padded if scope["query_string"] else _padded_once  # what a visitor sent is not remembered
        if known and is_known(b",".join(known), variant.etag):
            return await _answer(send, 304, padded(variant.head_unchanged, tuple(added)), b"")
        body = variant.body if scope["method"] == "GET" else b""
        return await _answer(send, 200, padded(variant.head, tuple(added)), body)


_padded_once: Final = lru_cache(maxsize=2_048)(Head.padded)


async def _answer(send: Send, status: int, headers: RawHeaders, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def is_wanted(wanted: bytes, etag: bytes) -> bool:
    """Whether If-Match (RFC 9110 §13.1.1), which goes before If-None-Match (§13.2.2), names `etag` or any."""
    return wanted.strip() == b"*" or etag in (tag.strip() for tag in wanted.split(b","))


def is_known(known: bytes, etag: bytes) -> bool:
    """Whether If-None-Match (RFC 9110 §13.1.2) names `etag` or any."""
    return known.strip() == b"*" or etag in (tag.strip().removeprefix(b"W/") for tag in known.split(b","))


def _is_index(path: str) -> bool:
    return path.rpartition("/")[2] == INDEX


def _ways_to(path: str) -> Iterator[tuple[str, bytes]]:
    """Where else one may look for the page whose file is at `path`, and the link from there to it."""
    yield f"/{path}", b"./"
    folder = path.removesuffix(f"/{INDEX}")
    if folder != path:
        yield f"/{folder}", f"{folder.rpartition('/')[2]}/".encode("ascii")


def _ready(file: PublicFile, protective: RawHeaders) -> ReadyFile:
    return ReadyFile(
        is_page=file.media_type.startswith("text/html"),
        plain=_variant(file, file.content, [], protective),
        packed=_variant(file, packed(file.content), [(b"content-encoding", b"gzip")], protective),
    )


def _variant(file: PublicFile, body: bytes, encoding: RawHeaders, protective: RawHeaders) -> Variant:
    """The ETag is of the bytes as they are sent (RFC 9110 §8.8.3): 128 bits of their SHA-256."""
    etag = b'"%s"' % urlsafe_b64encode(sha256(body).digest()[:16]).rstrip(b"=")
    unchanged = [(b"etag", etag), (b"cache-control", b"no-cache"), (b"vary", b"accept-encoding"), *protective]
    described = [(b"content-type", file.media_type.encode("ascii")), (b"content-length", str(len(body)).encode())]
    return Variant(etag, head_of(200, [*described, *encoding, *unchanged]), head_of(304, unchanged), body)
