"""Plan of an import: the event that a programme of another program makes of a draft, and remarks about it."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from typing import Final

from portal.domain.draft.part_ids import ids_in
from portal.domain.event.days import session_span
from portal.domain.event.event import Event, Session
from portal.domain.language import N_, Language, Text
from portal.domain.limits import IMPORTED_ID_CHARACTERS
from portal.domain.programme_import.day_plan import place_sessions, zone_for
from portal.domain.programme_import.part_plan import clean_id, filled_rooms, key_of, merged_speakers
from portal.domain.programme_import.programme import Programme, Remark, Remarks
from portal.domain.programme_import.session_plan import Choices, Notes, SessionMerge

_TABLES: Final = ("sessions", "rooms", "themes", "speakers")


@dataclass(frozen=True, slots=True)
class Plan:
    """The `event` after the import, and what the import does: sessions it adds, changes and leaves as they are.

    `gone` are the titles of sessions that came from such a file and are no longer in it. A plan that `is_whole`
    replaces the draft by an event file.
    """

    event: Event
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: tuple[Text, ...] = ()
    lost: tuple[Remark, ...] = ()
    assumed: tuple[Remark, ...] = ()
    is_whole: bool = False

    def action(self) -> tuple[str, dict[str, object]]:
        """Return the message of the journal, with its details."""
        if self.is_whole:
            return N_("Draft replaced by an event file"), {}
        text = N_("Programme imported; sessions added: %(added)s, changed: %(changed)s")
        return text, {"added": self.added, "changed": self.changed}


def plan_import(event: Event, programme: Programme, choices: Choices, taken: Collection[str] = ()) -> Plan:
    """Return what importing `programme` makes of `event`; ids that are `taken` are given to nothing new."""
    lost, assumed, overlay = Remarks(), Remarks(), programme.overlay
    choices = replace(choices, language=overlay.language) if overlay else choices
    zone = zone_for(event, programme, assumed)
    placed, days = place_sessions(event, _with_unique_ids(programme, assumed), zone, assumed)
    merge = SessionMerge(event, choices, days, taken, Notes(lost, assumed), overlay)
    sessions = merge.merged(sorted(placed, key=lambda each: (each.date, each.start, each.session.rooms)))
    after = replace(
        event,
        zone=zone,
        days=tuple(days),
        themes=tuple(merge.themes.parts),
        rooms=filled_rooms(merge.rooms.parts, programme.rooms, choices.language),
        sessions=sessions,
        speakers=merged_speakers(
            event.speakers,
            programme.sessions,
            choices.language,
            taken,
            lost,
            overlay.speakers if overlay else (),
        ),
    )
    return Plan(
        _sharing(after, merge.imported, choices.language, assumed),
        merge.added,
        merge.changed,
        merge.unchanged,
        merge.gone,
        (*programme.lost, *lost.listed()),
        (*programme.assumed, *assumed.listed()),
    )


def ids_taken(events: Sequence[Event]) -> frozenset[str]:
    """Return the ids that parts have in any of `events`, and that no new part may have."""
    return frozenset().union(*(ids_in(events, table) for table in _TABLES))


def _sharing(event: Event, imported: Set[str], language: Language, assumed: Remarks) -> Event:
    """Return `event` with one of each two sessions that overlap in a room marked as sharing it, if it was imported."""
    shares: set[str] = set()
    for room in event.rooms:
        last: Session | None = None
        for session in sorted(_blocking(event, room.id), key=lambda each: session_span(event, each).start):
            if last is None or session_span(event, session).start >= session_span(event, last).end:
                last = session
            elif session.id in imported:
                shares.add(session.id)
            elif last.id in imported:
                shares.add(last.id)
                last = session
    for session in event.sessions:
        if session.id in shares:
            text = N_("Sessions at the same time as another in one room, marked as sharing it: %(count)s")
            assumed.add(text, session.title.in_language(language))
    return replace(
        event,
        sessions=tuple(replace(each, shares_room=each.shares_room or each.id in shares) for each in event.sessions),
    )


def _blocking(event: Event, room: str) -> Iterator[Session]:
    """Yield the sessions that have `room` to themselves."""
    return (
        session
        for session in event.sessions
        if room in session.rooms and not session.cancelled and not session.shares_room
    )


def _with_unique_ids(programme: Programme, assumed: Remarks) -> Programme:
    """Return `programme` with a number behind an id that an earlier session has, as of a talk that is held twice.

    An id that sessions of several titles have is none.
    """
    cleaned = [replace(session, guid=clean_id(session.guid)) for session in programme.sessions]
    titles: dict[str, set[str]] = {}
    for session in cleaned:
        titles.setdefault(session.guid, set()).add(key_of(session.title))
    seen: Counter[str] = Counter()
    sessions = []
    for session in sorted(cleaned, key=lambda each: each.start.replace(tzinfo=None)):
        guid = session.guid
        if guid and len(titles[guid]) > 1:
            assumed.add(N_("Sessions with an id that other sessions have too, found again by their titles: %(count)s"))
            guid = ""
        seen[guid] += 1
        if guid and seen[guid] > 1:
            assumed.add(N_("Sessions with the id of another session, taken as held again: %(count)s"), session.title)
            mark = f"#{seen[guid]}"
            guid = f"{guid[: IMPORTED_ID_CHARACTERS - len(mark)]}{mark}"
        sessions.append(replace(session, guid=guid))
    return replace(programme, sessions=tuple(sessions))
