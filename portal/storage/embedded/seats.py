"""Seats in the store: the policy, the counts, draws, and arrivals at the check-in."""

import random
from dataclasses import replace
from datetime import datetime

from portal.domain.registration.arrival import Arrival, on_arrival, on_undo
from portal.domain.registration.registration import Counts, Policy, Registration, State
from portal.storage.embedded.registration_records import (
    LET_IN,
    REGISTRATIONS,
    RegistrationsPart,
    amend_record,
    counts_in,
    policy_in,
    put_policy,
    registration_in,
    registration_of,
    seat_at_once,
    seat_by_draw,
)
from portal.storage.embedded.snapshot import Transaction


class EmbeddedSeats(RegistrationsPart):
    """`contract.SeatStore` on the database of registrations."""

    async def counts(self) -> Counts:
        """See the contract."""
        return counts_in(await self._registrations.snapshot())

    async def policy(self) -> Policy:
        """See the contract."""
        return policy_in(await self._registrations.snapshot())

    async def set_policy(self, policy: Policy, rng: random.Random) -> Policy:
        """See the contract."""

        def decide(transaction: Transaction) -> Policy:
            put_policy(transaction, policy)
            seat_at_once(transaction, rng)
            return policy

        return await self._registrations.transact(decide)

    async def set_first_policy(self, policy: Policy) -> None:
        """See the contract."""
        await self._registrations.transact(lambda transaction: put_policy(transaction, policy, at_first=True))

    async def draw_seats(self, rng: random.Random) -> int:
        """See the contract."""
        return await self._registrations.transact(lambda transaction: _draw_now(transaction, rng))

    async def draw_if_due(self, now: datetime, rng: random.Random) -> int | None:
        """See the contract."""

        def decide(transaction: Transaction) -> int | None:
            moment = policy_in(transaction).draw_at
            return None if moment is None or now < moment else _draw_now(transaction, rng)

        return await self._registrations.transact(decide)

    async def arrive(self, id: str, let_in: bool = False) -> Arrival | None:
        """See the contract."""

        def decide(transaction: Transaction) -> Arrival | None:
            record = transaction.get(REGISTRATIONS, id)
            if record is None:
                return None
            found = registration_of(id, record)
            state = on_arrival(policy_in(transaction), counts_in(transaction), found.state, let_in)
            if state is found.state:
                return Arrival(found, found.state)
            stored = LET_IN if found.state is State.WAITING else state
            return Arrival(amend_record(transaction, id, record, state=stored), found.state)

        return await self._registrations.transact(decide)

    async def undo_arrival(self, id: str) -> Registration | None:
        """See the contract."""

        def decide(transaction: Transaction) -> Registration | None:
            record = transaction.get(REGISTRATIONS, id)
            if record is None or registration_of(id, record).state is not State.ARRIVED:
                return registration_in(transaction, id)
            state = on_undo(policy_in(transaction), counts_in(transaction), record["state"] == LET_IN)
            return amend_record(transaction, id, record, state=state)

        return await self._registrations.transact(decide)


def _draw_now(transaction: Transaction, rng: random.Random) -> int:
    policy = policy_in(transaction)
    if policy.draw_at is not None:
        put_policy(transaction, replace(policy, draw_at=None))
    return seat_by_draw(transaction, rng)
