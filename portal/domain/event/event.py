"""An event and its parts. Ids are stable and name no host."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from portal.domain.language import Language, Text


class SessionKind(StrEnum):
    """A type of session that has a translated name and a look of its own; any other text is a type as well."""

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
    """A room, in the order in which the programme shows them. `capacity` is a number of people.

    `description` and `access_notes`, on how to get in and what it has, are plain text.
    """

    id: str
    name: Text
    description: Text
    capacity: int | None = None
    access_notes: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the event, from `start` to `end` by the clocks of its zone.

    An `end` that is not after `start` is on the next date.
    """

    date: date
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Link:
    """A link to another site, `https://…` or `http://…`, with a `label` of a few words, or "" for the address."""

    url: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Speaker:
    """A text about the speaker who is called `name` in the sessions. `biography` is Markdown without HTML."""

    id: str
    name: str
    biography: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True)
class Session:
    """A talk, a workshop, a break, the assembly. `start` and `end` are clock times of its `day`, numbered from 1.

    A `start` before that of the day, and an `end` that is not after the start, are on the next date. `kind` is its
    type, a `SessionKind` or a few words of anybody's. `rooms` and `themes` are ids of the event's. A session that is
    `everywhere` concerns every room; None: as its kind has it (`is_everywhere`). A session that `shares_room`, such as
    posters, leaves its rooms to others too. `abstract` and the longer `description` are Markdown without HTML.
    `speakers` are public names, never accounts. `language` is a tag of BCP 47. `guid` is its id where it was imported
    from. A `cancelled` session stays where it was, so that whoever looks for it learns of it, and its room is free.
    """

    id: str
    kind: str
    title: Text
    abstract: Text
    start: time
    end: time
    rooms: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    cancelled: bool = False
    day: int = 1
    subtitle: Text = field(default_factory=Text)
    description: Text = field(default_factory=Text)
    language: str | None = None
    everywhere: bool | None = None
    shares_room: bool = False
    links: tuple[Link, ...] = ()
    tags: tuple[str, ...] = ()
    guid: str | None = None


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
    """An event of one or several `days`. `language` is that of the event and the site's first; `zone` an IANA name.

    `languages` are those of the site, the first `language`; () in the events of earlier portals. `uid` is random, made
    at `init`, so that the ids of its entries in calendars and feeds are like no other's. `lead` is one sentence under
    the name; `admission` says who may come and at what price; `setting` what it is held beside. All three are plain
    text. `retention_days` after the last day every registration is erased.
    """

    id: str
    name: Text
    lead: Text
    admission: Text
    setting: Text
    language: Language
    zone: str
    retention_days: int
    collective: Collective
    place: Place
    colours: Colours
    texts: Texts
    days: tuple[Day, ...]
    themes: tuple[Theme, ...]
    rooms: tuple[Room, ...]
    sessions: tuple[Session, ...]
    speakers: tuple[Speaker, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    mirrors: tuple[Mirror, ...] = ()
    languages: tuple[str, ...] = ()
    uid: str | None = None


_EVERYWHERE: frozenset[str] = frozenset({SessionKind.BREAK, SessionKind.WELCOME})


def is_everywhere(session: Session) -> bool:
    """Return whether `session` concerns every room: a break or a welcome does, unless it has rooms or says no."""
    if session.everywhere is None:
        return not session.rooms and session.kind in _EVERYWHERE
    return session.everywhere


def is_undecided(session: Session) -> bool:
    """Return whether it is not decided yet where `session` takes place."""
    return not session.rooms and not is_everywhere(session)
