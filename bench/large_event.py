"""A very large event, in two languages, in which each session has a paragraph of its own."""

import random
from dataclasses import replace
from datetime import time, timedelta
from typing import Final

from portal.domain.event.event import Day, Event, Room, Session, SessionKind, Theme
from portal.domain.language import Text
from tests.factories.sample import EVENT

THEMES: Final = 8
WORDS: Final = 50


def large_event(sessions: int = 500, rooms: int = 20, days: int = 1) -> Event:
    """Return the event: the same each time, and no two texts of it alike, with as many sessions each day."""
    rng, first = random.Random(1), EVENT.days[0]
    times = slots(first, -(-sessions // (rooms * days)))
    places = [(day, start, end, room) for day in range(days) for start, end in times for room in range(rooms)]
    return replace(
        EVENT,
        days=tuple(replace(first, date=first.date + timedelta(day)) for day in range(days)),
        rooms=tuple(Room(f"r{number}", text(2, rng), text(6, rng)) for number in range(rooms)),
        themes=tuple(Theme(f"t{number}", text(3, rng), text(20, rng)) for number in range(THEMES)),
        sessions=tuple(session(number, *place, rng) for number, place in zip(range(sessions), places, strict=False)),
    )


def slots(day: Day, count: int) -> list[tuple[time, time]]:
    """Return the start and the end of so many sessions in one room, without a pause between them."""
    opens, closes = (60 * moment.hour + moment.minute for moment in (day.start, day.end))
    minutes = (closes - opens) // count
    return [(clock(opens + number * minutes), clock(opens + (number + 1) * minutes)) for number in range(count)]


def session(number: int, day: int, start: time, end: time, room: int, rng: random.Random) -> Session:
    """Return the session of that number, with a speaker of its own."""
    return Session(
        f"s{number}",
        SessionKind.TALK,
        text(4, rng),
        text(WORDS, rng),
        start,
        end,
        (f"r{room}",),
        (f"t{number % THEMES}",),
        (words(2, rng),),
        day=day + 1,
    )


def text(count: int, rng: random.Random) -> Text:
    """So many words in each language."""
    return Text(words(count, rng), words(count, rng))


def words(count: int, rng: random.Random) -> str:
    """So many words of no language."""
    return " ".join("".join(rng.choices("eaisntrluo", k=rng.randint(2, 9))) for _ in range(count))


def clock(minutes: int) -> time:
    """So many minutes after midnight."""
    return time(minutes // 60, minutes % 60)
