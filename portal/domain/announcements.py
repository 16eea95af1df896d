"""The announcements of an event: made of a form, published, withdrawn."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from portal.domain.errors import AnnouncementsFull, EventFileError, Problem
from portal.domain.event import Announcement, Event
from portal.domain.language import LANGUAGES, N_, Text
from portal.domain.limits import ANNOUNCEMENT_TITLE_CHARACTERS, ANNOUNCEMENTS
from portal.domain.table_reader import made, read_table

FIELDS: Final = ("title_fr", "title_en", "text_fr", "text_en", "important")
"""The fields of the form, in its order; `important` is `yes` or empty."""

_FORM: Final = "announcement"


def announcement_of(fields: Mapping[str, str], id: str, published: datetime) -> Announcement:
    """The announcement of the form's `fields`, `published` at a moment in UTC of which the minute counts.

    Raises `EventFileError`; the key of a problem is that of a field, but for a dot in place of the underscore.
    """
    texts = {
        key: {language: _typed(fields, f"{key}_{language}") for language in LANGUAGES} for key in ("title", "text")
    }
    minute = published.replace(second=0, microsecond=0)
    reading = read_table(
        Announcement, {**texts, "id": id, "published": minute, "important": fields.get("important") == "yes"}
    )
    problems = (*reading.problems, *_titles_too_long(Text(**texts["title"])))
    if problems:
        raise EventFileError(_FORM, problems)
    return made(Announcement, reading.values)


def announced(event: Event, announcement: Announcement) -> Event:
    """`event` with one more announcement; as it is when it has that one already. Raises `AnnouncementsFull`."""
    if any(one.id == announcement.id for one in event.announcements):
        return event
    if len(event.announcements) >= ANNOUNCEMENTS:
        raise AnnouncementsFull(most=ANNOUNCEMENTS)
    return replace(event, announcements=(*event.announcements, announcement))


def withdrawn(event: Event, id: str) -> Event:
    """`event` without the announcement of this id."""
    return replace(event, announcements=tuple(one for one in event.announcements if one.id != id))


def _typed(fields: Mapping[str, str], name: str) -> str:
    """A field without the blanks around it; a browser breaks lines with CR LF (HTML, clause 4.10.22.4)."""
    return fields.get(name, "").replace("\r\n", "\n").strip()


def _titles_too_long(title: Text) -> Iterator[Problem]:
    for language in LANGUAGES:
        count, most = len(getattr(title, language)), ANNOUNCEMENT_TITLE_CHARACTERS
        if count > most:
            text = N_("at most %(most)s characters are taken; here there are %(count)s")
            yield Problem("", f"title.{language}", text, (("most", most), ("count", count)))
