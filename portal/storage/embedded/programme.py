"""Draft and editions in the store, each event in the shape of an event file."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from portal.domain.draft.outdated import outdated_after
from portal.domain.edition.changes import changes
from portal.domain.edition.edition import Addresses, Draft, Edition, HistoryEntry, OutdatedText
from portal.domain.errors import DataExists, DataMissing, DraftChanged, EventFileError, NothingToPublish
from portal.domain.event.announcements import with_announcement, without_announcement
from portal.domain.event.event import Announcement, Event
from portal.domain.event.event_file import event_from_mapping, event_to_mapping
from portal.domain.json_values import from_json, to_json
from portal.storage.embedded.database import Database, Transaction, View

_DRAFT: Final = "draft"
_PRESENT: Final = "present"
_EDITIONS: Final = "editions"
_SESSIONS: Final = "sessions"
_DAYS: Final = "days"


class EmbeddedProgramme:
    """`contract.ProgrammeStore` on a database."""

    def __init__(self, programme: Database) -> None:
        self._programme: Final = programme
        self._events: Final = _EventCache()
        self._entries: Final[dict[int, tuple[Mapping[str, object], HistoryEntry]]] = {}

    async def draft(self) -> Draft:
        """See the contract."""
        return await self._programme.read(self._draft)

    async def save_draft(self, event: Event, revision: int, confirmed: Collection[OutdatedText] = ()) -> Draft:
        """See the contract."""

        def decide(transaction: Transaction) -> Draft:
            before = self._draft_at(transaction, revision)
            after = event if event.uid else replace(event, uid=before.event.uid)
            return self._put_draft(transaction, Draft(revision + 1, after, outdated_after(before, after, confirmed)))

        return await self._programme.transact(decide)

    async def publish(self, revision: int, comment: str, addresses: Addresses, published: datetime) -> Edition:
        """See the contract."""

        def decide(transaction: Transaction) -> Edition:
            event = self._draft_at(transaction, revision).event
            last = self._last_edition(transaction)
            if last is not None and (last.event, last.addresses) == (event, addresses):
                raise NothingToPublish
            number = 1 if last is None else last.number + 1
            return self._put_edition(transaction, Edition(number, published, comment, addresses, event))

        return await self._programme.transact(decide)

    async def announce(
        self, announcement: Announcement, comment: str, addresses: Addresses, published: datetime
    ) -> Edition | None:
        """See the contract."""
        return await self._publish_at_once(
            lambda event: with_announcement(event, announcement), comment, addresses, published
        )

    async def withdraw_announcement(
        self, id: str, comment: str, addresses: Addresses, published: datetime
    ) -> Edition | None:
        """See the contract."""
        return await self._publish_at_once(lambda event: without_announcement(event, id), comment, addresses, published)

    async def edition(self) -> Edition | None:
        """See the contract."""
        return await self._programme.read(self._last_edition)

    async def edition_numbered(self, number: int) -> Edition | None:
        """See the contract."""
        return await self._programme.read(
            lambda view: self._edition(view, number) if str(number) in view.records(_EDITIONS) else None
        )

    async def editions(self) -> tuple[Edition, ...]:
        """See the contract."""
        return await self._programme.read(
            lambda view: tuple(self._edition(view, number) for number in sorted(_numbers(view), reverse=True))
        )

    async def _begin(self, event: Event) -> Draft:
        """Keep the first draft. Raises `DataExists` when there is one already."""

        def decide(transaction: Transaction) -> Draft:
            if transaction.get(_DRAFT, _PRESENT) is not None:
                raise DataExists(folder=self._programme.file.folder)
            return self._put_draft(transaction, Draft(1, event))

        return await self._programme.transact(decide)

    async def _publish_at_once(
        self, edit: Callable[[Event], Event], comment: str, addresses: Addresses, published: datetime
    ) -> Edition | None:
        """Make the same edit to the draft and to the edition in force, which gives the next; None without a change."""

        def decide(transaction: Transaction) -> Edition | None:
            draft, last = self._draft(transaction), self._last_edition(transaction)
            if last is None:
                raise DataMissing(folder=self._programme.file.folder)
            event = edit(last.event)
            if event == last.event:
                return None
            self._put_draft(transaction, replace(draft, revision=draft.revision + 1, event=edit(draft.event)))
            return self._put_edition(transaction, Edition(last.number + 1, published, comment, addresses, event))

        return await self._programme.transact(decide)

    def _draft(self, view: View) -> Draft:
        record = view.get(_DRAFT, _PRESENT)
        if record is None:
            raise DataMissing(folder=self._programme.file.folder)
        outdated = from_json(tuple[OutdatedText, ...], record.get("outdated", []))
        return Draft(record["revision"], self._events.event(_DRAFT, record["event"]), outdated)

    def _draft_at(self, view: View, revision: int) -> Draft:
        draft = self._draft(view)
        if draft.revision != revision:
            raise DraftChanged
        return draft

    def _put_draft(self, transaction: Transaction, draft: Draft) -> Draft:
        record = {"revision": draft.revision, "event": self._events.mapping(_DRAFT, draft.event)}
        if draft.outdated:
            record["outdated"] = to_json(draft.outdated)
        transaction.put(_DRAFT, _PRESENT, record)
        return draft

    def _last_edition(self, view: View) -> Edition | None:
        numbers = _numbers(view)
        return self._edition(view, max(numbers)) if numbers else None

    def _edition(self, view: View, number: int) -> Edition:
        record = view.records(_EDITIONS)[str(number)]
        return Edition(
            number,
            datetime.fromisoformat(record["published"]),
            record["comment"],
            from_json(Addresses, record["addresses"]),
            self._event(view, number),
            tuple(self._entry(view, each) for each in sorted(_numbers(view), reverse=True) if each <= number),
        )

    def _event(self, view: View, number: int) -> Event:
        return self._events.event(f"{_EDITIONS}/{number}", view.records(_EDITIONS)[str(number)]["event"])

    def _entry(self, view: View, number: int) -> HistoryEntry:
        """Return the entry of the history of an edition, computed once, since that takes milliseconds too.

        It is cached by its record: a number may come again, where its first edition never reached the disk.
        """
        record = view.records(_EDITIONS)[str(number)]
        known = self._entries.get(number)
        if known is None or known[0] is not record["event"]:
            found = changes(self._event(view, number - 1), self._event(view, number)) if number > 1 else ()
            entry = HistoryEntry(number, datetime.fromisoformat(record["published"]), record["comment"], found)
            known = self._entries[number] = (record["event"], entry)
        return known[1]

    def _put_edition(self, transaction: Transaction, edition: Edition) -> Edition:
        record = {
            "published": edition.published.isoformat(),
            "comment": edition.comment,
            "addresses": to_json(edition.addresses),
            "event": self._events.mapping(f"{_EDITIONS}/{edition.number}", edition.event),
        }
        transaction.put(_EDITIONS, str(edition.number), record)
        return self._edition(transaction, edition.number)


def _numbers(view: View) -> list[int]:
    return [int(id) for id in view.records(_EDITIONS)]


class _EventCache:
    """Cache of the events that were read, which takes milliseconds; for the thread of the database alone."""

    def __init__(self) -> None:
        self._read: Final[dict[str, tuple[Mapping[str, Any], Event]]] = {}

    def event(self, name: str, mapping: Mapping[str, Any]) -> Event:
        """Return the event of `mapping`, which is cached under `name`."""
        known = self._read.get(name)
        if known is None or known[0] is not mapping:
            known = self._read[name] = (mapping, self._event(name, mapping))
        return known[1]

    def mapping(self, name: str, event: Event) -> Mapping[str, object]:
        """Return `event` as it is stored. Raises `EventFileError` now rather than each time that it is read back."""
        mapping = event_to_mapping(event)
        self.event(name, mapping)
        return mapping

    def _event(self, name: str, mapping: Mapping[str, Any]) -> Event:
        """Read an event; each session as it is in the event that was read before, if its entry there is the same.

        A thousand sessions take a tenth of a second, and from edition to edition few of them change.
        """
        before, event = next(reversed(self._read.values()), ({}, None))
        if event is None or before.get(_DAYS) != mapping.get(_DAYS):
            return event_from_mapping(mapping, name)
        read = {entry["id"]: (entry, each) for entry, each in zip(before[_SESSIONS], event.sessions, strict=True)}
        pairs = [(entry, *read.get(entry["id"], (None, None))) for entry in mapping[_SESSIONS]]
        changed = [entry for entry, known, _ in pairs if known != entry]
        try:
            rest = event_from_mapping({**mapping, _SESSIONS: changed}, name)
        except EventFileError:  # it counts the sessions that it was given
            return event_from_mapping(mapping, name)
        others = iter(rest.sessions)
        sessions = tuple(same if known == entry and same else next(others) for entry, known, same in pairs)
        return replace(rest, sessions=sessions)
