"""A very large event, in two languages, in which each session has a paragraph of its own."""

import random
from dataclasses import replace
from datetime import time
from typing import Final

from portal.domain.event.event import Event, Room, Session, SessionKind, Theme
from portal.domain.language import Text
from tests.factories.sample import EVENT

THEMES: Final = 8
MINUTES: Final = 15
WORDS: Final = 50


def large_event(sessions: int = 500, rooms: int = 20) -> Event:
    """Return the event: the same each time, and no two texts of it alike."""
    rng = random.Random(1)
    return replace(
        EVENT,
        rooms=tuple(Room(f"r{number}", text(2, rng), text(6, rng)) for number in range(rooms)),
        themes=tuple(Theme(f"t{number}", text(3, rng), text(20, rng)) for number in range(THEMES)),
        sessions=tuple(session(number, rooms, rng) for number in range(sessions)),
    )


def session(number: int, rooms: int, rng: random.Random) -> Session:
    """Return the session of that number: as many at a time as there are rooms."""
    start = 60 * EVENT.days[0].start.hour + number // rooms * MINUTES
    return Session(
        f"s{number}",
        SessionKind.TALK,
        text(4, rng),
        text(WORDS, rng),
        clock(start),
        clock(start + MINUTES),
        (f"r{number % rooms}",),
        (f"t{number % THEMES}",),
        (words(2, rng),),
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
