"""Days and times in words."""

from datetime import UTC, date, datetime, time

import pytest

from portal.domain.language import Language
from portal.domain.times import clock_time
from portal.site.times import day_in_words, in_zone
from tests.factories.sample import EVENT


@pytest.mark.parametrize(
    ("language", "moment", "words"),
    [
        ("fr", time(11), "11\xa0h"),
        ("fr", time(9, 5), "9\xa0h\xa005"),
        ("en", time(11), "11:00"),
        ("en", time(9, 5), "09:05"),
    ],
)
def test_clock_time_is_written_as_the_language_does(language: Language, moment: time, words: str) -> None:
    assert clock_time(moment, language) == words


def test_day_in_words_is_written_as_the_language_does() -> None:
    assert day_in_words(date(2026, 12, 15), "fr") == "mardi 15 décembre 2026"
    assert day_in_words(date(2026, 12, 15), "en") == "Tuesday 15 December 2026"


def test_first_day_of_a_month_is_an_ordinal_in_french_alone() -> None:
    assert day_in_words(date(2026, 12, 1), "fr") == "mardi 1er décembre 2026"
    assert day_in_words(date(2026, 12, 1), "en") == "Tuesday 1 December 2026"
    assert day_in_words(date(2026, 12, 11), "fr") == "vendredi 11 décembre 2026"


def test_in_zone_moves_a_moment_to_the_clocks_of_the_event() -> None:
    assert in_zone(EVENT, datetime(2026, 7, 1, 23, tzinfo=UTC)).isoformat() == "2026-07-02T01:00:00+02:00"
