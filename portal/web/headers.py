"""Security headers of every response, and HSTS and Onion-Location, which the clearnet listener alone sends."""

import re
from collections.abc import Callable, Iterable
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.web.listeners import Listener
from portal.web.padding import RawHeaders, accepts_gzip, compress_personal, head_of

HSTS: Final = (b"strict-transport-security", b"max-age=31536000")
CSP: Final = b"content-security-policy"
_STYLE: Final = re.compile(rb"style-src '(sha256-[A-Za-z0-9+/=]+)'")


def policy_of(*style_hashes: str) -> str:
    """Return the Content-Security-Policy (CSP 3) of a page that may use the styles `style_hashes` (`sha256-…`)."""
    styles = " ".join(f"'{style_hash}'" for style_hash in style_hashes)
    return (
        f"default-src 'none'; style-src {styles}; img-src 'self' data:; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


def style_of(files: Iterable[bytes]) -> str:
    """Return the style (`sha256-…`) of the policy that the pages among `files` declare, "" for none."""
    found = next((found for content in files if (found := _STYLE.search(content))), None)
    return found[1].decode("ascii") if found else ""


def security_headers(*style_hashes: str) -> RawHeaders:
    """Return the headers of every answer, with the `policy_of` the styles.

    With `Referrer-Policy: no-referrer` a browser would send `Origin: null` on our own forms.
    """
    return [
        (CSP, policy_of(*style_hashes).encode("ascii")),
        (b"referrer-policy", b"same-origin"),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),  # for browsers that know no frame-ancestors
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
    ]


class ListenerHeaders:
    """Headers that a `listener` adds: HSTS (RFC 6797) and Onion-Location, both over https alone.

    `onion` returns the address at which the onion service is known to be up, or None.
    """

    def __init__(self, listener: Listener, onion: Callable[[], str | None]) -> None:
        self._is_https = listener.name == "clearnet" and listener.is_https
        self._always: RawHeaders = [HSTS] if self._is_https else []
        self._onion = onion

    def on_answer(self) -> RawHeaders:
        """Return the headers for any answer."""
        return self._always

    def on_page(self, scope: Scope) -> RawHeaders:
        """Return the headers for a public page: to GET and HEAD, with the address of the same page on the onion."""
        if not self._is_https or scope["method"] not in ("GET", "HEAD") or (onion := self._onion()) is None:
            return self._always
        query: bytes = scope["query_string"]
        location = b"%s%s%s%s" % (onion.encode("ascii"), scope["raw_path"], b"?" if query else b"", query)
        return [*self._always, (b"onion-location", location)]


class SecurityHeadersLayer:
    """ASGI layer that adds to the answers of `app`, all personal, the security headers and those of the listener.

    `security_headers` returns the headers of the edition in force; an answer in the style of another edition brings
    its own policy, which replaces theirs. `is_public` tells public pages by their path.
    """

    def __init__(
        self,
        app: ASGIApp,
        listener_headers: ListenerHeaders,
        security_headers: Callable[[], RawHeaders],
        is_public: Callable[[str], bool],
    ) -> None:
        self.app = app
        self.listener_headers = listener_headers
        self.security_headers = security_headers
        self.is_public = is_public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message | None = None

        async def send_with_headers(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            if start is not None:
                own, message = _compressed(scope, start["headers"], message)
                head = head_of(start["status"], [*own, *self._security_headers(own)])
                added = self._added(scope, start["status"])
                await send({**start, "headers": head.padded(added)})
                start = None
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _security_headers(self, own: RawHeaders) -> RawHeaders:
        has_policy = any(name == CSP for name, _ in own)
        no_store = (b"cache-control", b"no-store")
        return [no_store, *(header for header in self.security_headers() if not (has_policy and header[0] == CSP))]

    def _added(self, scope: Scope, status: int) -> RawHeaders:
        is_page = status == 200 and self.is_public(scope["path"])
        return self.listener_headers.on_page(scope) if is_page else self.listener_headers.on_answer()


def _compressed(scope: Scope, headers: RawHeaders, message: Message) -> tuple[RawHeaders, Message]:
    """Return the headers of an answer and its body, compressed into a size class where the reader accepts gzip.

    A body that comes in several parts, because it is long, is passed on; so is one that is compressed already.
    """
    accepted = next((value for name, value in scope["headers"] if name == b"accept-encoding"), b"")
    body: bytes = message.get("body", b"")
    is_compressed = any(name == b"content-encoding" for name, _ in headers)
    if not body or is_compressed or message.get("more_body", False) or not accepts_gzip(accepted):
        return headers, message
    is_page = any(name == b"content-type" and value.startswith(b"text/html") for name, value in headers)
    sent = compress_personal(body, is_page=is_page)
    described = [(b"content-encoding", b"gzip"), (b"content-length", b"%d" % len(sent))]
    return [*(header for header in headers if header[0] != b"content-length"), *described], {**message, "body": sent}
