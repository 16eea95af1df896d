"""Contract of a store about the erasure of all data about persons."""

from datetime import date, datetime
from typing import Protocol

from portal.domain.registration.retention import Erasure, ErasureNotice, Postponement, Retained


class ErasureStore(Protocol):
    """The erasure: announced, postponed, carried out."""

    async def erasure(self) -> Erasure | None:
        """Return the last time that every registration was erased."""
        ...

    async def retained(self) -> Retained:
        """Return how much there is to erase, and the state of the erasure, all at one moment."""
        ...

    async def announce_erasure(self, due: datetime | None, now: datetime) -> ErasureNotice | None:
        """Keep that an erasure due at `due` is announced at `now`, as `retention.next_notice` says.

        With None, keep that none is announced.
        """
        ...

    async def postpone_erasure(self, postponement: Postponement, instead_of: Postponement | None) -> bool:
        """Keep the postponement and withdraw the notice; False, and nothing changed, unless `instead_of` is kept."""
        ...

    async def erase_all_registrations(self, day: date, notice: ErasureNotice | None = None) -> int:
        """Erase every record and every invitation, and return how many records there were.

        No file keeps anything of them but the `Erasure`: `day`, in the event's zone, and their number, to which a
        later one adds; where there is nothing left to erase it stays as it is. Notice and postponement end with it.
        With a `notice`, nothing happens unless that is the notice in force: it may have been postponed meanwhile.
        """
        ...

    async def erase_journal(self, notice: ErasureNotice | None = None) -> int:
        """Erase every entry of the journal, in the same way, and return how many there were."""
        ...
