"""Sessions that an import adds to an event or updates, matched by their ids in the source, else by their titles."""

import re
from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from portal.domain.draft.part_ids import new_id
from portal.domain.event.event import Day, Event, Link, Room, Session, SessionKind, Theme
from portal.domain.event.exported_ids import session_guids
from portal.domain.event.value_rules import faults_of_value
from portal.domain.language import N_, Language, Text
from portal.domain.language_tags import canonical_tag
from portal.domain.limits import (
    SESSION_KIND_CHARACTERS,
    SESSION_SPEAKERS,
    SESSION_TAG_CHARACTERS,
    SESSION_TITLE_CHARACTERS,
)
from portal.domain.programme_import.day_split import Placed
from portal.domain.programme_import.overlay import Overlay, laid_over
from portal.domain.programme_import.part_plan import Names, clean_id, cut_words, in_language, key_of, shortened
from portal.domain.programme_import.programme import ImportedSession, Remarks, distinct
from portal.domain.programme_import.texts import line_of_text
from portal.domain.text import plain_words

_KINDS: Final = {
    **dict.fromkeys(("talk", "lecture", "presentation", "conference", "expose", "vortrag"), SessionKind.TALK),
    **dict.fromkeys(("workshop", "atelier"), SessionKind.WORKSHOP),
    **dict.fromkeys(("welcome", "accueil", "registration", "check-in"), SessionKind.WELCOME),
    **dict.fromkeys(
        ("break", "pause", "lunch", "lunch break", "coffee break", "dejeuner", "repas", "pause dejeuner", "pause cafe"),
        SessionKind.BREAK,
    ),
    **dict.fromkeys(("assembly", "general assembly", "assemblee generale"), SessionKind.ASSEMBLY),
}
"""Types of other programs that are types of ours, without capitals and accents."""

_LANGUAGES: Final = {
    **{"french": "fr", "francais": "fr", "english": "en", "anglais": "en", "german": "de", "deutsch": "de"},
    **{"allemand": "de", "spanish": "es", "espagnol": "es", "espanol": "es", "italian": "it", "italien": "it"},
}
"""Names of languages, as spreadsheets have them, without capitals and accents."""


@dataclass(frozen=True, slots=True)
class Choices:
    """Choices of the organiser: the `language` of the texts, and whether sessions that are gone are cancelled.

    `untitled` is the title of a session that has none.
    """

    language: Language
    untitled: str
    cancels_gone: bool = False


@dataclass(frozen=True, slots=True)
class Notes:
    """Collectors of what an import loses and assumes."""

    lost: Remarks
    assumed: Remarks


class SessionMerge:
    """The sessions of an event after an import, and how many it `added`, `changed` and left `unchanged`.

    `imported` are the ids of those that the source has, `gone` the titles of those that it has no longer.
    """

    def __init__(
        self,
        event: Event,
        choices: Choices,
        days: Sequence[Day],
        taken: Collection[str],
        notes: Notes,
        overlay: Overlay | None = None,
    ) -> None:
        self.rooms = Names(event.rooms, lambda id, name: Room(id, self._text(name), Text()), taken)
        self.themes = Names(event.themes, lambda id, name: Theme(id, self._text(name), Text()), taken)
        self.imported: set[str] = set()
        self.gone: tuple[Text, ...] = ()
        self.added = self.changed = self.unchanged = 0
        self._event, self._choices, self._lost, self._assumed = event, choices, notes.lost, notes.assumed
        self._overlay = overlay
        self._room_ids = self.rooms.adopt(overlay.rooms) if overlay else {}
        self._theme_ids = self.themes.adopt(overlay.themes) if overlay else {}
        self._numbers = {day.date: number for number, day in enumerate(days, 1)}
        self._ids = {*taken, *(session.id for session in event.sessions)}
        self._exported = session_guids(event)
        self._sessions = {session.id: session for session in event.sessions}
        self._guids = {session.guid: session.id for session in event.sessions if session.guid}

    def merged(self, placed: Sequence[Placed]) -> tuple[Session, ...]:
        """Return the sessions of the event, each updated where `placed` has it, and then the new ones."""
        matched = self._matched(placed)
        before = {session.id: self._renumbered(session) for session in self._event.sessions}
        after = dict(before)
        for number, each in enumerate(placed):
            session = self._updated(before.get(matched.get(number, "")), each)
            self.imported.add(session.id)
            self.added += session.id not in before
            self.changed += session.id in before and session != before[session.id]
            self.unchanged += before.get(session.id) == session
            after[session.id] = session
        gone = [each for each in before.values() if each.guid and each.id not in self.imported and not each.cancelled]
        self.gone = tuple(session.title for session in gone)
        if self._choices.cancels_gone:
            after |= {session.id: replace(session, cancelled=True) for session in gone}
        return tuple(after.values())

    def _matched(self, placed: Sequence[Placed]) -> dict[int, str]:
        """Return the ids of the sessions that are there already, by the numbers of the `placed`.

        Sessions match by their ids in the source; where one of the two has none, by title and time, by title and day,
        and by a title that tells which one it is, if the source has sessions on the old day, but not this one.
        """
        matched: dict[int, str] = {}
        used: set[str] = set()
        dates = {each.date for each in placed}
        for precision in range(4):
            free: dict[Hashable, list[str]] = {}
            for session in self._event.sessions:
                if session.id not in used and (precision < 3 or self._date_of(session) in dates):
                    for key in self._keys(session, precision):
                        free.setdefault(key, []).append(session.id)
            wanted = {number: self._key(each, precision) for number, each in enumerate(placed) if number not in matched}
            count = Counter(wanted.values())
            for number, key in wanted.items():
                candidates = free.get(key, [])
                if precision == 3 and (len(candidates) > 1 or count[key] > 1):
                    continue
                id = next((id for id in candidates if id not in used), None)
                if id is not None and self._may_be(placed[number], id, precision):
                    matched[number] = id
                    used.add(id)
        return matched

    def _may_be(self, placed: Placed, id: str, precision: int) -> bool:
        """Return whether a session that matches may be `id`: by a number of a row, with its title or its time alone."""
        if precision > 0:
            return not (placed.session.guid and self._sessions[id].guid)
        if not placed.session.is_numbered:
            return True
        session = self._sessions[id]
        is_then = (placed.date, placed.start.time()) == (self._date_of(session), session.start)
        return is_then or self._key(placed, 3) in self._keys(session, 3)

    def _key(self, placed: Placed, precision: int) -> Hashable:
        title = key_of(cut_words(placed.session.title, SESSION_TITLE_CHARACTERS) or self._choices.untitled)
        timed, dated = (title, placed.date, placed.start.time()), (title, placed.date)
        return (("guid", self._guid(placed.session)), timed, dated, title)[precision]

    def _keys(self, session: Session, precision: int) -> Iterator[Hashable]:
        if precision == 0:
            yield from (("guid", guid) for guid in {session.guid, self._exported[session.id]} if guid)
            return
        for title in {key_of(words) for words in session.title.as_mapping().values() if words}:
            date = self._date_of(session)
            yield ((title, date, session.start), (title, date), title)[precision - 1]

    def _date_of(self, session: Session) -> date:
        return self._event.days[min(session.day, len(self._event.days)) - 1].date

    def _renumbered(self, session: Session) -> Session:
        """Return `session` on the number that its day has after the import."""
        return replace(session, day=self._numbers.get(self._date_of(session), session.day))

    def _text(self, words: str) -> Text:
        return in_language(
            Text(), self._choices.language, shortened(words, words, self._lost, SESSION_TITLE_CHARACTERS)
        )

    def _updated(self, session: Session | None, placed: Placed) -> Session:
        """Return `session`, or a new one, with what the source tells; what it leaves empty stays as it is."""
        source, start, end = placed.session, placed.start.time(), placed.end.time()
        table = self._overlay.table_of(source.guid) if self._overlay else {}
        title = shortened(source.title, source.title, self._lost, SESSION_TITLE_CHARACTERS) or self._untitled(placed)
        if session is None:
            id = new_id(str(table.get("id") or title), "session", self._ids)
            self._ids.add(id)
            session = Session(id, SessionKind.TALK, Text(), Text(), start, end, everywhere=source.all_day or None)
        language = self._choices.language
        is_told = source.all_day or "rooms" in table
        rooms = () if is_told else distinct(self.rooms.id_of(name) for name in source.rooms)
        themes = () if "themes" in table else distinct(self.themes.id_of(name) for name in source.tracks)
        everywhere = None if session.everywhere and rooms else session.everywhere
        if session.cancelled and not source.cancelled and "cancelled" not in table:
            text = N_("Sessions that are cancelled here and not in the file, left cancelled: %(count)s")
            self._assumed.add(text, title)
        session = replace(
            session,
            day=self._numbers[placed.date],
            start=start,
            end=end,
            kind=self._kind(source) or session.kind,
            title=in_language(session.title, language, title),
            subtitle=in_language(session.subtitle, language, self._line(source.subtitle, title)),
            abstract=in_language(session.abstract, language, shortened(source.abstract, title, self._lost)),
            description=in_language(session.description, language, shortened(source.description, title, self._lost)),
            rooms=rooms or session.rooms,
            everywhere=everywhere,
            themes=themes or session.themes,
            speakers=self._speakers(source, title) or session.speakers,
            links=tuple(self._links(source, title)) or session.links,
            tags=self._tags(source, title) or session.tags,
            language=self._language(source, title) or session.language,
            cancelled=session.cancelled or source.cancelled,
            guid=self._new_guid(session, source),
        )
        return laid_over(session, table, self._room_ids, self._theme_ids)

    def _untitled(self, placed: Placed) -> str:
        self._assumed.add(N_("Sessions without a title: %(count)s"), f"{placed.date} {placed.start:%H:%M}")
        return self._choices.untitled

    def _line(self, words: str, title: str) -> str:
        return shortened(words, title, self._lost, SESSION_TITLE_CHARACTERS)

    def _kind(self, source: ImportedSession) -> str:
        """Return the type; where the source has none, a title like “Lunch” tells that it is a break."""
        if self._overlay:
            return source.kind
        of_title = "" if source.kind else _KINDS.get(plain_words(source.title), "")
        known = _KINDS.get(plain_words(source.kind), "") if source.kind else of_title
        return known or shortened(source.kind, source.title, self._lost, SESSION_KIND_CHARACTERS)

    def _tags(self, source: ImportedSession, title: str) -> tuple[str, ...]:
        return distinct(shortened(tag, title, self._lost, SESSION_TAG_CHARACTERS) for tag in source.tags)

    def _speakers(self, source: ImportedSession, title: str) -> tuple[str, ...]:
        names = distinct(self._line(person.name, title) for person in source.persons)
        if len(names) > SESSION_SPEAKERS:
            self._lost.add(
                N_("Sessions with more than %(most)s speakers, without the others: %(count)s"),
                title,
                most=SESSION_SPEAKERS,
            )
        return names[:SESSION_SPEAKERS]

    def _links(self, source: ImportedSession, title: str) -> Iterator[Link]:
        for link in dict.fromkeys(source.links):
            kept = Link(line_of_text(link.url), self._line(link.label, title))
            if any(faults_of_value(Session, "links", (kept,))):
                self._lost.add(N_("Links that are not addresses of the web: %(count)s"), link.url[:80] or title)
            else:
                yield kept

    def _language(self, source: ImportedSession, title: str) -> str | None:
        words, *others = (line_of_text(each) for each in re.split("[,;/]", source.language))
        if others:
            self._lost.add(N_("Sessions in several languages, of which the first is kept: %(count)s"), title)
        tag = canonical_tag(_LANGUAGES.get(plain_words(words), words.replace("_", "-")))
        if words and tag is None:
            self._lost.add(N_("Languages of sessions that are not tags like “fr” or “pt-BR”: %(count)s"), title)
        return tag

    def _guid(self, source: ImportedSession) -> str | None:
        """Return the id of a session in the source, or where the source had it from."""
        earlier = self._overlay.table_of(source.guid).get("guid") if self._overlay else None
        return clean_id(earlier if isinstance(earlier, str) else source.guid) or None

    def _new_guid(self, session: Session, source: ImportedSession) -> str | None:
        """Return the id that `session` keeps for the next import; none that another session has."""
        guid = self._guid(source)
        if guid is None or source.guid == self._exported.get(session.id):
            return session.guid
        return guid if self._guids.setdefault(guid, session.id) == session.id else session.guid
