"""The erasure: its notice, its postponement, and what it takes."""

from datetime import date, datetime
from typing import Final

from portal.domain.json_values import from_json, in_minutes, to_mapping
from portal.domain.registration.retention import Erasure, ErasureNotice, Postponement, Retained, noticed
from portal.storage.embedded.registration_records import INVITATIONS, JOURNAL, REGISTRATIONS, OnRegistrations
from portal.storage.embedded.snapshot import Transaction, View

_ERASURE: Final = "erasure"
_DONE: Final = "done"
_NOTICE: Final = "erasure-notice"
_POSTPONEMENT: Final = "postponement"
_IN_FORCE: Final = "in force"


class EmbeddedErasure(OnRegistrations):
    """`erasure_contract.ErasureStore` on the database of registrations."""

    async def erasure(self) -> Erasure | None:
        """See the contract."""
        return _erasure_in(await self._registrations.snapshot())

    async def retained(self) -> Retained:
        """See the contract."""
        view = await self._registrations.snapshot()
        registrations, invitations, journal = (
            len(view.records(table)) for table in (REGISTRATIONS, INVITATIONS, JOURNAL)
        )
        state = _erasure_in(view), _notice_in(view), _postponement_in(view)
        return Retained(registrations, invitations, journal, *state)

    async def announce_erasure(self, due: datetime | None, now: datetime) -> ErasureNotice | None:
        """See the contract."""

        def decide(change: Transaction) -> ErasureNotice | None:
            if due is None:
                change.erase(_NOTICE, _IN_FORCE)
                return None
            notice = noticed(_notice_in(change), due, now)
            change.put(_NOTICE, _IN_FORCE, to_mapping(notice, in_minutes))
            return notice

        return await self._registrations.change(decide)

    async def postpone_erasure(self, postponement: Postponement, instead_of: Postponement | None) -> bool:
        """See the contract."""

        def decide(change: Transaction) -> bool:
            if instead_of != _postponement_in(change):
                return False
            change.put(_POSTPONEMENT, _IN_FORCE, to_mapping(postponement, in_minutes))
            change.erase(_NOTICE, _IN_FORCE)
            return True

        return await self._registrations.change(decide)

    async def erase_all_registrations(self, day: date, notice: ErasureNotice | None = None) -> int:
        """See the contract."""

        def decide(change: Transaction) -> int:
            if notice is not None and notice != _notice_in(change):
                return 0
            number, before = len(change.records(REGISTRATIONS)), _erasure_in(change)
            if before is None or number:
                _put_erasure(change, Erasure(day, number + (before.number if before else 0)))
            for table in (REGISTRATIONS, INVITATIONS):
                _empty(change, table)
            change.erase(_NOTICE, _IN_FORCE)
            change.erase(_POSTPONEMENT, _IN_FORCE)
            return number

        return await self._registrations.change(decide)

    async def erase_journal(self, notice: ErasureNotice | None = None) -> int:
        """See the contract."""

        def decide(change: Transaction) -> int:
            if notice is not None and notice != _notice_in(change):
                return 0
            change.erase(_NOTICE, _IN_FORCE)
            return _empty(change, JOURNAL)

        return await self._registrations.change(decide)


def _empty(change: Transaction, table: str) -> int:
    ids = change.records(table)
    for id in ids:
        change.erase(table, id)
    return len(ids)


def _erasure_in(view: View) -> Erasure | None:
    record = view.get(_ERASURE, _DONE)
    return None if record is None else from_json(Erasure, record)


def _put_erasure(change: Transaction, erasure: Erasure) -> None:
    change.put(_ERASURE, _DONE, to_mapping(erasure))


def _notice_in(view: View) -> ErasureNotice | None:
    record = view.get(_NOTICE, _IN_FORCE)
    return None if record is None else from_json(ErasureNotice, record)


def _postponement_in(view: View) -> Postponement | None:
    record = view.get(_POSTPONEMENT, _IN_FORCE)
    return None if record is None else from_json(Postponement, record)
