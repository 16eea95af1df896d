"""Journal of what organisers did, in the store: kept longer than the registrations, and naming none of them."""

from portal.domain.json_values import from_json, to_mapping
from portal.domain.organisers.organiser import JournalEntry
from portal.storage.embedded.database import Transaction
from portal.storage.embedded.registrations import JOURNAL, RegistrationsPart


class EmbeddedJournal(RegistrationsPart):
    """`contract.JournalStore` on the database of registrations.

    An entry's id is its day and, from 1, its place in that day.
    """

    async def note(self, entry: JournalEntry) -> None:
        """See the contract."""
        day, record = entry.day.isoformat(), to_mapping(entry)

        def decide(transaction: Transaction) -> None:
            number = transaction.count_by(JOURNAL, "day")[day] + 1
            transaction.put(JOURNAL, f"{day} {number:06}", record)

        await self._registrations.transact(decide)

    async def journal(self) -> tuple[JournalEntry, ...]:
        """See the contract."""
        records = (await self._registrations.snapshot()).records(JOURNAL)
        return tuple(from_json(JournalEntry, records[id]) for id in sorted(records, reverse=True))
