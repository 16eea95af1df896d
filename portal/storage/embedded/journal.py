"""The journal of the organisers, kept some time longer than the registrations, none of which it may name."""

from dataclasses import asdict
from datetime import date

from portal.domain.organisers.journal import JournalEntry
from portal.storage.embedded.json_file import Record
from portal.storage.embedded.registration_records import JOURNAL, OnRegistrations
from portal.storage.embedded.snapshot import Transaction


class EmbeddedJournal(OnRegistrations):
    """`contract.JournalStore` on the database of registrations.

    An entry's id is its day and, from 1, its place in that day.
    """

    async def note(self, entry: JournalEntry) -> None:
        """See the contract."""
        record = asdict(entry) | {"day": entry.day.isoformat(), "details": [list(pair) for pair in entry.details]}

        def decide(change: Transaction) -> None:
            place = change.tally(JOURNAL, "day")[record["day"]] + 1
            change.put(JOURNAL, f"{record['day']} {place:06}", record)

        await self._registrations.change(decide)

    async def journal(self) -> tuple[JournalEntry, ...]:
        """See the contract."""
        records = (await self._registrations.snapshot()).records(JOURNAL)
        return tuple(_entry(records[id]) for id in sorted(records, reverse=True))


def _entry(record: Record) -> JournalEntry:
    day, details = date.fromisoformat(record["day"]), tuple((name, value) for name, value in record["details"])
    return JournalEntry(day, record["organiser"], record["action"], details, record["reason"])
