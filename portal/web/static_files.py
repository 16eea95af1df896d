"""Public files, compressed and with their headers when the first reader asks for each, sent before any routing."""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Final, Protocol

from starlette.types import ASGIApp, Receive, Scope, Send

from portal.web.headers import ListenerHeaders, security_headers
from portal.web.padding import Head, RawHeaders, accepts_gzip, compress_public, head_of

INDEX: Final = "index.html"


class PublicFile(Protocol):
    """The bytes of a public file and their media type."""

    @property
    def content(self) -> bytes: ...
    @property
    def media_type(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Variant:
    """A file in one encoding: its ETag, its head, the head of a 304 answer, and its bytes."""

    etag: bytes
    head: Head
    head_unchanged: Head
    body: bytes


class StaticFile:
    """A public file with the `headers` of any answer, in two variants, each made once, when it is first asked for."""

    def __init__(self, file: PublicFile, headers: RawHeaders) -> None:
        self._file: Final = file
        self._headers: Final = headers

    @property
    def is_page(self) -> bool:
        """Return whether it is a page."""
        return self._file.media_type.startswith("text/html")

    @cached_property
    def plain(self) -> Variant:
        """Return the file as it is."""
        return _variant(self._file, self._file.content, [], self._headers)

    @cached_property
    def compressed(self) -> Variant:
        """Return the file compressed with gzip into a size class."""
        body = compress_public(self._file.content)
        return _variant(self._file, body, [(b"content-encoding", b"gzip")], self._headers)


@dataclass(frozen=True, slots=True)
class StaticSite:
    """The public files of an edition by their path in a request, `/fr/programme/`.

    `redirects` are relative links, `programme/`; `public_paths` are those of every public page, dynamic pages included;
    `security_headers` are those of any answer.
    """

    files: Mapping[str, StaticFile]
    redirects: Mapping[str, bytes]
    public_paths: frozenset[str]
    security_headers: RawHeaders


def build_site(
    files: Mapping[str, PublicFile], style_hashes: Iterable[str], is_dynamic: Callable[[str], bool]
) -> StaticSite:
    """Return the site of `files`, given by their paths in a folder (`fr/programme/index.html`).

    A dynamic page is there under the name of its file alone, for the mirrors.
    """
    headers = security_headers(*style_hashes)
    by_path = {f"/{path.removesuffix(INDEX) if _is_index(path) else path}": file for path, file in files.items()}
    for_mirrors = {f"/{path}": file for path, file in files.items() if is_dynamic(f"/{path.removesuffix(INDEX)}")}
    static = {path: file for path, file in by_path.items() if not is_dynamic(path)} | for_mirrors
    redirects = dict(redirect for path in files if _is_index(path) for redirect in _redirects_to(path))
    return StaticSite(
        files={path: StaticFile(file, headers) for path, file in static.items()},
        redirects={path: link for path, link in redirects.items() if path not in for_mirrors},
        public_paths=frozenset(path for path in by_path if path.endswith("/")),
        security_headers=headers,
    )


def add_files(pages: StaticSite, files: Mapping[str, PublicFile]) -> StaticSite:
    """Return `pages` with further `files` of its site, none of which is a page."""
    more = {f"/{path}": StaticFile(file, pages.security_headers) for path, file in files.items()}
    return replace(pages, files={**pages.files, **more})


class StaticFilesLayer:
    """ASGI layer that answers GET and HEAD of static files; other methods go to `not_allowed`, other paths to `app`."""

    def __init__(
        self, app: ASGIApp, listener_headers: ListenerHeaders, pages: Callable[[], StaticSite], not_allowed: ASGIApp
    ) -> None:
        self.app = app
        self.listener_headers = listener_headers
        self.pages = pages
        self.not_allowed = not_allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        pages, path = self.pages(), scope["path"]
        file = pages.files.get(path)
        if file is not None:
            if scope["method"] not in ("GET", "HEAD"):
                return await self.not_allowed(scope, receive, send)
            return await self._send(file, scope, send)
        link = pages.redirects.get(path)
        if link is not None and scope["method"] in ("GET", "HEAD"):
            query = scope["query_string"]
            location = b"%s?%s" % (link, query) if query else link
            headers = [(b"location", location), (b"content-length", b"0"), *pages.security_headers]
            return await _answer(send, 308, head_of(308, headers).padded(self.listener_headers.on_answer()), b"")
        return await self.app(scope, receive, send)

    async def _send(self, file: StaticFile, scope: Scope, send: Send) -> None:
        accepted, if_match, if_none_match = b"", [], []
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                accepted = value
            elif name == b"if-match":
                if_match.append(value)
            elif name == b"if-none-match":
                if_none_match.append(value)
        variant = file.compressed if accepts_gzip(accepted) else file.plain
        added = self.listener_headers.on_page(scope) if file.is_page else self.listener_headers.on_answer()
        if if_match and not matches(b",".join(if_match), variant.etag):
            headers = [(b"content-length", b"0"), *self.pages().security_headers]
            return await _answer(send, 412, head_of(412, headers).padded(self.listener_headers.on_answer()), b"")
        padded = Head.padded if scope["query_string"] else _padded_once  # what a visitor sent is not remembered
        if if_none_match and matches_weakly(b",".join(if_none_match), variant.etag):
            return await _answer(send, 304, padded(variant.head_unchanged, tuple(added)), b"")
        body = variant.body if scope["method"] == "GET" else b""
        return await _answer(send, 200, padded(variant.head, tuple(added)), body)


_padded_once: Final = lru_cache(maxsize=2_048)(Head.padded)


async def _answer(send: Send, status: int, headers: RawHeaders, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def matches(if_match: bytes, etag: bytes) -> bool:
    """Return whether If-Match (RFC 9110 §13.1.1), which precedes If-None-Match (§13.2.2), lists `etag` or is `*`."""
    return if_match.strip() == b"*" or etag in (tag.strip() for tag in if_match.split(b","))


def matches_weakly(if_none_match: bytes, etag: bytes) -> bool:
    """Return whether If-None-Match (RFC 9110 §13.1.2) lists `etag`, weak or not, or is `*`."""
    tags = (tag.strip().removeprefix(b"W/") for tag in if_none_match.split(b","))
    return if_none_match.strip() == b"*" or etag in tags


def _is_index(path: str) -> bool:
    return path.rpartition("/")[2] == INDEX


def _redirects_to(path: str) -> Iterator[tuple[str, bytes]]:
    """Yield the other paths of the page whose file is at `path`, each with the link from there to the page."""
    yield f"/{path}", b"./"
    folder = path.removesuffix(f"/{INDEX}")
    if folder != path:
        yield f"/{folder}", f"{folder.rpartition('/')[2]}/".encode("ascii")


def _variant(file: PublicFile, body: bytes, encoding: RawHeaders, headers: RawHeaders) -> Variant:
    """Return a variant, with 128 bits of the SHA-256 of the bytes on the wire as its ETag (RFC 9110 §8.8.3)."""
    etag = b'"%s"' % urlsafe_b64encode(sha256(body).digest()[:16]).rstrip(b"=")
    unchanged = [(b"etag", etag), (b"cache-control", b"no-cache"), (b"vary", b"accept-encoding"), *headers]
    described = [(b"content-type", file.media_type.encode("ascii")), (b"content-length", str(len(body)).encode())]
    return Variant(etag, head_of(200, [*described, *encoding, *unchanged]), head_of(304, unchanged), body)
