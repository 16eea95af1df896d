"""Changes between two events: all of them, in sentences of either language."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from portal.domain.edition.changes import changes
from portal.domain.event.event import (
    Announcement,
    Day,
    Event,
    Link,
    Mirror,
    Room,
    Session,
    Speaker,
)
from portal.domain.event.event_file import event_from_mapping, event_to_mapping, read_event
from portal.domain.language import Language, Text
from portal.site.catalogue import translated
from tests.factories.events import SMALL
from tests.factories.sample import on_day

NEWS = Announcement("cantine", Text("Cantine", "Canteen"), Text("Vegan."), datetime(2026, 11, 23, 9, 30, tzinfo=UTC))
COPY = Mirror("lilas", "Les Lilas", "Une association", ("https://copie.example",))
OLD = replace(read_event(SMALL.encode(), "small.toml"), announcements=(NEWS,), mirrors=(COPY,))
WELCOME, TALK, ASSEMBLY = OLD.sessions


def lines(language: Language, old: Event, new: Event) -> list[str]:
    """Return the sentences that a person reads."""
    return [translated(language, change.text, change.details_in(language)) for change in changes(old, new)]


def with_talk(talk: Session) -> Event:
    """Return the small event with `talk` in place of its own."""
    return replace(OLD, sessions=(WELCOME, talk, ASSEMBLY))


CHANGED: dict[str, tuple[Event, list[str]]] = {
    "nothing": (OLD, []),
    "a name in both languages": (
        replace(OLD, name=Text("Grand", "Big")),
        ["The name of the event: “Small” becomes “Big”."],
    ),
    "a name in French alone": (
        replace(OLD, name=Text("Grand", "Small")),
        ["The name of the event, in French: “Petit” becomes “Grand”."],
    ),
    "a name in English alone": (
        replace(OLD, name=Text("Petit", "Big")),
        ["The name of the event, in English: “Small” becomes “Big”."],
    ),
    "a translation that was missing": (
        replace(OLD, lead=Text("Une journée", "A day")),
        ["The sentence under the name: the English text has changed."],
    ),
    "a translation taken away": (
        replace(OLD, name=Text("Petit")),
        ["The name of the event: the English text has changed."],
    ),
    "a name that is in one language alone": (
        replace(OLD, lead=Text("Deux journées")),
        ["The sentence under the name: “Une journée” becomes “Deux journées”."],
    ),
    "the day and the times": (
        on_day(date(2026, 12, 16), OLD, time(10), time(18)),
        [
            "The day: “Tue, 15 Dec 2026” becomes “Wed, 16 Dec 2026”.",
            "The opening time: “11:00” becomes “10:00”.",
            "The closing time: “17:30” becomes “18:00”.",
        ],
    ),
    "the language": (replace(OLD, language="en"), ["The language of the event: “French” becomes “English”."]),
    "a text": (
        replace(OLD, texts=replace(OLD.texts, conduct=Text("C’"))),
        ["The code of conduct: the text has changed."],
    ),
    "a text in English alone": (
        replace(OLD, texts=replace(OLD.texts, conduct=Text("C", "C"))),
        ["The code of conduct: the English text has changed."],
    ),
    "a theme renamed": (
        replace(OLD, themes=(replace(OLD.themes[0], name=Text("Communs")),)),
        ["“Libre” is now called “Communs”."],
    ),
    "a theme in place of another": (
        replace(OLD, themes=(replace(OLD.themes[0], id="communs", name=Text("Communs")),)),
        ["New theme: “Communs”.", "Theme removed: “Libre”."],
    ),
    "rooms added, described and in another order": (
        replace(
            OLD,
            rooms=(
                OLD.rooms[1],
                Room("salle-3", Text("Salle 3"), Text()),
                replace(OLD.rooms[0], description=Text("En haut", "Upstairs")),
            ),
        ),
        ["New room: “Salle 3”.", "“Salle 1” has another description.", "The rooms are in another order."],
    ),
    "a room taken out": (replace(OLD, rooms=OLD.rooms[:1]), ["Room removed: “Salle 2”."]),
    "an announcement": (
        replace(OLD, announcements=(NEWS, replace(NEWS, id="metro", title=Text("Grève", "Strike")))),
        ["Announcement: “Strike”."],
    ),
    "an announcement withdrawn": (replace(OLD, announcements=()), ["Announcement withdrawn: “Canteen”."]),
    "an announcement reworded": (
        replace(OLD, announcements=(replace(NEWS, title=Text("Repas", "Meal"), text=Text("Bio."), important=True),)),
        [
            "“Canteen” is now called “Meal”.",
            "“Meal” has another description.",
            "“Meal” is now important.",
        ],
    ),
    "an announcement that ends": (
        replace(OLD, announcements=(replace(NEWS, until=datetime(2026, 11, 24, 9, tzinfo=UTC)),)),
        ["“Canteen” has another end date."],
    ),
    "a copy in place of another": (
        replace(OLD, mirrors=(replace(COPY, id="autre", name="Une autre"),)),
        ["New copy: “Une autre”.", "Copy removed from the list: “Les Lilas”."],
    ),
    "a copy at another address": (
        replace(OLD, mirrors=(replace(COPY, addresses=("https://autre.example",)),)),
        ["The entry of the copy “Les Lilas” has changed."],
    ),
    "a room with a number of places and notes": (
        replace(OLD, rooms=(replace(OLD.rooms[0], capacity=40, access_notes=Text("Marches")), OLD.rooms[1])),
        ["“Salle 1”, number of places: not given → 40.", "“Salle 1” has other notes on access."],
    ),
    "a text about a speaker": (
        replace(OLD, speakers=(Speaker("ada", "Ada", Text("Code.")),)),
        ["New text about Ada."],
    ),
    "a second day": (
        replace(OLD, days=(*OLD.days, replace(OLD.days[0], date=date(2026, 12, 16)))),
        [
            "The days: “Tue, 15 Dec 2026, 11:00 – 17:30” becomes "
            "“Tue, 15 Dec 2026, 11:00 – 17:30 · Wed, 16 Dec 2026, 11:00 – 17:30”."
        ],
    ),
}


@pytest.mark.parametrize(("new", "sentences"), CHANGED.values(), ids=CHANGED)
def test_change_is_told_in_words(new: Event, sentences: list[str]) -> None:
    assert lines("en", OLD, new) == sentences


def test_change_is_told_in_the_readers_language() -> None:
    new = with_talk(replace(TALK, title=Text("Communs", "Commons"), start=time(11, 40), rooms=()))
    assert lines("fr", OLD, new) == [
        "«\u00a0Logiciel\u00a0» s’appelle désormais «\u00a0Communs\u00a0».",
        "«\u00a0Communs\u00a0» passe de 11\u00a0h\u00a030 – 12\u00a0h\u00a030 à 11\u00a0h\u00a040 – 12\u00a0h\u00a030.",
        "«\u00a0Communs\u00a0» change de salle\u00a0: Salle 1 → pas encore de salle.",
    ]


def leaves(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every value of a mapping that is not itself a table or a list of tables."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, item in enumerate(value):
            yield from leaves(item, (*path, number))
    else:
        yield path


OTHER_VALUES: dict[str, object] = {
    "day": 1,
    "start": "00:01",
    "end": "23:59",
    "zone": "UTC",
    "language": "en",
    "kind": "break",
    "retention_days": 8,
    "accent": "#000000",
    "ink": "#000000",
    "paper": "#ffffff",
    "speakers": ["quelqu’un d’autre"],
    "published": "2026-11-24T09:30Z",
    "important": True,
    "cancelled": True,
    "addresses": ["https://autre.example"],
    "date": "2026-12-31",
    "capacity": 41,
    "everywhere": True,
    "shares_room": False,
    "url": "https://autre.example",
    "tags": ["thé"],
}


FULL = replace(
    OLD,
    days=(*OLD.days, Day(date(2027, 1, 1), time(11), time(2))),
    rooms=(replace(OLD.rooms[0], capacity=40, access_notes=Text("Marches")), OLD.rooms[1]),
    sessions=(
        replace(
            WELCOME,
            day=2,
            subtitle=Text("Café"),
            description=Text("Du café."),
            language="de",
            everywhere=False,
            links=(Link("https://example.org", "Plan"),),
            tags=("café",),
        ),
        replace(TALK, shares_room=True),
        ASSEMBLY,
    ),
    speakers=(Speaker("ada", "Ada", Text("Code.")),),
)


@pytest.mark.parametrize("path", list(leaves(event_to_mapping(FULL))), ids=lambda path: ".".join(map(str, path)))
def test_no_change_of_any_value_goes_untold(path: tuple[str | int, ...]) -> None:
    mapping: Any = deepcopy(event_to_mapping(FULL))
    table = mapping
    for step in path[:-1]:
        table = table[step]
    table[path[-1]] = OTHER_VALUES.get(str(path[-1]), "autre")
    new = event_from_mapping(mapping, "new.json")
    assert lines("fr", FULL, new)
    assert lines("en", new, FULL)


def test_copies_in_another_order_are_told() -> None:
    before = replace(OLD, mirrors=(COPY, replace(COPY, id="autre")))
    assert lines("en", before, replace(before, mirrors=before.mirrors[::-1])) == ["The copies are in another order."]


def test_announcements_in_another_order_are_told() -> None:
    before = replace(OLD, announcements=(NEWS, replace(NEWS, id="metro")))
    after = replace(before, announcements=before.announcements[::-1])
    assert lines("en", before, after) == ["The announcements are in another order."]


def test_themes_in_another_order_are_told() -> None:
    before = replace(OLD, themes=(*OLD.themes, replace(OLD.themes[0], id="communs")))
    assert lines("en", before, replace(before, themes=before.themes[::-1])) == ["The themes are in another order."]
