"""Forms as they come back: read within limits, with a signed token, and through no proxy that rewrites our pages.

A form that no browser would send is refused as a whole.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl

import anyio
from itsdangerous import BadData, URLSafeSerializer
from starlette.requests import ClientDisconnect, Request

from portal.domain.errors import (
    FormError,
    FormExpired,
    FormForeign,
    FormTooFast,
    FormTooLarge,
    FormTooSlow,
    FormWrongKind,
)
from portal.domain.input_errors import FormAltered
from portal.domain.limits import BODY_KIB, BODY_READ_SECONDS, FORM_FIELDS
from portal.web.listeners import listener_of

URLENCODED: Final = "application/x-www-form-urlencoded"
OWN_ADDRESS: Final = "own_address"
"""Hidden field of each form, with the address of its listener."""
_GROUP: Final = 8
_ISSUED: Final = "issued"
_PAYLOAD: Final = "payload"
_BROKEN_ESCAPE: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")


async def read_form(request: Request, max_kib: int = BODY_KIB) -> dict[str, str]:
    """Read the fields of a form by name, encoded as `application/x-www-form-urlencoded` (WHATWG URL §5).

    At most `max_kib` KiB are read, within BODY_READ_SECONDS, and at most FORM_FIELDS fields. Raises `FormWrongKind`,
    `FormTooLarge`, `FormTooSlow`, and `FormError` where the form is not strict UTF-8, contains a NUL or names a field
    twice.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != URLENCODED:
        raise FormWrongKind
    return _fields(await read_body(request, max_kib, BODY_READ_SECONDS))


async def read_body(request: Request, max_kib: int, seconds: float) -> bytes:
    """Read a body of at most `max_kib` KiB, within so many `seconds`.

    Raises `FormTooLarge`, `FormTooSlow`, and `FormError` for an invalid Content-Length.
    """
    try:
        with anyio.fail_after(seconds):
            return await _read_body(request, max_kib)
    except TimeoutError:
        raise FormTooSlow from None
    except ClientDisconnect:
        raise FormError from None


async def _read_body(request: Request, max_kib: int) -> bytes:
    max_bytes = max_kib * 1024
    announced = request.headers.get("content-length", "0")
    if not (announced.isascii() and announced.isdigit()):
        raise FormError
    if len(announced) > len(str(max_bytes)) or int(announced) > max_bytes:
        raise FormTooLarge(kib=max_kib)
    body = bytearray()
    async for chunk in request.stream():
        if len(body) + len(chunk) > max_bytes:
            raise FormTooLarge(kib=max_kib)
        body += chunk
    return bytes(body)


def _fields(body: bytes) -> dict[str, str]:
    if _BROKEN_ESCAPE.search(body):
        raise FormError
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(body),
            errors="strict",
            max_num_fields=FORM_FIELDS,
        )
    except ValueError:
        raise FormError from None
    fields = dict(pairs)
    if len(fields) != len(pairs) or any("\0" in text for pair in pairs for text in pair):
        raise FormError
    return fields


class Tokens:
    """Issuer and verifier of tokens with `key` (32 bytes), HMAC-SHA256; `clock` returns the present time in UTC.

    A token can be read by its holder, and cannot be altered. It outlives a restart.
    """

    def __init__(self, key: bytes, clock: Callable[[], datetime]) -> None:
        self._key = key
        self._clock = clock

    def issue(self, purpose: str, payload: Mapping[str, str]) -> str:
        """Return a token for `purpose` (the name of a form) that carries `payload`, in characters safe in a URL."""
        return self._serializer(purpose).dumps({_ISSUED: self._now(), _PAYLOAD: dict(payload)})

    def open(self, purpose: str, token: str, max_age: timedelta, min_age: timedelta = timedelta(0)) -> dict[str, str]:
        """Return the payload of a token issued for `purpose`, at least `min_age` and at most `max_age` ago.

        Raises `FormForeign` when it was not issued by this portal for this purpose, `FormExpired` when it is too old or
        the clock has gone back since, `FormTooFast` when it is too young.
        """
        content = self._content(purpose, token)
        age = timedelta(milliseconds=self._now() - content[_ISSUED])
        if age > max_age or age < timedelta(0):
            raise FormExpired
        if age < min_age:
            raise FormTooFast
        payload: dict[str, str] = content[_PAYLOAD]
        return payload

    def open_at_any_age(self, purpose: str, token: str) -> dict[str, str]:
        """Return the payload of a token issued for `purpose`, to show its form again. Raises `FormForeign`."""
        payload: dict[str, str] = self._content(purpose, token)[_PAYLOAD]
        return payload

    def _content(self, purpose: str, token: str) -> dict[str, Any]:
        try:
            content: dict[str, Any] = self._serializer(purpose).loads(token)
        except BadData:
            raise FormForeign from None
        return content

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        signer = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
        return URLSafeSerializer(self._key, salt=purpose, signer_kwargs=signer)

    def _now(self) -> int:
        """Return the milliseconds since 1970."""
        return round(self._clock().timestamp() * 1000)


def own_address(request: Request) -> str:
    """Return the value of OWN_ADDRESS in the forms of the listener of `request`, "" where that knows no address."""
    return listener_of(request.scope).address() or ""


def check_own_address(request: Request, form: Mapping[str, str]) -> None:
    """Raise `FormAltered` when our address came back as another address, or not at all. The Host is not read.

    A gateway to onions, or a clone of the site that passes forms on, replaces our address by its own throughout a page:
    then somebody stands between. A proxy that restores our address in the forms that it passes on is not detected.
    """
    own = own_address(request)
    if own and form.get(OWN_ADDRESS) != own:
        raise FormAltered(address=in_groups(own))


def in_groups(address: str) -> str:
    """Return the host of `address` in groups of letters, which no gateway recognises: `event . org`."""
    host = address.partition("://")[2]
    return " . ".join(
        " ".join(part[start : start + _GROUP] for start in range(0, len(part), _GROUP)) for part in host.split(".")
    )
