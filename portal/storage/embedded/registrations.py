"""Registrations in the store: added, amended, listed and erased."""

import random
from dataclasses import replace
from datetime import datetime

from portal.domain.errors import InvitationUnknown
from portal.domain.registration.registration import Mode, Registration, has_reserved_seat, initial_state
from portal.storage.embedded.registration_records import (
    INVITATIONS,
    REGISTRATIONS,
    RegistrationsPart,
    amend_record,
    counts_in,
    policy_in,
    put_policy,
    put_registration,
    registration_in,
    registration_of,
    seat_at_once,
)
from portal.storage.embedded.snapshot import Snapshot, Transaction


class EmbeddedRegistrations(RegistrationsPart):
    """`contract.RegistrationStore` on a database."""

    async def register(
        self, id: str, sealed_pseudonym: str, passphrase_hash: str, now: datetime, invitation: str | None = None
    ) -> Registration:
        """See the contract."""

        def decide(transaction: Transaction) -> Registration:
            present = registration_in(transaction, id)
            if present is not None:
                return present
            policy, counts = policy_in(transaction), counts_in(transaction)
            state = initial_state(policy, counts, now, is_invited=invitation is not None)
            if policy.mode is Mode.INVITATION or invitation is not None:
                _use_up(transaction, invitation)
                if has_reserved_seat(policy, counts):
                    put_policy(transaction, replace(policy, reserved=policy.reserved - 1))
            return put_registration(transaction, Registration(id, sealed_pseudonym, passphrase_hash, state))

        return await self._registrations.transact(decide)

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

        def decide(transaction: Transaction) -> Registration | None:
            record = transaction.get(REGISTRATIONS, id)
            if record is None or instead_of not in (None, record["passphrase_hash"]):
                return registration_in(transaction, id)
            values = {"sealed_pseudonym": sealed_pseudonym, "passphrase_hash": passphrase_hash}
            fields = {name: value for name, value in values.items() if value is not None}
            return amend_record(transaction, id, record, **fields)

        return await self._registrations.transact(decide)

    async def erase_registration(self, id: str, rng: random.Random) -> bool:
        """See the contract."""

        def decide(transaction: Transaction) -> bool:
            was_there = transaction.get(REGISTRATIONS, id) is not None
            transaction.erase(REGISTRATIONS, id)
            seat_at_once(transaction, rng)
            return was_there

        return await self._registrations.transact(decide)


def _use_up(transaction: Transaction, invitation: str | None) -> None:
    if invitation is None or transaction.get(INVITATIONS, invitation) is None:
        raise InvitationUnknown
    transaction.erase(INVITATIONS, invitation)


def _all(view: Snapshot) -> tuple[Registration, ...]:
    records = view.records(REGISTRATIONS)
    return tuple(registration_of(id, records[id]) for id in sorted(records))
