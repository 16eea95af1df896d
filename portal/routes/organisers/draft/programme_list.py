"""The programme of the draft as a list: by day and time, narrowed to a day or a room, with what is to be fixed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from functools import partial
from itertools import filterfalse, groupby
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.draft.part import Part
from portal.domain.edition.edition import Draft
from portal.domain.event.days import session_span
from portal.domain.event.event import Day, Event, Session, is_everywhere, is_undecided
from portal.domain.language import N_, Language
from portal.domain.organisers.organiser import SignIn
from portal.domain.times import clock_time
from portal.routes.context import current_edition_of, language_of, services_of
from portal.routes.organisers.draft.next_edition import Fault, faults_of, warnings_in
from portal.routes.organisers.forms import organisers_page

NO_ROOM: Final = "-"
"""The choice of the sessions whose place is not decided yet; it is no valid id."""

_NEW: Final = N_("new")
_CHANGED: Final = N_("changed")


@dataclass(frozen=True, slots=True)
class Choice:
    """The choice of some sessions in the address: a `day` by its number and a `room` by its id, "" for all of them."""

    day: str = ""
    room: str = ""

    def takes(self, event: Event, session: Session) -> bool:
        """Return whether `session` is one of these; one that is everywhere is in every room."""
        if self.day and self.day != str(min(session.day, len(event.days))):
            return False
        if self.room == NO_ROOM:
            return is_undecided(session)
        return not self.room or self.room in session.rooms or is_everywhere(session)


@dataclass(frozen=True, slots=True)
class ListedDay:
    """A day of the list with its sessions that start together, by their start."""

    day: Day
    slots: Sequence[tuple[time, Sequence[Session]]]


async def show(request: Request, sign_in: SignIn) -> Response:
    """Show the sessions of the draft, and all that is to be looked at before publishing."""
    draft, language = await services_of(request).store.draft(), language_of(request)
    event = draft.event
    return organisers_page(
        request,
        sign_in,
        "organisers/draft/programme.html",
        "draft_programme",
        draft=event,
        clock_text=lambda moment: clock_time(moment, language),
        room_names={room.id: room.name for room in event.rooms},
        states=_states(current_edition_of(request).renderer.edition.event, event),
        **_listed(event, choice_in(request, event)),
        **_problems(draft, language),
    )


def _listed(event: Event, choice: Choice) -> dict[str, Any]:
    """Return the sessions of a choice: those that have to get a place yet, then the others by day."""
    taken = sorted((each for each in event.sessions if choice.takes(event, each)), key=_order(event))
    is_apart = partial(_is_apart, event)
    return {
        "choice": choice,
        "no_room": NO_ROOM,
        "undecided": list(filter(is_apart, taken)),
        "listed_days": _by_day(event, filterfalse(is_apart, taken)),
    }


def _problems(draft: Draft, language: Language) -> dict[str, Any]:
    """Return all that is to be looked at before publishing, by session and elsewhere."""
    faults, warnings = faults_of(draft.event, language), warnings_in(draft, language)
    return {
        "faults": faults,
        "warnings": warnings,
        "faults_by_id": _by_session(faults),
        "warnings_by_id": _by_session(warnings),
        "elsewhere_to_fix": [fault for fault in faults if not _is_of_session(fault)],
        "elsewhere_to_check": [warning for warning in warnings if not _is_of_session(warning)],
    }


def choice_in(request: Request, event: Event) -> Choice:
    """Return the choice in the address of `request`; what no day or room has is left out."""
    day, room = request.query_params.get("day", ""), request.query_params.get("room", "")
    days = {str(number) for number in range(1, len(event.days) + 1)}
    rooms = {NO_ROOM, *(each.id for each in event.rooms)}
    return Choice(day if day in days else "", room if room in rooms else "")


def _is_apart(event: Event, session: Session) -> bool:
    """Return whether `session` is listed before the others, since it has to get a place yet."""
    return bool(event.rooms) and is_undecided(session) and not session.cancelled


def _order(event: Event) -> Callable[[Session], tuple[object, ...]]:
    """Return the key that sorts by start, then by room; what is everywhere comes first, what is cancelled last."""
    columns = {room.id: number for number, room in enumerate(event.rooms, 1)}

    def key(session: Session) -> tuple[object, ...]:
        span, day = session_span(event, session), min(session.day, len(event.days))
        column = min((columns.get(room, 0) for room in session.rooms), default=0)
        return day, span.start, column, session.cancelled, span.end, session.id

    return key


def _by_day(event: Event, sessions: Iterable[Session]) -> list[ListedDay]:
    return [
        ListedDay(
            event.days[number - 1],
            [(start, tuple(together)) for start, together in groupby(of_day, key=lambda session: session.start)],
        )
        for number, of_day in groupby(sessions, key=lambda session: min(session.day, len(event.days)))
    ]


def _is_of_session(fault: Fault) -> bool:
    return fault.part is not None and fault.part.table == "sessions"


def _by_session(faults: Iterable[Fault]) -> Mapping[str, Sequence[Fault]]:
    """Return the faults of each session, by its id."""
    found: dict[str, list[Fault]] = {}
    for fault in faults:
        if isinstance(fault.part, Part) and _is_of_session(fault):
            found.setdefault(fault.part.id, []).append(fault)
    return found


def _states(published: Event, draft: Event) -> Mapping[str, str]:
    """Return, by id, the message on what publishing would do to each session that it would touch."""
    before = {session.id: session for session in published.sessions}
    return {
        session.id: _CHANGED if session.id in before else _NEW
        for session in draft.sessions
        if before.get(session.id) != session
    }
