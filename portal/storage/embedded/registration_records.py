"""Records of the database of registrations: read, written, counted, and given free seats by draw."""

import random
from typing import Final

from portal.domain.json_values import from_json, in_minutes, to_mapping
from portal.domain.registration.registration import Counts, Policy, Registration, State, draw
from portal.storage.embedded.database import Database
from portal.storage.embedded.json_file import Record
from portal.storage.embedded.snapshot import Transaction, View

REGISTRATIONS: Final = "registrations"
INVITATIONS: Final = "invitations"
JOURNAL: Final = "journal"
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
