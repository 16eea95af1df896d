"""Listeners: the sockets at which the portal answers, with their hosts, and the origins of the forms that they take."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.domain.errors import FormForeign

ListenerName = Literal["clearnet", "onion", "local", "organisers"]
THROUGH_TOR: Final[frozenset[ListenerName]] = frozenset({"onion", "organisers"})
LOCAL_HOST: Final = "127.0.0.1"
LOOPBACK: Final = frozenset({LOCAL_HOST, "localhost", "[::1]"})
_SCOPE_KEY: Final = "portal.listener"
_AUTHORITY: Final = re.compile(r"([\w.~!$&'()*+,;=%-]+?|\[[0-9A-Fa-f:.]+\])\.?(?::[0-9]*)?", re.ASCII)
_FINAL_DOT: Final = re.compile(r"(?<=[A-Za-z0-9])\.(?=(?::[0-9]+)?$)")
_UNRESERVED: Final = re.compile(rb"%(2[DdEe]|3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa]|5[Ff]|7[Ee])")
"""The escapes of letters, digits, `-`, `.`, `_` and `~` (RFC 3986 §2.3)."""


@dataclass(frozen=True, slots=True)
class Listener:
    """A socket at which the portal answers.

    `address` returns its public address, `https://…` or `http://….onion` without a trailing slash, None as long as that
    is not known. `hosts` are further names, in lower case and without a port, that it answers to. Without
    `shows_organisers`, the organisers' pages are not found there.
    """

    name: ListenerName
    address: Callable[[], str | None]
    hosts: frozenset[str] = frozenset()
    shows_organisers: bool = True

    @property
    def is_https(self) -> bool:
        """Return whether the public address is an https address."""
        return (self.address() or "").startswith("https://")

    def accepts_host(self, authority: str) -> bool:
        """Return whether a request with the Host `authority`, with or without a port (RFC 9110 §7.2), is for it."""
        host = host_of(authority)
        return host != "" and (host in self.hosts or host == host_of(_origin_of(self.address()).partition("://")[2]))

    def accepts_origin(self, origin: str, authority: str) -> bool:
        """Return whether a form sent to the Host `authority` may come from a page of `origin` (RFC 6454 §7).

        At the public address the scheme must match; at a further host both http and https may be.
        """
        own, origin, authority = _origin_of(self.address()), _without_dot(origin), _without_dot(authority)
        if own.endswith(f"://{authority}") or origin == own:
            return origin == own
        return origin in (f"http://{authority}", f"https://{authority}")


def clearnet_listener(public_url: str, hosts: Iterable[str] = (), *, shows_organisers: bool = True) -> Listener:
    """Return the listener of the open web, for the host of `public_url`, `hosts` and loopback."""
    names = LOOPBACK | {host.lower() for host in hosts}
    return Listener("clearnet", lambda: public_url or None, names, shows_organisers)


def onion_listener(address: Callable[[], str | None], *, shows_organisers: bool = True) -> Listener:
    """Return the listener behind the onion service, for the onion's own address alone."""
    return Listener("onion", address, shows_organisers=shows_organisers)


def local_listener() -> Listener:
    """Return the organisers' own listener on this machine, for loopback; no proxy leads to it."""
    return Listener("local", lambda: None, LOOPBACK)


def organisers_listener(address: Callable[[], str | None]) -> Listener:
    """Return the listener behind the organisers' own onion, which only the holders of a key find."""
    return Listener("organisers", address)


class ListenerLayer:
    """ASGI layer behind a socket: puts its `listener` into the scope, and hands other hosts to `misdirected`.

    A request without Host, with several, or with an invalid Host goes to `malformed` (RFC 9112 §3.2). Escapes of
    unreserved characters in a path are decoded (RFC 3986 §6.2.2.2), others are not: no path of ours needs them, and a
    link relative to such a path must keep them.
    """

    def __init__(self, app: ASGIApp, listener: Listener, misdirected: ASGIApp, malformed: ASGIApp) -> None:
        self.app = app
        self.listener = listener
        self.misdirected = misdirected
        self.malformed = malformed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[_SCOPE_KEY] = self.listener
        scope["path"] = _UNRESERVED.sub(_unescaped, scope["raw_path"]).decode("latin-1")
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1 or not host_of(hosts[0]):
            return await self.malformed(scope, receive, send)
        return await (self.app if self.listener.accepts_host(hosts[0]) else self.misdirected)(scope, receive, send)


class ProofLayer:
    """ASGI layer that answers the requests by which the portal proves, through Tor, that its onion is reached.

    `answer` returns the body for a path, None for any path that the portal does not expect, which is left to `app`.
    """

    def __init__(self, app: ASGIApp, answer: Callable[[str], str | None]) -> None:
        self.app = app
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = self.answer(scope["path"]) if scope["method"] == "GET" else None
        response = self.app if body is None else Response(body, headers={"content-type": "text/plain"})
        await response(scope, receive, send)


def listener_of(scope: Scope) -> Listener:
    """Return the listener at which a request came in."""
    listener: Listener = scope[_SCOPE_KEY]
    return listener


def address_of(request: Request) -> str:
    """Return the public address of a request's listener, else that of its Host; without a trailing slash."""
    return listener_of(request.scope).address() or f"http://{request.headers['host']}"


def check_origin(request: Request) -> None:
    """Raise `FormForeign` when a form comes from a page of another site.

    Without Origin, or with `null`, the token of the form decides; Referer is never read.
    """
    origin = request.headers.get("origin", "null").lower()
    if origin != "null" and not listener_of(request.scope).accepts_origin(origin, request.headers["host"].lower()):
        raise FormForeign


def host_of(authority: str) -> str:
    """Return the host of `host:port`, in lower case, without a final dot; "" where invalid (RFC 3986 §3.2.2)."""
    found = _AUTHORITY.fullmatch(authority)
    return found[1].lower() if found else ""


def _without_dot(authority: str) -> str:
    """Return an authority or an origin without the final dot of its host, which means the same (RFC 1034 §3.1)."""
    return _FINAL_DOT.sub("", authority)


def _unescaped(escape: re.Match[bytes]) -> bytes:
    return bytes.fromhex(escape[1].decode("ascii"))


@lru_cache(maxsize=8)
def _origin_of(address: str | None) -> str:
    """Return an address as in Origin: in lower case, without the default port of its scheme; "" for None."""
    parts = urlsplit((address or "").lower())
    own_port = {"http": ":80", "https": ":443", "": ""}[parts.scheme]
    return f"{parts.scheme}://{parts.netloc.removesuffix(own_port)}" if address else ""
