"""Reading of forms, within limits; a form that no browser would send is refused as a whole."""

import re
from typing import Final
from urllib.parse import parse_qsl

import anyio
from starlette.requests import ClientDisconnect, Request

from portal.domain.errors import FormError, FormTooLarge, FormTooSlow, FormWrongKind
from portal.domain.limits import BODY_KIB, BODY_READ_SECONDS, FORM_FIELDS

URLENCODED: Final = "application/x-www-form-urlencoded"
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
