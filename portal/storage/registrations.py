"""The registrations: kept, amended, listed and erased."""

import random
from dataclasses import asdict
from datetime import date, datetime
from typing import Final

from portal.domain.errors import InvitationUnknown
from portal.domain.registration import Mode, Registration, place
from portal.domain.retention import Erasure
from portal.storage.registration_records import (
    INVITATIONS,
    JOURNAL,
    REGISTRATIONS,
    OnRegistrations,
    amend_record,
    counts_in,
    policy_in,
    put_registration,
    registration_in,
    registration_of,
    seat_at_once,
)
from portal.storage.snapshot import Change, Snapshot, View

_ERASURE: Final = "erasure"
_DONE: Final = "done"


class EmbeddedRegistrations(OnRegistrations):
    """`portal.storage.contract.RegistrationStore` on a database."""

    async def register(
        self, id: str, sealed_pseudonym: str, passphrase_hash: str, now: datetime, invitation: str | None = None
    ) -> Registration:
        """See the contract."""

        def decide(change: Change) -> Registration:
            already = registration_in(change, id)
            if already is not None:
                return already
            policy = policy_in(change)
            state = place(policy, counts_in(change), now)
            if policy.mode is Mode.INVITATION:
                _use_up(change, invitation)
            return put_registration(change, Registration(id, sealed_pseudonym, passphrase_hash, state))

        return await self._registrations.change(decide)

    async def registration(self, id: str) -> Registration | None:
        """See the contract."""
        return registration_in(await self._registrations.snapshot(), id)

    async def registrations(self) -> tuple[Registration, ...]:
        """See the contract."""
        return await self._registrations.read(_all)

    async def amend_registration(
        self,
        id: str,
        sealed_pseudonym: str | None = None,
        passphrase_hash: str | None = None,
        instead_of: str | None = None,
    ) -> Registration | None:
        """See the contract."""

        def decide(change: Change) -> Registration | None:
            record = change.get(REGISTRATIONS, id)
            if record is None or instead_of not in (None, record["passphrase_hash"]):
                return registration_in(change, id)
            asked = {"sealed_pseudonym": sealed_pseudonym, "passphrase_hash": passphrase_hash}
            fields = {name: value for name, value in asked.items() if value is not None}
            return amend_record(change, id, record, **fields)

        return await self._registrations.change(decide)

    async def erase_registration(self, id: str, chance: random.Random) -> bool:
        """See the contract."""

        def decide(change: Change) -> bool:
            was_there = change.get(REGISTRATIONS, id) is not None
            change.erase(REGISTRATIONS, id)
            seat_at_once(change, chance)
            return was_there

        return await self._registrations.change(decide)

    async def erase_all_registrations(self, day: date) -> int:
        """See the contract."""

        def decide(change: Change) -> int:
            number, before = len(change.records(REGISTRATIONS)), _erasure_in(change)
            if before is None or number:
                _put_erasure(change, Erasure(day, number + (before.number if before else 0)))
            for table in (REGISTRATIONS, INVITATIONS, JOURNAL):
                for id in change.records(table):
                    change.erase(table, id)
            return number

        return await self._registrations.change(decide)

    async def erasure(self) -> Erasure | None:
        """See the contract."""
        return _erasure_in(await self._registrations.snapshot())


def _use_up(change: Change, invitation: str | None) -> None:
    if invitation is None or change.get(INVITATIONS, invitation) is None:
        raise InvitationUnknown
    change.erase(INVITATIONS, invitation)


def _all(view: Snapshot) -> tuple[Registration, ...]:
    records = view.records(REGISTRATIONS)
    return tuple(registration_of(id, records[id]) for id in sorted(records))


def _erasure_in(view: View) -> Erasure | None:
    record = view.get(_ERASURE, _DONE)
    return None if record is None else Erasure(date.fromisoformat(record["day"]), record["number"])


def _put_erasure(change: Change, erasure: Erasure) -> None:
    change.put(_ERASURE, _DONE, asdict(erasure) | {"day": erasure.day.isoformat()})
