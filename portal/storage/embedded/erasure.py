"""Erasure in the store: its notice, its postponement, and the records that it takes."""

from datetime import date, datetime
from typing import Final

from portal.domain.json_values import from_json, in_minutes, to_mapping
from portal.domain.registration.retention import Erasure, ErasureNotice, Postponement, Retained, next_notice
from portal.storage.embedded.database import Transaction, View
from portal.storage.embedded.registrations import (
    INVITATIONS,
    JOURNAL,
    POSTPONEMENT,
    REGISTRATIONS,
    RegistrationsPart,
    postponement_in,
)

_ERASURE: Final = "erasure"
_DONE: Final = "done"
_NOTICE: Final = "erasure-notice"
_IN_FORCE: Final = "in force"


class EmbeddedErasure(RegistrationsPart):
    """`contract.ErasureStore` on the database of registrations."""

    async def erasure(self) -> Erasure | None:
        """See the contract."""
        return _erasure_in(await self._registrations.snapshot())

    async def retained(self) -> Retained:
        """See the contract."""
        view = await self._registrations.snapshot()
        registrations, invitations, journal = (
            len(view.records(table)) for table in (REGISTRATIONS, INVITATIONS, JOURNAL)
        )
        state = _erasure_in(view), _notice_in(view), postponement_in(view)
        return Retained(registrations, invitations, journal, *state)

    async def announce_erasure(self, due: datetime | None, now: datetime) -> ErasureNotice | None:
        """See the contract."""

        def decide(transaction: Transaction) -> ErasureNotice | None:
            if due is None:
                transaction.erase(_NOTICE, _IN_FORCE)
                return None
            notice = next_notice(_notice_in(transaction), due, now)
            transaction.put(_NOTICE, _IN_FORCE, to_mapping(notice, in_minutes))
            return notice

        return await self._registrations.transact(decide)

    async def postpone_erasure(self, postponement: Postponement, instead_of: Postponement | None) -> bool:
        """See the contract."""

        def decide(transaction: Transaction) -> bool:
            if instead_of != postponement_in(transaction):
                return False
            transaction.put(POSTPONEMENT, _IN_FORCE, to_mapping(postponement, in_minutes))
            transaction.erase(_NOTICE, _IN_FORCE)
            return True

        return await self._registrations.transact(decide)

    async def erase_all_registrations(self, day: date, notice: ErasureNotice | None = None) -> int:
        """See the contract."""

        def decide(transaction: Transaction) -> int:
            if notice is not None and notice != _notice_in(transaction):
                return 0
            number, before = len(transaction.records(REGISTRATIONS)), _erasure_in(transaction)
            if before is None or number:
                _put_erasure(transaction, Erasure(day, number + (before.number if before else 0)))
            for table in (REGISTRATIONS, INVITATIONS):
                _empty(transaction, table)
            transaction.erase(_NOTICE, _IN_FORCE)
            transaction.erase(POSTPONEMENT, _IN_FORCE)
            return number

        return await self._registrations.transact(decide)

    async def erase_journal(self, notice: ErasureNotice | None = None) -> int:
        """See the contract."""

        def decide(transaction: Transaction) -> int:
            if notice is not None and notice != _notice_in(transaction):
                return 0
            transaction.erase(_NOTICE, _IN_FORCE)
            return _empty(transaction, JOURNAL)

        return await self._registrations.transact(decide)


def _empty(transaction: Transaction, table: str) -> int:
    ids = transaction.records(table)
    for id in ids:
        transaction.erase(table, id)
    return len(ids)


def _erasure_in(view: View) -> Erasure | None:
    record = view.get(_ERASURE, _DONE)
    return None if record is None else from_json(Erasure, record)


def _put_erasure(transaction: Transaction, erasure: Erasure) -> None:
    transaction.put(_ERASURE, _DONE, to_mapping(erasure))


def _notice_in(view: View) -> ErasureNotice | None:
    record = view.get(_NOTICE, _IN_FORCE)
    return None if record is None else from_json(ErasureNotice, record)
