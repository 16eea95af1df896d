"""An event and its parts. Texts are in two languages; ids are stable and name no host."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.domain.language import Language, Text
from portal.domain.times import whole_minute


class SessionKind(StrEnum):
    """Kind of a session, which decides how it is named and drawn."""

    TALK = "talk"
    WORKSHOP = "workshop"
    WELCOME = "welcome"
    BREAK = "break"
    ASSEMBLY = "assembly"


@dataclass(frozen=True, slots=True)
class Colours:
    """The event's colours, as `#rrggbb`: `accent` for links and marks, `ink` for text, `paper` for the page."""

    accent: str
    ink: str
    paper: str


@dataclass(frozen=True, slots=True)
class Collective:
    """The group that organises the event. `presentation` is plain text."""

    name: str
    presentation: Text


@dataclass(frozen=True, slots=True)
class Place:
    """Place of the event; `address` is one postal line."""

    name: Text
    address: str
    city: str


@dataclass(frozen=True, slots=True)
class Texts:
    """The longer texts of the site, in Markdown without HTML.

    `manifesto`: what the collective stands for; `access`: how to come; `accessibility`; `conduct`: the code of conduct;
    `agenda`: the agenda of the assembly.
    """

    manifesto: Text
    access: Text
    accessibility: Text
    conduct: Text
    agenda: Text


@dataclass(frozen=True, slots=True)
class Theme:
    """A thread of sessions. `id` is a slug, `name` a few words, `description` plain text."""

    id: str
    name: Text
    description: Text


@dataclass(frozen=True, slots=True)
class Room:
    """A room, in the order in which the programme shows them."""

    id: str
    name: Text
    description: Text


@dataclass(frozen=True, slots=True)
class Session:
    """A talk, a workshop, a break, the assembly. `start` and `end` are clock times on the event's day, in its zone.

    `theme` and `room` are ids of the event's themes and rooms; a session without a room concerns every room.
    `abstract` is Markdown without HTML. `speakers` are public names, never accounts. A `cancelled` session stays
    where it was, so that whoever looks for it learns of it, and its room is free for another.
    """

    id: str
    kind: SessionKind
    title: Text
    abstract: Text
    start: time
    end: time
    room: str | None = None
    theme: str | None = None
    speakers: tuple[str, ...] = ()
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Announcement:
    """News for the public, until it is withdrawn. `published` is a whole minute in UTC, and so is `until`.

    `text` is Markdown without HTML, and may be empty; if it is `important`, every public page shows it. At `until`
    the portal withdraws it by itself; None is no such moment.
    """

    id: str
    title: Text
    text: Text
    published: datetime
    important: bool = False
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mirror:
    """Mirror of the site, run by somebody else at one or several `addresses`, `https://…` or `http://….onion`.

    `name` and `operator` are plain text: its name, and who runs it.
    """

    id: str
    name: str
    operator: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """An event on one day. `language` is that of the event and the site's first; `zone` an IANA name.

    `lead` is one sentence under the name; `admission` says who may come and at what price; `setting` what it is held
    beside. All three are plain text. `retention_days` after `day` every registration is erased.
    """

    id: str
    name: Text
    lead: Text
    admission: Text
    setting: Text
    language: Language
    day: date
    start: time
    end: time
    zone: str
    retention_days: int
    collective: Collective
    place: Place
    colours: Colours
    texts: Texts
    themes: tuple[Theme, ...]
    rooms: tuple[Room, ...]
    sessions: tuple[Session, ...]
    announcements: tuple[Announcement, ...] = ()
    mirrors: tuple[Mirror, ...] = ()


def end_of(event: Event) -> datetime:
    """Return the end of the programme of the event's last day."""
    return moment_by_clocks(event, event.day)


def is_over(event: Event, now: datetime) -> bool:
    """Return true from the end of the event's last day on."""
    return end_of(event) <= now


def moment_by_clocks(event: Event, day: date) -> datetime:
    """Return the moment of `day` at which the clocks of the event show its closing time."""
    return whole_minute(datetime.combine(day, event.end, ZoneInfo(event.zone)).astimezone(UTC))
