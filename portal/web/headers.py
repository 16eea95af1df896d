"""The headers that protect a reader, the same on every answer, and the two that belong to the clearnet door alone."""

import re
from collections.abc import Callable, Iterable
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.web.listeners import Listener
from portal.web.padding import RawHeaders, head_of, packed_personal, takes_gzip

HSTS: Final = (b"strict-transport-security", b"max-age=31536000")


CSP: Final = b"content-security-policy"
_STYLE: Final = re.compile(rb"style-src '(sha256-[A-Za-z0-9+/=]+)'")


def policy_of(*style_hashes: str) -> str:
    """The Content-Security-Policy (CSP 3) of a page; `style_hashes` (`sha256-…`) are the styles that it may use."""
    styles = " ".join(f"'{style_hash}'" for style_hash in style_hashes)
    return (
        f"default-src 'none'; style-src {styles}; img-src 'self' data:; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


def style_of(files: Iterable[bytes]) -> str:
    """The style (`sha256-…`) that the pages among `files` may use, by what they say themselves; "" for none."""
    found = next((found for content in files if (found := _STYLE.search(content))), None)
    return found[1].decode("ascii") if found else ""


def protective_headers(*style_hashes: str) -> RawHeaders:
    """What every answer carries, with `policy_of` the styles.

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
    """What a `listener` adds: HSTS (RFC 6797) and Onion-Location, both only where people come by https.

    `onion` gives the address at which the onion service is known to be up, or None.
    """

    def __init__(self, listener: Listener, onion: Callable[[], str | None]) -> None:
        self._is_https = listener.name == "clearnet" and listener.is_https
        self._standing: RawHeaders = [HSTS] if self._is_https else []
        self._onion = onion

    def on_answer(self) -> RawHeaders:
        """On any answer."""
        return self._standing

    def on_page(self, scope: Scope) -> RawHeaders:
        """On a public page: the same page on the onion too, when it was asked for by GET or HEAD."""
        if not self._is_https or scope["method"] not in ("GET", "HEAD") or (onion := self._onion()) is None:
            return self._standing
        query: bytes = scope["query_string"]
        location = b"%s%s%s%s" % (onion.encode("ascii"), scope["raw_path"], b"?" if query else b"", query)
        return [*self._standing, (b"onion-location", location)]


class ProtectedAnswers:
    """Pure ASGI: adds to the answers of `app`, all made for one person, the protective headers and the door's own.

    `protective` gives the headers of the edition in force; an answer that looks like another one brings the policy of
    that one, which then stands alone. `is_public` tells the pages that are public ones by path.
    """

    def __init__(
        self,
        app: ASGIApp,
        listener_headers: ListenerHeaders,
        protective: Callable[[], RawHeaders],
        is_public: Callable[[str], bool],
    ) -> None:
        self.app = app
        self.listener_headers = listener_headers
        self.protective = protective
        self.is_public = is_public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message | None = None

        async def send_protected(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            if start is not None:
                own, message = _packed(scope, start["headers"], message)
                head = head_of(start["status"], [*own, *self._protective(own)])
                added = self._added(scope, start["status"])
                await send({**start, "headers": head.padded(added)})
                start = None
            await send(message)

        await self.app(scope, receive, send_protected)

    def _protective(self, own: RawHeaders) -> RawHeaders:
        has_policy = any(name == CSP for name, _ in own)
        no_store = (b"cache-control", b"no-store")
        return [no_store, *(one for one in self.protective() if not (has_policy and one[0] == CSP))]

    def _added(self, scope: Scope, status: int) -> RawHeaders:
        is_page = status == 200 and self.is_public(scope["path"])
        return self.listener_headers.on_page(scope) if is_page else self.listener_headers.on_answer()


def _packed(scope: Scope, headers: RawHeaders, message: Message) -> tuple[RawHeaders, Message]:
    """The headers of an answer and its body, in a size class for a reader who takes gzip.

    What comes in parts, because it is long, goes out as it comes.
    """
    accepted = next((value for name, value in scope["headers"] if name == b"accept-encoding"), b"")
    body: bytes = message.get("body", b"")
    if not body or message.get("more_body", False) or not takes_gzip(accepted):
        return headers, message
    is_page = any(name == b"content-type" and value.startswith(b"text/html") for name, value in headers)
    sent = packed_personal(body, is_page=is_page)
    described = [(b"content-encoding", b"gzip"), (b"content-length", b"%d" % len(sent))]
    return [*(one for one in headers if one[0] != b"content-length"), *described], {**message, "body": sent}
