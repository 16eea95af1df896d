"""Doors: by which socket a request came in, the hosts that door answers to, and the forms it lets in."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal
from urllib.parse import urlsplit

from starlette.requests import Request
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
    """A socket by which people come in.

    `address` gives what they type to come to it, `https://…` or `http://….onion` without a trailing slash, or None
    as long as it is not known. `hosts` are further names, in lower case and without a port, that it answers to.
    Where it does not show the organisers' pages, nothing is there.
    """

    name: ListenerName
    address: Callable[[], str | None]
    hosts: frozenset[str] = frozenset()
    shows_organisers: bool = True

    @property
    def is_https(self) -> bool:
        """Whether people come to this door by https."""
        return (self.address() or "").startswith("https://")

    def answers_to(self, authority: str) -> bool:
        """Whether a request whose Host is `authority`, with or without a port (RFC 9110 §7.2), is for it."""
        host = host_of(authority)
        return host != "" and (host in self.hosts or host == host_of(_origin_of(self.address()).partition("://")[2]))

    def takes_forms_of(self, origin: str, authority: str) -> bool:
        """Whether a form sent to the Host `authority` may come from a page of `origin` (RFC 6454 §7).

        It may from the door's own address, whose scheme is known; from another of its hosts by http and https alike.
        """
        own, origin, authority = _origin_of(self.address()), _without_dot(origin), _without_dot(authority)
        if own.endswith(f"://{authority}") or origin == own:
            return origin == own
        return origin in (f"http://{authority}", f"https://{authority}")


def clearnet_listener(public_url: str, hosts: Iterable[str] = (), *, shows_organisers: bool = True) -> Listener:
    """The door to the open web: it answers to the host of `public_url`, to `hosts` and to loopback."""
    names = LOOPBACK | {host.lower() for host in hosts}
    return Listener("clearnet", lambda: public_url or None, names, shows_organisers)


def onion_listener(address: Callable[[], str | None], *, shows_organisers: bool = True) -> Listener:
    """The door behind the onion service: it answers to the onion's own address and nothing else."""
    return Listener("onion", address, shows_organisers=shows_organisers)


def local_listener() -> Listener:
    """The organisers' own door on this machine: it answers to loopback, and no proxy leads to it."""
    return Listener("local", lambda: None, LOOPBACK)


def organisers_listener(address: Callable[[], str | None]) -> Listener:
    """The door behind the organisers' own onion, which none but who has a key ever finds."""
    return Listener("organisers", address)


class ListenerLayer:
    """ASGI layer behind a socket: it tells `app` its `listener`, and hands requests for another host to `misdirected`.

    A request with no Host, with several, or with one that cannot be, is `malformed` (RFC 9112 §3.2). In a path the
    escapes of unreserved characters are those characters (RFC 3986 §6.2.2.2). No path of ours needs another escape:
    they are taken as they are written, so that a link relative to one leads where it says.
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
        return await (self.app if self.listener.answers_to(hosts[0]) else self.misdirected)(scope, receive, send)


def listener_of(scope: Scope) -> Listener:
    """The door by which a request came in."""
    listener: Listener = scope[_SCOPE_KEY]
    return listener


def address_of(request: Request) -> str:
    """The address, without a trailing slash, at which one comes to the door of a request: its own, or as was asked."""
    return listener_of(request.scope).address() or f"http://{request.headers['host']}"


def check_origin(request: Request) -> None:
    """Raise `FormForeign` when a form comes from a page of another site.

    A browser that says `null`, or nothing, is taken at the form's token; Referer is never looked at.
    """
    origin = request.headers.get("origin", "null").lower()
    if origin != "null" and not listener_of(request.scope).takes_forms_of(origin, request.headers["host"].lower()):
        raise FormForeign


def host_of(authority: str) -> str:
    """The host of `host:port`, in lower case, without a final dot; "" for what is none (RFC 3986 §3.2.2)."""
    found = _AUTHORITY.fullmatch(authority)
    return found[1].lower() if found else ""


def _without_dot(authority: str) -> str:
    """An authority, or an origin, whose host has no final dot: with it, it is the same (RFC 1034 §3.1)."""
    return _FINAL_DOT.sub("", authority)


def _unescaped(escape: re.Match[bytes]) -> bytes:
    return bytes.fromhex(escape[1].decode("ascii"))


@lru_cache(maxsize=8)
def _origin_of(address: str | None) -> str:
    """The address as a browser writes it in Origin: lower case, without the scheme's own port; "" for none."""
    parts = urlsplit((address or "").lower())
    own_port = {"http": ":80", "https": ":443", "": ""}[parts.scheme]
    return f"{parts.scheme}://{parts.netloc.removesuffix(own_port)}" if address else ""
