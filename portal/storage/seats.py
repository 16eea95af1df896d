"""The seats: the rule of registration, how many are taken, and who sits down at the door."""

import random
from dataclasses import replace

from portal.domain.arrival import Arrival, on_arrival, on_undo
from portal.domain.registration import Counts, Policy, Registration, State
from portal.storage.registration_records import (
    OnRegistrations,
    counts_in,
    policy_in,
    put_policy,
    put_registration,
    registration_in,
    seat_by_lot,
)
from portal.storage.snapshot import Change


class EmbeddedSeats(OnRegistrations):
    """`portal.storage.contract.SeatStore` on the database of registrations: every rule of seats sees both."""

    async def counts(self) -> Counts:
        """See the contract."""
        return counts_in(await self._registrations.snapshot())

    async def policy(self) -> Policy:
        """See the contract."""
        return policy_in(await self._registrations.snapshot())

    async def set_policy(self, policy: Policy, chance: random.Random) -> Policy:
        """See the contract."""

        def decide(change: Change) -> Policy:
            put_policy(change, policy)
            seat_by_lot(change, chance)
            return policy

        return await self._registrations.change(decide)

    async def arrive(self, id: str, let_in: bool = False) -> Arrival | None:
        """See the contract."""

        def decide(change: Change) -> Arrival | None:
            found = registration_in(change, id)
            if found is None:
                return None
            state = on_arrival(policy_in(change), counts_in(change), found.state, let_in)
            return Arrival(put_registration(change, replace(found, state=state)), found.state)

        return await self._registrations.change(decide)

    async def undo_arrival(self, id: str, was: State = State.SEATED) -> Registration | None:
        """See the contract."""

        def decide(change: Change) -> Registration | None:
            found = registration_in(change, id)
            if found is None or found.state is not State.ARRIVED:
                return found
            return put_registration(change, replace(found, state=on_undo(policy_in(change), counts_in(change), was)))

        return await self._registrations.change(decide)
