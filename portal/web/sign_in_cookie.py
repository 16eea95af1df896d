"""The only cookie of the portal: it holds the random id of an organiser's sign-in, and nothing else."""

import random
import re
from hashlib import sha256
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.web.listeners import listener_of

COOKIE: Final = "sign_in"
HTTPS_COOKIE: Final = f"__Host-{COOKIE}"
"""A browser takes a cookie of this name from this very host alone, by https (RFC 6265bis §4.1.3.2)."""
ID_BYTES: Final = 32
_ID: Final = re.compile(r"[0-9a-f]{64}")


def new_id(rng: random.SystemRandom) -> str:
    """Return a random id of ID_BYTES for the browser, in hexadecimal."""
    return rng.randbytes(ID_BYTES).hex()


def stored_id(id: str) -> str:
    """Return the SHA-256 of the browser's `id` in hexadecimal, under which the store keeps the sign-in."""
    return sha256(id.encode()).hexdigest()


def stored_id_of(request: Request) -> str | None:
    """Return the stored id of the sign-in whose cookie the browser sent, None without a well-formed cookie."""
    id = _id_of(request)
    return stored_id(id) if id else None


def secret_of(request: Request) -> bytes | None:
    """Return the random bytes of the id in the browser's cookie, which unwrap the keys that are wrapped for it."""
    id = _id_of(request)
    return secret_in(id) if id else None


def secret_in(id: str) -> bytes:
    """Return the random bytes of an `id` for the browser."""
    return bytes.fromhex(id)


def set_sign_in_cookie(request: Request, response: Response, id: str) -> None:
    """Set the cookie to `id` until the browser is closed, for this host alone, out of reach of scripts and other sites.

    It is Secure over https alone: an onion has no https, its address itself is the key.
    """
    _write(request, response, id, None)


def delete_sign_in_cookie(request: Request, response: Response) -> None:
    """Delete the cookie."""
    _write(request, response, "", 0)


def _id_of(request: Request) -> str | None:
    id = request.cookies.get(_name(request), "")
    return id if _ID.fullmatch(id) else None


def _write(request: Request, response: Response, value: str, seconds: int | None) -> None:
    name, secure = _name(request), listener_of(request.scope).is_https
    written = {name: (value, seconds)}
    if COOKIE in request.cookies:  # over https, of a version that had no other name: it is deleted
        written.setdefault(COOKIE, ("", 0))
    for cookie, (content, age) in written.items():
        response.set_cookie(cookie, content, max_age=age, secure=secure, httponly=True, samesite="strict")


def _name(request: Request) -> str:
    return HTTPS_COOKIE if listener_of(request.scope).is_https else COOKIE
