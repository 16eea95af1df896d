"""Registrations in the store, their seats, and the policy that gives these: records, and transactions over them."""

import random
from dataclasses import replace
from datetime import datetime
from typing import Final

from portal.domain.errors import InvitationUnknown
from portal.domain.event.event import Event
from portal.domain.json_values import from_json, in_minutes, to_mapping
from portal.domain.registration.arrival import Arrival, on_arrival, on_undo
from portal.domain.registration.registration import (
    Counts,
    Mode,
    Policy,
    Registration,
    State,
    draw,
    has_reserved_seat,
    initial_state,
)
from portal.domain.registration.retention import Postponement, policy_until_erasure
from portal.storage.embedded.data_file import Record
from portal.storage.embedded.database import Database, Snapshot, Transaction, View

REGISTRATIONS: Final = "registrations"
INVITATIONS: Final = "invitations"
JOURNAL: Final = "journal"
POSTPONEMENT: Final = "postponement"
LET_IN: Final = "let in"
"""State, on the disk, of a person who arrived from the waiting list: undone, the arrival leads back there."""

_POLICY: Final = "policy"
_IN_FORCE: Final = "in force"
_AT_FIRST: Final = "at first"


class RegistrationsPart:
    """A part of the store that works on the database of registrations."""

    def __init__(self, registrations: Database) -> None:
        self._registrations: Final = registrations


def registration_of(id: str, record: Record) -> Registration:
    """Return the registration of `record`."""
    return Registration(id, record["sealed_pseudonym"], record["passphrase_hash"], state_of(record))


def state_of(record: Record) -> State:
    """Return the state of the registration of `record`."""
    return State.ARRIVED if record["state"] == LET_IN else State(record["state"])


def registration_in(view: View, id: str) -> Registration | None:
    """Return the registration with this id."""
    record = view.get(REGISTRATIONS, id)
    return None if record is None else registration_of(id, record)


def put_registration(transaction: Transaction, registration: Registration) -> Registration:
    """Keep a new registration."""
    record = to_mapping(registration)
    del record["id"]
    transaction.put(REGISTRATIONS, registration.id, record)
    return registration


def amend_record(transaction: Transaction, id: str, record: Record, **fields: str) -> Registration:
    """Keep `record` with other values of these `fields`."""
    amended = {**record, **fields}
    transaction.put(REGISTRATIONS, id, amended)
    return registration_of(id, amended)


def counts_in(view: View) -> Counts:
    """Count the registrations in each state."""
    counts = view.count_by(REGISTRATIONS, "state")
    return Counts(counts[State.SEATED], counts[State.WAITING], counts[State.ARRIVED] + counts[LET_IN])


def policy_in(view: View) -> Policy:
    """Return the policy in force. Fields that an earlier portal did not know have their defaults.

    A folder without any policy is of a portal from before there was a limit by default.
    """
    record = view.get(_POLICY, _IN_FORCE) or view.get(_POLICY, _AT_FIRST)
    return from_json(Policy, record or {})


def is_policy_kept(view: View) -> bool:
    """Return whether the organisers ever kept a policy; until then, the first one is in force."""
    return view.get(_POLICY, _IN_FORCE) is not None


def put_policy(transaction: Transaction, policy: Policy, *, at_first: bool = False) -> None:
    """Keep `policy` as that in force, or as the first one, which lasts until the organisers keep theirs."""
    transaction.put(_POLICY, _AT_FIRST if at_first else _IN_FORCE, to_mapping(policy, in_minutes))


def postponement_in(view: View) -> Postponement | None:
    """Return the postponement of the erasure of the registrations."""
    record = view.get(POSTPONEMENT, _IN_FORCE)
    return None if record is None else from_json(Postponement, record)


def seat_at_once(transaction: Transaction, rng: random.Random) -> None:
    """Give the free seats by `draw`, unless they are kept for a later one."""
    if policy_in(transaction).gives_seats_at_once:
        seat_by_draw(transaction, rng)


def seat_by_draw(transaction: Transaction, rng: random.Random) -> int:
    """Give the free seats by `draw`, and return their number."""
    counts = counts_in(transaction)
    if counts.waiting == 0:
        return 0
    records = transaction.records(REGISTRATIONS)
    waiting = sorted(id for id, record in records.items() if record["state"] == State.WAITING)
    drawn = draw(policy_in(transaction), counts, waiting, rng)
    for id in drawn:
        transaction.put(REGISTRATIONS, id, {**records[id], "state": State.SEATED})
    return len(drawn)


class EmbeddedRegistrations(RegistrationsPart):
    """`contract.RegistrationStore` on the database of registrations."""

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


class EmbeddedSeats(RegistrationsPart):
    """`contract.SeatStore` on the same database: the policy, the counts, draws, and arrivals at the check-in."""

    async def counts(self) -> Counts:
        """See the contract."""
        return counts_in(await self._registrations.snapshot())

    async def policy(self) -> Policy:
        """See the contract."""
        return policy_in(await self._registrations.snapshot())

    async def policy_in_force(self, event: Event) -> Policy:
        """See the contract."""
        view = await self._registrations.snapshot()
        return policy_until_erasure(policy_in(view), event, postponement_in(view))

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
