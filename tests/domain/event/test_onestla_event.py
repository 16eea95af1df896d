"""The sample is the announced conference, whole, and nothing that the announcement does not say."""

from datetime import date, time
from itertools import pairwise

import pytest

from portal.domain.event.contrast import contrast
from portal.domain.event.event import Day, SessionKind, Texts
from portal.domain.event.event_file import event_from_mapping, event_to_mapping, problems_of, read_event
from tests.checkout import ROOT

EVENT = read_event((ROOT / "events" / "onestla.toml").read_bytes(), "events/onestla.toml")
TALKS = [session for session in EVENT.sessions if session.kind == SessionKind.TALK]

ANNOUNCEMENT = (ROOT / "tests" / "fixtures" / "onestla-announcement.txt").read_text(encoding="utf-8")


def texts_of(value: object, path: str = "") -> list[tuple[str, dict[str, str]]]:
    """Return every text of a mapping, with its path."""
    if isinstance(value, dict):
        if set(value) == {"fr", "en"}:
            return [(path, value)]
        return [found for key, item in value.items() for found in texts_of(item, f"{path}.{key}")]
    if isinstance(value, list):
        return [found for number, item in enumerate(value) for found in texts_of(item, f"{path}.{number}")]
    return []


def test_conference_is_the_announced_one() -> None:
    assert EVENT.days == (Day(date(2026, 12, 15), time(11), time(17, 30)),)
    assert (EVENT.zone, EVENT.language, EVENT.place.city) == ("Europe/Paris", "fr", "Paris")
    for words in (
        EVENT.lead["fr"],
        EVENT.collective.name,
        EVENT.place.name["fr"],
        EVENT.setting["fr"].removeprefix("En "),
    ):
        assert words in ANNOUNCEMENT
    assert "gratuite, ouverte à toutes et tous, et en français" in ANNOUNCEMENT
    assert EVENT.admission["fr"] == "Gratuite, ouverte à toutes et tous, en français"


def test_themes_are_the_announcements_own_words() -> None:
    announced = [line.removeprefix("- ") for line in ANNOUNCEMENT.splitlines() if line.startswith("- ")]
    assert [theme.description["fr"] for theme in EVENT.themes] == announced


def test_programme_has_no_problem() -> None:
    assert problems_of(EVENT) == ()


def test_event_comes_back_from_its_mapping() -> None:
    assert event_from_mapping(event_to_mapping(EVENT), "events/onestla.toml") == EVENT


def test_every_text_is_in_both_languages_and_they_differ_where_they_should() -> None:
    texts = texts_of(event_to_mapping(EVENT))
    assert len(texts) == 4 + 1 + 1 + 5 + 8 * 2 + 2 * 2 + 11 * 2
    assert [path for path, text in texts if not (text["fr"].strip() and text["en"].strip())] == []
    assert [path for path, text in texts if text["fr"] == text["en"]] == [".place.name"]


def test_there_is_one_talk_a_theme_and_a_welcome_a_break_and_the_assembly() -> None:
    assert sorted(theme for talk in TALKS for theme in talk.themes) == sorted(theme.id for theme in EVENT.themes)
    others = [session.kind for session in EVENT.sessions if session.kind != SessionKind.TALK]
    assert others == [SessionKind.WELCOME, SessionKind.BREAK, SessionKind.ASSEMBLY]
    assert len(EVENT.sessions) == 11


def test_day_goes_from_the_welcome_to_the_assembly_that_closes_it() -> None:
    first, last = EVENT.sessions[0], EVENT.sessions[-1]
    assert (first.kind, first.start) == (SessionKind.WELCOME, EVENT.days[0].start)
    assert (last.kind, last.start, last.end) == (SessionKind.ASSEMBLY, time(15, 40), EVENT.days[0].end)
    starts = [session.start for session in EVENT.sessions]
    assert starts == sorted(starts)


def test_there_is_time_to_change_rooms_between_two_talks() -> None:
    def minutes(moment: time) -> int:
        return moment.hour * 60 + moment.minute

    slots = sorted({(talk.start, talk.end) for talk in TALKS})
    assert [minutes(end) - minutes(start) for start, end in slots] == [40, 40, 40, 40]
    assert [minutes(after[0]) - minutes(before[1]) for before, after in pairwise(slots)] == [10, 60, 10]


def test_rooms_are_at_most_three_and_every_talk_has_one() -> None:
    assert len(EVENT.rooms) <= 3
    assert {room for talk in TALKS for room in talk.rooms} == {room.id for room in EVENT.rooms}


def test_nobody_is_named_but_the_collective() -> None:
    assert {speaker for session in EVENT.sessions for speaker in session.speakers} == {"collectif onestla.tech"}
    assert all(talk.speakers for talk in TALKS)


def test_colours_are_legible() -> None:
    colours = EVENT.colours
    assert contrast(colours.accent, colours.paper) >= 4.5
    assert contrast(colours.ink, colours.paper) >= 7


@pytest.mark.parametrize("name", Texts.__dataclass_fields__)
def test_long_text_names_no_address_to_write_or_call(name: str) -> None:
    text = getattr(EVENT.texts, name)
    assert "@" not in text["fr"] + text["en"]
    assert "http" not in text["fr"] + text["en"]
