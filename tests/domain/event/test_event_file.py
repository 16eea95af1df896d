"""The event's file: what is read of it is the event it describes, and a store gets back what it kept."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.errors import EventFileError
from portal.domain.event.event import (
    Announcement,
    Collective,
    Colours,
    Day,
    Event,
    Place,
    Room,
    Session,
    SessionKind,
    Texts,
    Theme,
)
from portal.domain.event.event_file import event_from_mapping, event_to_mapping, lines_of, read_draft, read_event
from portal.domain.language import Text
from portal.site.catalogue import translated
from tests.factories.event_file import on_days
from tests.factories.events import SMALL, events

SMALL_EVENT = Event(
    id="small",
    name=Text("Petit", "Small"),
    lead=Text("Une journée"),
    admission=Text("Gratuite"),
    setting=Text("Seule"),
    language="fr",
    days=(Day(date(2026, 12, 15), time(11), time(17, 30)),),
    zone="Europe/Paris",
    retention_days=7,
    collective=Collective("collectif", Text("Un collectif.")),
    place=Place(Text("Ici"), "1 rue", "Paris"),
    colours=Colours("#a3241c", "#1d1a16", "#fbf8f1"),
    texts=Texts(Text("M"), Text("A"), Text("Acc"), Text("C"), Text()),
    themes=(Theme("libre", Text("Libre"), Text()),),
    rooms=(Room("salle-1", Text("Salle 1"), Text()), Room("salle-2", Text("Salle 2"), Text())),
    sessions=(
        Session("accueil", SessionKind.WELCOME, Text("Accueil"), Text(), time(11), time(11, 30)),
        Session(
            id="logiciel",
            kind=SessionKind.TALK,
            title=Text("Logiciel"),
            abstract=Text(),
            start=time(11, 30),
            end=time(12, 30),
            rooms=("salle-1",),
            themes=("libre",),
            speakers=("collectif",),
        ),
        Session("ag", SessionKind.ASSEMBLY, Text("AG"), Text(), time(15, 30), time(17, 30), rooms=("salle-2",)),
    ),
)


def test_file_is_read_as_the_event_it_describes() -> None:
    assert read_event(SMALL.encode(), "small.toml") == SMALL_EVENT


WAYS_OF_WRITING = {
    "with a byte order mark": ("[event]", "\ufeff[event]"),
    "with the line ends of another system": ("\n", "\r\n"),
    "with a day of TOML's own": ('day = "2026-12-15"', "day = 2026-12-15"),
    "with a time of TOML's own": ('start = "11:30"', "start = 11:30:00"),
    "with a text as an inline table": ('name.fr = "Petit"\nname.en = "Small"', 'name = {fr = "Petit", en = "Small"}'),
}


@pytest.mark.parametrize("change", WAYS_OF_WRITING.values(), ids=WAYS_OF_WRITING)
def test_file_may_be_written(change: tuple[str, str]) -> None:
    assert read_event(SMALL.replace(*change).encode(), "small.toml") == SMALL_EVENT


NEWS = """
[[announcements]]
id = "metro"
title.fr = "Grève du métro"
text.en = "Come by bike."
published = "2026-11-23T09:30Z"
important = true
"""

WAYS_OF_WRITING_A_MOMENT = {
    "as a text": '"2026-11-23T09:30Z"',
    "as TOML's own": "2026-11-23T09:30:00Z",
    "as TOML's own with another offset": "2026-11-23T10:30:00+01:00",
}


@pytest.mark.parametrize("moment", WAYS_OF_WRITING_A_MOMENT.values(), ids=WAYS_OF_WRITING_A_MOMENT)
def test_announcement_is_read(moment: str) -> None:
    published = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    read = read_event((SMALL + NEWS.replace('"2026-11-23T09:30Z"', moment)).encode(), "small.toml")
    news = Announcement("metro", Text("Grève du métro"), Text(en="Come by bike."), published, important=True)
    assert read == replace(SMALL_EVENT, announcements=(news,))


def test_mapping_of_an_announcement_has_the_shape_of_the_file() -> None:
    event = read_event((SMALL + NEWS).encode(), "small.toml")
    assert event_to_mapping(event)["announcements"] == [
        {
            "id": "metro",
            "title": {"fr": "Grève du métro", "en": ""},
            "text": {"fr": "", "en": "Come by bike."},
            "published": "2026-11-23T09:30Z",
            "important": True,
        }
    ]


@pytest.mark.slow
@given(events)
def test_event_comes_back_from_its_mapping(event: Event) -> None:
    mapping = event_to_mapping(event)
    assert event_from_mapping(mapping, "event.json") == event
    assert event_from_mapping(json.loads(json.dumps(mapping)), "event.json") == event


def test_mapping_has_the_shape_of_the_file() -> None:
    assert event_to_mapping(SMALL_EVENT)["sessions"] == [
        {
            "id": "accueil",
            "kind": "welcome",
            "title": {"fr": "Accueil", "en": ""},
            "abstract": {"fr": "", "en": ""},
            "start": "11:00",
            "end": "11:30",
            "speakers": [],
            "cancelled": False,
        },
        {
            "id": "logiciel",
            "kind": "talk",
            "title": {"fr": "Logiciel", "en": ""},
            "abstract": {"fr": "", "en": ""},
            "start": "11:30",
            "end": "12:30",
            "room": "salle-1",
            "theme": "libre",
            "speakers": ["collectif"],
            "cancelled": False,
        },
        {
            "id": "ag",
            "kind": "assembly",
            "title": {"fr": "AG", "en": ""},
            "abstract": {"fr": "", "en": ""},
            "start": "15:30",
            "end": "17:30",
            "room": "salle-2",
            "speakers": [],
            "cancelled": False,
        },
    ]


def test_draft_whose_programme_is_not_in_order_comes_back_all_the_same() -> None:
    first, *others = SMALL_EVENT.sessions
    draft = replace(SMALL_EVENT, sessions=(replace(first, rooms=("nowhere",), end=time(9)), *others, first))
    assert event_from_mapping(event_to_mapping(draft), "draft.json") == draft


anything: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)
NAMES = ("event", "collective", "place", "colours", "texts", "themes", "rooms", "sessions")


@given(st.dictionaries(st.sampled_from(NAMES), anything))
def test_mapping_of_any_shape_is_an_event_or_is_refused_in_words(odd: dict[str, object]) -> None:
    mapping = {**event_to_mapping(SMALL_EVENT), **odd}
    try:
        event = event_from_mapping(mapping, "odd.json")
    except EventFileError as error:
        lines = lines_of(error, partial(translated, "fr"))
        assert lines
        assert all(line.startswith("odd.json: ") for line in lines)
    else:
        assert event_from_mapping(event_to_mapping(event), "odd.json") == event


def test_edition_of_an_earlier_portal_that_keeps_registrations_for_no_day_comes_back() -> None:
    old = replace(SMALL_EVENT, retention_days=0)
    assert event_from_mapping(event_to_mapping(old), "programme.json") == old


@pytest.mark.parametrize("read", [read_event, read_draft])
def test_event_that_is_over_is_refused_where_the_time_is_told(
    read: Callable[[bytes, str, datetime | None], Event],
) -> None:
    over = datetime(2026, 12, 15, 16, 30, tzinfo=UTC)
    assert read(SMALL.encode(), "small.toml", over - timedelta(minutes=1)) == SMALL_EVENT
    assert read(SMALL.encode(), "small.toml", None) == SMALL_EVENT
    with pytest.raises(EventFileError) as caught:
        read(SMALL.encode(), "small.toml", over)
    assert lines_of(caught.value, partial(translated, "en")) == [
        "small.toml:9: event: day: this day is over; if it is the right one, add --past"
    ]


def test_event_of_several_days_is_over_after_the_last() -> None:
    content = on_days(("2026-12-14", "10:00", "18:00"), ("2026-12-15", "10:00", "02:00"))
    over = datetime(2026, 12, 16, 1, 0, tzinfo=UTC)
    assert len(read_event(content, "small.toml", over - timedelta(minutes=1)).days) == 2
    with pytest.raises(EventFileError) as caught:
        read_event(content, "small.toml", over)
    assert lines_of(caught.value, partial(translated, "en")) == [
        "small.toml:50: days[2]: date: this day is over; if it is the right one, add --past"
    ]
