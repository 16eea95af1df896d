"""Times of sessions in words: over midnight, and in the night in which the clocks change."""

import re
from dataclasses import replace
from datetime import date, time
from typing import Final

import pytest

from portal.domain.event.event import Day, Event, Session
from portal.domain.language import Language
from portal.site.spans import session_start, session_times
from tests.factories.several_days import TWO_DAYS, talk

AUTUMN: Final = replace(TWO_DAYS, days=(Day(date(2027, 10, 30), time(20), time(5)),))
NEW_YEAR: Final = replace(TWO_DAYS, days=(Day(date(2026, 12, 31), time(20), time(5)),))


def plain(markup: str) -> str:
    return re.sub("<[^>]*>", "", markup).replace("\xa0", " ")


TIMES: Final[dict[str, tuple[Event, Session, Language, bool, str]]] = {
    "in the day": (TWO_DAYS, talk("a", "09:30", "11:00"), "fr", False, "9 h 30 – 11 h"),
    "in the day, in English": (TWO_DAYS, talk("a", "09:30", "11:00"), "en", False, "09:30 – 11:00"),
    "in the day, named": (TWO_DAYS, talk("a", "10:30", "11:00", day=2), "fr", True, "dim. 10 h 30 – 11 h"),
    "until midnight": (TWO_DAYS, talk("a", "22:00", "00:00"), "fr", False, "22 h – minuit"),
    "until midnight, in English": (TWO_DAYS, talk("a", "22:00", "00:00"), "en", False, "22:00 – midnight"),
    "over midnight": (TWO_DAYS, talk("a", "23:00", "01:00"), "fr", False, "23 h – dim. 1 h"),
    "after midnight": (TWO_DAYS, talk("a", "00:30", "01:00"), "en", False, "Sun 00:30 – 01:00"),
    "over New Year": (NEW_YEAR, talk("a", "23:00", "00:30"), "fr", False, "23 h – ven. 0 h 30"),
    "at a time that comes twice": (AUTUMN, talk("a", "02:30", "03:00"), "en", False, "Sun 02:30 (CEST) – 03:00"),
}


@pytest.mark.parametrize(("event", "session", "language", "named", "words"), TIMES.values(), ids=TIMES.keys())
def test_times_say_the_day_where_it_is_not_plain(
    event: Event, session: Session, language: Language, named: bool, words: str
) -> None:
    assert plain(session_times(event, language, session, named=named)) == words
    assert plain(session_start(event, language, session, named=named)) == words.partition(" – ")[0]


def test_times_are_readable_by_machines() -> None:
    assert session_times(TWO_DAYS, "en", talk("a", "23:00", "00:00")) == (
        '<span class="span"><time datetime="2027-06-12T23:00+02:00">23:00</time> – '
        '<time datetime="2027-06-13T00:00+02:00">midnight</time></span>'
    )
