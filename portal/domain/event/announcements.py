"""Announcements of an event: read from a form, published, withdrawn, expired."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from portal.domain.errors import AnnouncementsFull, EventFileError
from portal.domain.event.event import Announcement, Event
from portal.domain.event.languages import languages_of
from portal.domain.event.table_reader import instance_of, read_table
from portal.domain.event.value_rules import cleaned
from portal.domain.input_errors import UntilPassed
from portal.domain.limits import ANNOUNCEMENTS, TICKET_ANNOUNCEMENTS_CHARACTERS
from portal.domain.text import trimmed_field
from portal.domain.times import moment_of, shown_moment, whole_minute

_TEXTS: Final = ("title", "text")
_FORM: Final = "announcement"
_ID_CHARACTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"
_ID_LENGTH: Final = 8


def new_announcement_id(rng: random.Random) -> str:
    """Return a random id, to be put into the form: a form that is sent twice publishes the same announcement."""
    return "".join(rng.choices(_ID_CHARACTERS, k=_ID_LENGTH))


def field_names(event: Event) -> tuple[str, ...]:
    """Return the fields of the form: `title_fr`, …; `until` is by the event's clocks, `important` is `yes` or empty."""
    return (*(f"{key}_{language}" for key in _TEXTS for language in languages_of(event)), "until", "important")


def announcement_of(fields: Mapping[str, str], id: str, published: datetime, event: Event) -> Announcement:
    """Return the announcement of the form's `fields`, `published` at a moment in UTC of which the minute counts.

    Raises `InputError` on the moment of its end, and for the rest `EventFileError`; the key of a problem is that of a
    field, but for a dot in place of the underscore.
    """
    until, languages = moment_of("until", fields.get("until", ""), event.zone), languages_of(event)
    if until is not None and until <= published:
        raise UntilPassed("until")
    texts = {key: {language: trimmed_field(fields, f"{key}_{language}") for language in languages} for key in _TEXTS}
    minute = whole_minute(published)
    is_important = fields.get("important") == "yes"
    table = {**texts, "id": id, "published": minute, "important": is_important}
    reading = read_table(Announcement, cleaned(table))
    if faults := (*reading.problems, *reading.outdated):
        problems = (
            replace(problem, key=f"{problem.key}.{languages[0]}") if problem.key in _TEXTS else problem
            for problem in faults
        )
        raise EventFileError(_FORM, tuple(problems))
    return replace(instance_of(Announcement, reading.values), until=until)


def with_announcement(event: Event, announcement: Announcement) -> Event:
    """Add `announcement` to `event`, unless it is there already. Raises `AnnouncementsFull`."""
    if announcement.id in (present.id for present in event.announcements):
        return event
    if len(event.announcements) >= ANNOUNCEMENTS:
        raise AnnouncementsFull(most=ANNOUNCEMENTS)
    return replace(event, announcements=(*event.announcements, announcement))


def fit_a_ticket(event: Event) -> bool:
    """Return whether the announcements are short enough, in each language, to stand in full among much else."""
    texts = [text for each in event.announcements for text in (each.title, each.text)]
    lengths = (sum(len(text[language]) for text in texts) for language in languages_of(event))
    return max(lengths) <= TICKET_ANNOUNCEMENTS_CHARACTERS


def without_announcement(event: Event, id: str) -> Event:
    """Return `event` without the announcement of this id."""
    return replace(event, announcements=tuple(each for each in event.announcements if each.id != id))


def fields_of(announcement: Announcement, event: Event, now: datetime) -> dict[str, str]:
    """Return the form's fields that give `announcement` again; an end that has passed at `now` is left out."""
    texts = {
        f"{key}_{language}": getattr(announcement, key)[language] for key in _TEXTS for language in languages_of(event)
    }
    until = announcement.until if announcement.until is not None and announcement.until > now else None
    return {**texts, "until": shown_moment(until, event.zone), "important": "yes" if announcement.important else ""}


def past_announcements(events: Iterable[Event]) -> tuple[Announcement, ...]:
    """Return the announcements that the first of `events`, the newest, lacks, as they were last; the latest first."""
    newest, *earlier = events
    ids = {present.id for present in newest.announcements}
    texts = {(present.title, present.text) for present in newest.announcements}
    found = dict[str, Announcement]()
    for event in earlier:
        for past in reversed(event.announcements):
            if past.id not in ids and (past.title, past.text) not in texts:
                found.setdefault(past.id, past)
    return tuple(found.values())


def expired_announcements(event: Event, now: datetime) -> tuple[Announcement, ...]:
    """Return the announcements that have expired at `now`, in the order of the event."""
    return tuple(each for each in event.announcements if each.until is not None and each.until <= now)
