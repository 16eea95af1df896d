"""Tokens of forms: their purpose, their age, and no alteration."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.errors import FormError, FormExpired, FormForeign, FormTooFast
from portal.web.tokens import Tokens

KEY = bytes(range(32))
NOON = datetime(2026, 12, 15, 12, tzinfo=UTC)
TWO_SECONDS, TWO_HOURS = timedelta(seconds=2), timedelta(hours=2)


def at(moment: datetime, key: bytes = KEY) -> Tokens:
    return Tokens(key, lambda: moment)


TOKEN = at(NOON).issue("register", {"code": "K7Q2"})


@pytest.mark.parametrize("age", [TWO_SECONDS, timedelta(minutes=20), TWO_HOURS])
def test_token_opens_between_its_ages(age: timedelta) -> None:
    assert at(NOON + age).open("register", TOKEN, TWO_HOURS, TWO_SECONDS) == {"code": "K7Q2"}


REFUSED: dict[str, tuple[Callable[[], object], type[FormError]]] = {
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


@pytest.mark.parametrize(("opening", "error"), REFUSED.values(), ids=REFUSED.keys())
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
