"""The journal of the organisers, kept some time longer than the registrations, none of which it may name."""

from portal.domain.json_values import from_json, to_mapping
from portal.domain.organisers.journal import JournalEntry
from portal.storage.embedded.registration_records import JOURNAL, OnRegistrations
from portal.storage.embedded.snapshot import Transaction


class EmbeddedJournal(OnRegistrations):
    """`contract.JournalStore` on the database of registrations.

    An entry's id is its day and, from 1, its place in that day.
    """

    async def note(self, entry: JournalEntry) -> None:
        """See the contract."""
        day, record = entry.day.isoformat(), to_mapping(entry)

        def decide(change: Transaction) -> None:
            number = change.tally(JOURNAL, "day")[day] + 1
            change.put(JOURNAL, f"{day} {number:06}", record)

        await self._registrations.change(decide)

    async def journal(self) -> tuple[JournalEntry, ...]:
        """See the contract."""
        records = (await self._registrations.snapshot()).records(JOURNAL)
        return tuple(from_json(JournalEntry, records[id]) for id in sorted(records, reverse=True))
