"""The seats: the rule of registration, how many are taken, and who sits down at the door."""

import random
from dataclasses import replace
from datetime import datetime

from portal.domain.registration.arrival import Arrival, on_arrival, on_undo
from portal.domain.registration.registration import Counts, Policy, Registration, State
from portal.storage.embedded.registration_records import (
    LET_IN,
    REGISTRATIONS,
    OnRegistrations,
    amend_record,
    counts_in,
    policy_in,
    put_policy,
    registration_in,
    registration_of,
    seat_at_once,
    seat_by_lot,
)
from portal.storage.embedded.snapshot import Transaction


class EmbeddedSeats(OnRegistrations):
    """`contract.SeatStore` on the database of registrations: every rule of seats sees both."""

    async def counts(self) -> Counts:
        """See the contract."""
        return counts_in(await self._registrations.snapshot())

    async def policy(self) -> Policy:
        """See the contract."""
        return policy_in(await self._registrations.snapshot())

    async def set_policy(self, policy: Policy, rng: random.Random) -> Policy:
        """See the contract."""

        def decide(change: Transaction) -> Policy:
            put_policy(change, policy)
            seat_at_once(change, rng)
            return policy

        return await self._registrations.change(decide)

    async def set_first_policy(self, policy: Policy) -> None:
        """See the contract."""
        await self._registrations.change(lambda change: put_policy(change, policy, at_first=True))

    async def draw_seats(self, rng: random.Random) -> int:
        """See the contract."""
        return await self._registrations.change(lambda change: _draw(change, rng))

    async def draw_if_due(self, now: datetime, rng: random.Random) -> int | None:
        """See the contract."""

        def decide(change: Transaction) -> int | None:
            moment = policy_in(change).draw_at
            return None if moment is None or now < moment else _draw(change, rng)

        return await self._registrations.change(decide)

    async def arrive(self, id: str, let_in: bool = False) -> Arrival | None:
        """See the contract."""

        def decide(change: Transaction) -> Arrival | None:
            record = change.get(REGISTRATIONS, id)
            if record is None:
                return None
            found = registration_of(id, record)
            state = on_arrival(policy_in(change), counts_in(change), found.state, let_in)
            if state is found.state:
                return Arrival(found, found.state)
            kept = LET_IN if found.state is State.WAITING else state
            return Arrival(amend_record(change, id, record, state=kept), found.state)

        return await self._registrations.change(decide)

    async def undo_arrival(self, id: str) -> Registration | None:
        """See the contract."""

        def decide(change: Transaction) -> Registration | None:
            record = change.get(REGISTRATIONS, id)
            if record is None or registration_of(id, record).state is not State.ARRIVED:
                return registration_in(change, id)
            state = on_undo(policy_in(change), counts_in(change), record["state"] == LET_IN)
            return amend_record(change, id, record, state=state)

        return await self._registrations.change(decide)


def _draw(change: Transaction, rng: random.Random) -> int:
    policy = policy_in(change)
    if policy.draw_at is not None:
        put_policy(change, replace(policy, draw_at=None))
    return seat_by_lot(change, rng)
