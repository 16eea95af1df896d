"""A programme as a file of another program holds it, in one shape for every format."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from portal.domain.errors import EventFileError, Problem
from portal.domain.limits import FAULTS_COUNTED
from portal.domain.programme_import.overlay import Overlay

Translate = Callable[[str, Mapping[str, object]], str]
"""A message and the details for its places, to the sentence in the reader's language."""

_NAMES: Final = 10


@dataclass(frozen=True, slots=True)
class ImportedPerson:
    """A speaker of a session; `biography` is Markdown without HTML, "" for none."""

    name: str
    biography: str = ""


@dataclass(frozen=True, slots=True)
class ImportedLink:
    """A link of a session, to any address that the source has."""

    url: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class ImportedRoom:
    """A room of the source; `description` is plain text."""

    name: str
    description: str = ""
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class ImportedDay:
    """A day of the source, with the moments between which it lasts, where the source tells them."""

    date: date
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class ImportedSession:
    """A session of the source. `start` and `end` are aware, or naive by the clocks of the event.

    `day` is the date of the day that it is listed under, None where the source has no days. `guid` is its id in the
    source, "" for none. `title` may be empty. `all_day` marks an entry without times, from `start` to the midnight
    `end`. `language` is whatever the source says, "" for nothing. One that `is_numbered` has an id that may be the
    number of a row, which tells a session only together with its title or its time.
    """

    title: str
    start: datetime
    end: datetime
    guid: str = ""
    day: date | None = None
    kind: str = ""
    subtitle: str = ""
    abstract: str = ""
    description: str = ""
    language: str = ""
    rooms: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    persons: tuple[ImportedPerson, ...] = ()
    links: tuple[ImportedLink, ...] = ()
    tags: tuple[str, ...] = ()
    cancelled: bool = False
    all_day: bool = False
    is_numbered: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence about what an import lost or assumed: `text` with `count` in its place.

    `names` are the first sessions that it is about.
    """

    text: str
    count: int
    names: tuple[str, ...] = ()
    details: tuple[tuple[str, object], ...] = ()

    def sentence(self, translate: Translate) -> str:
        """Return the sentence in the reader's language, with the names behind it unless there are many."""
        sentence = translate(self.text, {"count": self.count, **dict(self.details)})
        return f"{sentence} ({'; '.join(self.names)})" if self.names and self.count <= _NAMES else sentence


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme as the source has it. `zone` is the time zone that the source names, "" for none.

    `lost` is what could not be kept, `assumed` what the source does not tell. A schedule that this portal exported has
    an `overlay`.
    """

    sessions: tuple[ImportedSession, ...]
    zone: str = ""
    days: tuple[ImportedDay, ...] = ()
    rooms: tuple[ImportedRoom, ...] = ()
    tracks: tuple[str, ...] = ()
    lost: tuple[Remark, ...] = ()
    assumed: tuple[Remark, ...] = ()
    overlay: Overlay | None = None


@dataclass(slots=True)
class Remarks:
    """Collector of remarks of one sort, which counts those with the same text."""

    _of: dict[tuple[str, tuple[tuple[str, object], ...]], list[str]] = field(default_factory=dict)

    def add(self, text: str, name: str = "", **details: object) -> None:
        """Count `text` once more, about the session `name`."""
        self._of.setdefault((text, tuple(details.items())), []).append(name)

    def listed(self) -> tuple[Remark, ...]:
        """Return the remarks in the order of their first mention; each names its first sessions."""
        return tuple(
            Remark(text, len(names), tuple(dict.fromkeys(name for name in names if name))[:_NAMES], details)
            for (text, details), names in self._of.items()
        )


@dataclass(slots=True)
class Faults:
    """Collector of what makes a file unusable."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, place: str, key: str, text: str, name: str = "", **details: object) -> None:
        """Add the fault of the value `key` of the session `name`, at its `place`, which may be ""."""
        if len(self.problems) <= FAULTS_COUNTED:
            self.problems.append(Problem(place or name, key, text, tuple(details.items()), name if place else ""))

    def raise_any(self, file: str) -> None:
        """Raise `EventFileError` with the faults of `file`, if there are any."""
        if self.problems:
            raise EventFileError(file, self.problems)


def refuse(file: str, text: str, **details: object) -> EventFileError:
    """Return the error of a `file` that cannot be read at all."""
    return EventFileError(file, [Problem("", "", text, tuple(details.items()))])


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Return `names` without empty and repeated ones, in their order."""
    return tuple(dict.fromkeys(name for name in names if name))
