"""The records of the database of registrations, and the lot that the seats among them go by."""

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
"""The state, on the disk, of an arrival of one who had waited: undone, it is another than that of a seated one."""

_POLICY: Final = "policy"
_IN_FORCE: Final = "in force"
_AT_FIRST: Final = "at first"


class OnRegistrations:
    """A part of the store that works on the database of registrations."""

    def __init__(self, registrations: Database) -> None:
        self._registrations: Final = registrations


def registration_of(id: str, record: Record) -> Registration:
    """The registration that `record` is."""
    return Registration(id, record["sealed_pseudonym"], record["passphrase_hash"], state_of(record))


def state_of(record: Record) -> State:
    """The state of the registration that `record` is."""
    return State.ARRIVED if record["state"] == LET_IN else State(record["state"])


def registration_in(view: View, id: str) -> Registration | None:
    """The registration with this id."""
    record = view.get(REGISTRATIONS, id)
    return None if record is None else registration_of(id, record)


def put_registration(change: Transaction, registration: Registration) -> Registration:
    """Keep a new registration."""
    record = to_mapping(registration)
    del record["id"]
    change.put(REGISTRATIONS, registration.id, record)
    return registration


def amend_record(change: Transaction, id: str, record: Record, **fields: str) -> Registration:
    """Keep other values of these fields of the registration that is `record` so far."""
    amended = {**record, **fields}
    change.put(REGISTRATIONS, id, amended)
    return registration_of(id, amended)


def counts_in(view: View) -> Counts:
    """How many registrations are in each state."""
    tally = view.tally(REGISTRATIONS, "state")
    return Counts(tally[State.SEATED], tally[State.WAITING], tally[State.ARRIVED] + tally[LET_IN])


def policy_in(view: View) -> Policy:
    """The policy in force. What the portal that wrote it did not know is as by default.

    Where none was kept, not even at first, the portal was set up when there was no limit by itself.
    """
    record = view.get(_POLICY, _IN_FORCE) or view.get(_POLICY, _AT_FIRST)
    return from_json(Policy, record or {})


def is_policy_kept(view: View) -> bool:
    """Whether the organisers ever kept a policy; that of the beginning is in force as long as they did not."""
    return view.get(_POLICY, _IN_FORCE) is not None


def put_policy(change: Transaction, policy: Policy, *, at_first: bool = False) -> None:
    """Keep `policy` as the one in force, or as the one that is until the organisers keep theirs."""
    change.put(_POLICY, _AT_FIRST if at_first else _IN_FORCE, to_mapping(policy, in_minutes))


def seat_at_once(change: Transaction, rng: random.Random) -> None:
    """Give the seats that are free by `draw`, unless they are kept for a later one."""
    if policy_in(change).gives_seats_at_once:
        seat_by_lot(change, rng)


def seat_by_lot(change: Transaction, rng: random.Random) -> int:
    """Give the seats that are free by `draw`; how many."""
    counts = counts_in(change)
    if counts.waiting == 0:
        return 0
    records = change.records(REGISTRATIONS)
    waiting = sorted(id for id, record in records.items() if record["state"] == State.WAITING)
    drawn = draw(policy_in(change), counts, waiting, rng)
    for id in drawn:
        change.put(REGISTRATIONS, id, {**records[id], "state": State.SEATED})
    return len(drawn)
