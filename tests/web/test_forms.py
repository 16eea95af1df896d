"""Forms as they come back: within limits, in strict UTF-8, with a token of ours, or refused."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.types import Message

from portal.domain.errors import (
    FormError,
    FormExpired,
    FormForeign,
    FormTooFast,
    FormTooLarge,
    FormTooSlow,
    FormWrongKind,
)
from portal.domain.limits import FORM_FIELDS
from portal.web import forms
from portal.web.forms import URLENCODED, Tokens, in_groups, read_form
from tests.factories.sample import ONION

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
    "more fields than any form has": (
        lambda: request_of(b"&".join(b"f%d=" % i for i in range(FORM_FIELDS + 1))),
        FormError,
    ),
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


KEY = bytes(range(32))
NOON = datetime(2026, 12, 15, 12, tzinfo=UTC)
TWO_SECONDS, TWO_HOURS = timedelta(seconds=2), timedelta(hours=2)


def at(moment: datetime, key: bytes = KEY) -> Tokens:
    return Tokens(key, lambda: moment)


TOKEN = at(NOON).issue("register", {"code": "K7Q2"})


@pytest.mark.parametrize("age", [TWO_SECONDS, timedelta(minutes=20), TWO_HOURS])
def test_token_opens_between_its_ages(age: timedelta) -> None:
    assert at(NOON + age).open("register", TOKEN, TWO_HOURS, TWO_SECONDS) == {"code": "K7Q2"}


TOKENS_REFUSED: dict[str, tuple[Callable[[], object], type[FormError]]] = {
    "sooner than a person can be": (
        lambda: at(NOON + timedelta(seconds=1.999)).open("register", TOKEN, TWO_HOURS, TWO_SECONDS),
        FormTooFast,
    ),
    "later than it lasts": (
        lambda: at(NOON + TWO_HOURS + timedelta(milliseconds=1)).open("register", TOKEN, TWO_HOURS),
        FormExpired,
    ),
    "after the clock went back": (
        lambda: at(NOON - timedelta(hours=1)).open("register", TOKEN, TWO_HOURS),
        FormExpired,
    ),
    "for another use": (lambda: at(NOON).open("cancel", TOKEN, TWO_HOURS), FormForeign),
    "of another portal": (lambda: at(NOON, bytes(32)).open("register", TOKEN, TWO_HOURS), FormForeign),
    "altered": (lambda: at(NOON).open("register", "A" + TOKEN[1:], TWO_HOURS), FormForeign),
    "cut short": (lambda: at(NOON).open("register", TOKEN[:-1], TWO_HOURS), FormForeign),
    "empty": (lambda: at(NOON).open("register", "", TWO_HOURS), FormForeign),
    "not of ASCII": (lambda: at(NOON).open("register", "été.été", TWO_HOURS), FormForeign),
}


@pytest.mark.parametrize(("opening", "error"), TOKENS_REFUSED.values(), ids=TOKENS_REFUSED.keys())
def test_token_is_refused(opening: Callable[[], object], error: type[FormError]) -> None:
    with pytest.raises(FormError) as caught:
        opening()
    assert caught.type is error


def test_token_of_any_age_shows_what_it_was_made_with() -> None:
    assert at(NOON + timedelta(days=3)).open_at_any_age("register", TOKEN) == {"code": "K7Q2"}
    with pytest.raises(FormForeign):
        at(NOON).open_at_any_age("cancel", TOKEN)


def test_token_outlives_a_restart() -> None:
    assert Tokens(KEY, lambda: NOON).open("register", TOKEN, TWO_HOURS) == {"code": "K7Q2"}


def test_token_fits_a_url_and_a_field() -> None:
    assert set(TOKEN) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


@given(payload=st.dictionaries(st.text(), st.text(), max_size=4))
def test_token_gives_back_what_it_was_made_with(payload: dict[str, str]) -> None:
    assert at(NOON).open("register", at(NOON).issue("register", payload), TWO_HOURS) == payload


@given(token=st.text())
def test_token_made_by_nobody_is_foreign(token: str) -> None:
    with pytest.raises(FormForeign):
        at(NOON).open("register", token, TWO_HOURS)


def test_token_too_old_to_use_still_tells_what_it_was_made_with() -> None:
    assert at(NOON + timedelta(days=30)).open_at_any_age("register", TOKEN) == {"code": "K7Q2"}


def test_token_for_another_use_tells_nothing_at_any_age() -> None:
    with pytest.raises(FormForeign):
        at(NOON).open_at_any_age("cancel", TOKEN)


def test_onion_is_spelled_in_groups() -> None:
    assert in_groups(ONION) == f"{' '.join(['a' * 8] * 7)} . onion"


def test_clearnet_is_spelled_with_its_port() -> None:
    assert in_groups("https://journee.event.example:8443") == "journee . event . example: 8443"


@given(st.from_regex(r"https?://[a-z0-9]{1,30}(\.[a-z0-9]{1,30}){1,3}", fullmatch=True))
def test_spelled_address_is_the_same_without_its_blanks_and_is_not_found_by_its_host(address: str) -> None:
    host = address.partition("://")[2]
    assert in_groups(address).replace(" ", "") == host
    assert host not in in_groups(address)
