"""Forms as they are read: within limits, in strict UTF-8, or refused."""

from collections.abc import Callable
from urllib.parse import urlencode

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.types import Message

from portal.domain.errors import FormError, FormTooLarge, FormTooSlow, FormWrongKind
from portal.web import forms
from portal.web.forms import URLENCODED, read_form

pytestmark = pytest.mark.anyio


def request_of(*chunks: bytes, kind: str = URLENCODED, **headers: str) -> Request:
    """Return a POST whose body is `chunks`."""
    messages: list[Message] = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive() -> Message:
        return messages.pop(0)

    sent = {"content-type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}
    raw = [(name.encode(), value.encode()) for name, value in sent.items()]
    return Request({"type": "http", "method": "POST", "headers": raw}, receive)


TAKEN: dict[str, tuple[bytes, dict[str, str]]] = {
    "two fields": (b"a=1&b=2", {"a": "1", "b": "2"}),
    "nothing at all": (b"", {}),
    "an empty field": (b"a=", {"a": ""}),
    "blanks and letters beyond ASCII": (b"a=%C3%A9t%C3%A9+chaud", {"a": "été chaud"}),
    "several lines": (b"a=1%0D%0A2", {"a": "1\r\n2"}),
    "an equals sign in a value": (b"a=b=c", {"a": "b=c"}),
}


@pytest.mark.parametrize(("body", "fields"), TAKEN.values(), ids=TAKEN.keys())
async def test_form_is_taken(body: bytes, fields: dict[str, str]) -> None:
    assert await read_form(request_of(body)) == fields


async def test_form_in_pieces_is_taken() -> None:
    assert await read_form(request_of(b"a=1", b"2&b", b"=3")) == {"a": "12", "b": "3"}


async def test_form_that_names_its_charset_is_taken() -> None:
    assert await read_form(request_of(b"a=1", kind=f"{URLENCODED}; charset=UTF-8")) == {"a": "1"}


@given(fields=st.dictionaries(st.text(), st.text(), max_size=8))
def test_form_of_any_text_is_read_back(fields: dict[str, str]) -> None:
    has_nul = any("\0" in text for pair in fields.items() for text in pair)
    body = urlencode(fields).encode()
    if not has_nul:
        assert anyio.run(read_form, request_of(body)) == fields
        return
    with pytest.raises(FormError):
        anyio.run(read_form, request_of(body))


REFUSED: dict[str, tuple[Callable[[], Request], type[FormError]]] = {
    "a file upload": (lambda: request_of(b"", kind="multipart/form-data; boundary=x"), FormWrongKind),
    "no media type": (lambda: request_of(b"a=1", kind=""), FormWrongKind),
    "JSON": (lambda: request_of(b"{}", kind="application/json"), FormWrongKind),
    "announced too large": (lambda: request_of(content_length="16385"), FormTooLarge),
    "announced in a number without end": (lambda: request_of(content_length="9" * 5000), FormTooLarge),
    "larger than announced": (lambda: request_of(b"a=", b"b" * 16_383, content_length="3"), FormTooLarge),
    "announced in no number": (lambda: request_of(b"a=1", content_length="-1"), FormError),
    "a field twice": (lambda: request_of(b"a=1&a=2"), FormError),
    "more fields than any form has": (lambda: request_of(b"&".join(b"f%d=" % i for i in range(33))), FormError),
    "not UTF-8": (lambda: request_of(b"a=%FF"), FormError),
    "half a character": (lambda: request_of(b"a=%C3"), FormError),
    "a lone surrogate": (lambda: request_of(b"a=%ED%A0%80"), FormError),
    "bytes that are not escaped": (lambda: request_of("a=é".encode()), FormError),
    "a broken escape": (lambda: request_of(b"a=%zz"), FormError),
    "a NUL": (lambda: request_of(b"a=%00"), FormError),
    "a NUL in a name": (lambda: request_of(b"%00=a"), FormError),
    "a field without a value": (lambda: request_of(b"a"), FormError),
}


@pytest.mark.parametrize(("request_", "error"), REFUSED.values(), ids=REFUSED.keys())
async def test_form_is_refused(request_: Callable[[], Request], error: type[FormError]) -> None:
    with pytest.raises(FormError) as caught:
        await read_form(request_())
    assert caught.type is error


async def test_largest_form_is_taken() -> None:
    assert await read_form(request_of(b"a=" + b"b" * 16_382)) == {"a": "b" * 16_382}


async def test_form_that_dribbles_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "BODY_READ_SECONDS", 0.05)

    async def receive() -> Message:
        await anyio.sleep(0.01)
        return {"type": "http.request", "body": b"a", "more_body": True}

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", URLENCODED.encode())]}
    with pytest.raises(FormTooSlow):
        await read_form(Request(scope, receive))


async def test_form_whose_sender_leaves_is_refused() -> None:
    async def receive() -> Message:
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", URLENCODED.encode())]}
    with pytest.raises(FormError):
        await read_form(Request(scope, receive))
