"""Days and times in words."""

from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import available_timezones

import pytest

from portal.domain.language import Language
from portal.domain.times import clock_time
from portal.site.times import (
    day_in_words,
    days_in_words,
    in_zone,
    short_day_in_words,
    weekday_in_words,
    zone_in_words,
)
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


def test_days_of_an_event_are_written_in_short() -> None:
    first, last = date(2026, 12, 30), date(2027, 1, 2)
    spaces = str.maketrans({"\u2009": " ", "\u202f": " "})
    assert days_in_words(first, last, "fr").translate(spaces) == "mer. 30 déc. 2026 – sam. 2 janv. 2027"
    assert days_in_words(first, last, "en").translate(spaces) == "Wednesday 30 December 2026 – Saturday 2 January 2027"


@pytest.mark.parametrize(
    ("language", "words", "brief", "weekday"),
    [("fr", "samedi 12 juin", "sam. 12 juin", "sam."), ("en", "Saturday 12 June", "Sat 12 Jun", "Sat")],
)
def test_day_among_several_is_written_without_its_year(
    language: Language, words: str, brief: str, weekday: str
) -> None:
    day = date(2027, 6, 12)
    assert short_day_in_words(day, language) == words
    assert short_day_in_words(day, language, brief=True) == brief
    assert weekday_in_words(day, language) == weekday


ZONES: Final[dict[str, tuple[str, str, str]]] = {
    "a city": ("Europe/Paris", "heure de Paris", "Paris time"),
    "a city with a vowel before it": ("Europe/Athens", "heure d’Athènes", "Athens time"),
    "a city of several words": ("America/New_York", "heure de New York", "New York time"),
    "a city of a country with several zones": (
        "America/Argentina/Buenos_Aires",
        "heure de Buenos Aires",
        "Buenos Aires time",
    ),
    "a city that has another name now": ("Asia/Kolkata", "heure de Calcutta", "Kolkata time"),
    "the time of the world": ("UTC", "UTC", "UTC"),
    "the same by another name": ("Etc/UTC", "UTC", "UTC"),
    "a zone of no city": ("CET", "CET", "CET"),
    "an offset": ("Etc/GMT+5", "Etc/GMT+5", "Etc/GMT+5"),
    "a zone of a part of a country": ("US/Eastern", "US/Eastern", "US/Eastern"),
}


@pytest.mark.parametrize(("zone", "french", "english"), ZONES.values(), ids=ZONES.keys())
def test_zone_is_named_in_words(zone: str, french: str, english: str) -> None:
    assert (zone_in_words(zone, "fr"), zone_in_words(zone, "en")) == (french, english)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_zone_has_a_name(language: Language) -> None:
    names = {zone: zone_in_words(zone, language) for zone in available_timezones()}
    assert [zone for zone, name in names.items() if not name or "_" in name.replace(zone, "")] == []
