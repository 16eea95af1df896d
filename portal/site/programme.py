"""The programme of an event in the orders that people read it in. Knows no clock: equal events give equal orders."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import Final

from portal.domain.event.days import Span, day_of, day_span, session_span
from portal.domain.event.event import Day, Event, Session, SessionKind, Theme, is_everywhere, is_undecided
from portal.domain.language import N_
from portal.domain.limits import SESSIONS_A_PAGE
from portal.site.speakers import SpeakerEntry, speakers_of

KIND_NAMES: Final[dict[str, str]] = {
    SessionKind.TALK: N_("Talk"),
    SessionKind.WORKSHOP: N_("Workshop"),
    SessionKind.WELCOME: N_("Welcome"),
    SessionKind.BREAK: N_("Break"),
    SessionKind.ASSEMBLY: N_("General assembly"),
}


@dataclass(frozen=True, slots=True)
class ProgrammeDay:
    """A day with its sessions in order. `id` is its date, `2027-06-12`; `number` counts from 1."""

    id: str
    number: int
    day: Day
    span: Span
    sessions: tuple[Session, ...]


class Programme:
    """The programme of `event`. Spans are in UTC, so that they compare as moments."""

    def __init__(self, event: Event) -> None:
        self.event = event
        self.by_id = {session.id: session for session in event.sessions}
        self._spans = {session.id: session_span(event, session) for session in event.sessions}
        self._columns = {room.id: number for number, room in enumerate(event.rooms, 1)}
        self._neighbours: dict[str, tuple[Session | None, Session | None]] = {}
        self._seen_from: dict[tuple[str, ...], tuple[Session, ...]] = {}
        self._numbers = {theme.id: number for number, theme in enumerate(event.themes, 1)}

    def span(self, session: Session) -> Span:
        """Return the span of `session`."""
        return self._spans[session.id]

    def date_of(self, session: Session) -> date:
        """Return the date on which `session` starts, by the clocks of the event."""
        return self.span(session).in_zone(self.event.zone).start.date()

    def look_of(self, session: Session) -> str:
        """Return the class of CSS of a session: its type, if it is one that has a look of its own."""
        return session.kind if session.kind in KIND_NAMES else SessionKind.TALK

    def number_of(self, theme: Theme) -> int:
        """Return the number under which a theme is shown, from 1."""
        return self._numbers[theme.id]

    @cached_property
    def sessions(self) -> tuple[Session, ...]:
        """Return every session by start, then in the order of the rooms; those without a room come first.

        What is cancelled comes after what takes place there then.
        """

        def rank(session: Session) -> tuple[datetime, int, bool, datetime, str]:
            span, column = self.span(session), min((self._columns.get(room, 0) for room in session.rooms), default=0)
            return span.start, column, session.cancelled, span.end, session.id

        return tuple(sorted(self.event.sessions, key=rank))

    @cached_property
    def days(self) -> tuple[ProgrammeDay, ...]:
        """Return every day of the event; a session after midnight is of the day that it ends."""
        event = self.event
        return tuple(
            ProgrammeDay(
                day.date.isoformat(),
                number,
                day,
                day_span(event, day),
                self._where(lambda session, day=day: day_of(event, session) == day),  # type: ignore[misc]
            )
            for number, day in enumerate(event.days, 1)
        )

    @property
    def has_several_days(self) -> bool:
        """Return whether the event has more than one day."""
        return len(self.event.days) > 1

    @property
    def is_split(self) -> bool:
        """Return whether the programme is too long for one page, so that each of its days has its own alone."""
        return self.has_several_days and len(self.event.sessions) > SESSIONS_A_PAGE

    def days_on(self, id: str) -> tuple[ProgrammeDay, ...]:
        """Return the days on the page of the day `id`; with "" those on the page of the whole programme."""
        if id:
            return tuple(day for day in self.days if day.id == id)
        return self.days[:1] if self.is_split else self.days

    def slots(self, sessions: Iterable[Session]) -> Iterator[tuple[Session, ...]]:
        """Yield those of `sessions`, which are in order, that start together, hour after hour."""
        for _, together in groupby(sessions, key=lambda session: self.span(session).start):
            yield tuple(together)

    def of_theme(self, theme: str) -> tuple[Session, ...]:
        """Return the sessions of a theme."""
        return self._by_theme.get(theme, ())

    @property
    def without_theme(self) -> tuple[Session, ...]:
        """Return the sessions that belong to no theme."""
        return self._by_theme.get("", ())

    def in_room(self, room: str) -> tuple[Session, ...]:
        """Return the sessions of a room, and those that concern every room."""
        return self._where(lambda session: room in session.rooms or is_everywhere(session))

    def own_of_room(self, room: str) -> tuple[Session, ...]:
        """Return the sessions of a room, without those that concern every room."""
        return self._where(lambda session: room in session.rooms)

    @cached_property
    def undecided(self) -> tuple[Session, ...]:
        """Return the sessions whose room is not decided yet."""
        return self._where(is_undecided)

    def undecided_on(self, day: ProgrammeDay) -> tuple[Session, ...]:
        """Return the sessions of `day` whose room is not decided yet."""
        return tuple(session for session in day.sessions if is_undecided(session))

    @cached_property
    def assemblies(self) -> tuple[Session, ...]:
        """Return the sessions that are the general assembly."""
        return self._where(lambda session: session.kind == SessionKind.ASSEMBLY)

    @cached_property
    def speakers(self) -> tuple[SpeakerEntry, ...]:
        """Return every speaker, in alphabetical order, with their sessions."""
        return speakers_of(self.event, self.sessions)

    def speaker(self, id: str) -> SpeakerEntry:
        """Return the speaker whose page has the address `id`."""
        return self._speakers_by_id[id]

    @cached_property
    def speaker_ids(self) -> dict[str, str]:
        """Return the id of the page of each speaker, by name."""
        return {speaker.name: speaker.id for speaker in self.speakers}

    def neighbours(self, session: Session) -> tuple[Session | None, Session | None]:
        """Return the sessions before and after `session` for somebody who stays in its room."""
        if session.id not in self._neighbours:
            self._neighbours[session.id] = self._find_neighbours(session)
        return self._neighbours[session.id]

    def _find_neighbours(self, session: Session) -> tuple[Session | None, Session | None]:
        own, there = self.span(session), self._around(session.rooms)
        before = [other for other in there if self.span(other).end <= own.start]
        after = [other for other in there if self.span(other).start >= own.end]
        return (
            max(before, key=lambda other: (self.span(other).end, not other.cancelled), default=None),
            min(after, key=lambda other: (self.span(other).start, other.cancelled), default=None),
        )

    def clashes(self, sessions: Iterable[Session]) -> dict[str, tuple[Session, ...]]:
        """Return, by id, those of `sessions` that take place while another of them does, with the others."""
        chosen = [session for session in sessions if not session.cancelled]
        return {
            session.id: others
            for session in chosen
            if (
                others := tuple(
                    other
                    for other in chosen
                    if other.id != session.id and self.span(other).overlaps(self.span(session))
                )
            )
        }

    def _around(self, rooms: tuple[str, ...]) -> tuple[Session, ...]:
        """Return what somebody who stays in `rooms` could see; with none of them, every session."""
        if rooms not in self._seen_from:
            here = set(rooms)
            self._seen_from[rooms] = self._where(
                lambda session: not here or is_everywhere(session) or not here.isdisjoint(session.rooms)
            )
        return self._seen_from[rooms]

    def _where(self, holds: Callable[[Session], bool]) -> tuple[Session, ...]:
        return tuple(session for session in self.sessions if holds(session))

    @cached_property
    def _speakers_by_id(self) -> dict[str, SpeakerEntry]:
        return {speaker.id: speaker for speaker in self.speakers}

    @cached_property
    def _by_theme(self) -> dict[str, tuple[Session, ...]]:
        found: dict[str, list[Session]] = {}
        for session in self.sessions:
            for theme in session.themes or ("",):
                found.setdefault(theme, []).append(session)
        return {theme: tuple(sessions) for theme, sessions in found.items()}
