"""The registrations and their policy, in one database: every rule of seats sees both."""

import random
from dataclasses import asdict
from typing import Final

from portal.domain.registration import (
    Counts,
    Mode,
    Policy,
    Registration,
    State,
    draw,
    place,
)
from portal.storage.database import Database
from portal.storage.json_file import Record
from portal.storage.snapshot import Change, View

_REGISTRATIONS: Final = "registrations"
_POLICY: Final = "policy"
_IN_FORCE: Final = "in force"


class EmbeddedRegistrations:
    """`portal.storage.contract.RegistrationStore` on a database."""

    def __init__(self, registrations: Database) -> None:
        self._registrations: Final = registrations

    async def register(self, id: str, pseudonym: str, passphrase_hash: str) -> Registration:
        """See the contract."""

        def decide(change: Change) -> Registration:
            already = change.get(_REGISTRATIONS, id)
            if already is not None:
                return _registration(id, already)
            registration = Registration(id, pseudonym, passphrase_hash, place(_policy(change), _counts(change)))
            _put(change, registration)
            return registration

        return await self._registrations.change(decide)

    async def registration(self, id: str) -> Registration | None:
        """See the contract."""
        record = (await self._registrations.snapshot()).get(_REGISTRATIONS, id)
        return None if record is None else _registration(id, record)

    async def erase_registration(self, id: str, chance: random.Random) -> bool:
        """See the contract."""

        def decide(change: Change) -> bool:
            was_there = change.get(_REGISTRATIONS, id) is not None
            change.erase(_REGISTRATIONS, id)
            _seat_by_lot(change, chance)
            return was_there

        return await self._registrations.change(decide)

    async def erase_all_registrations(self) -> int:
        """See the contract."""

        def decide(change: Change) -> int:
            ids = list(change.records(_REGISTRATIONS))
            for id in ids:
                change.erase(_REGISTRATIONS, id)
            return len(ids)

        return await self._registrations.change(decide)

    async def counts(self) -> Counts:
        """See the contract."""
        return _counts(await self._registrations.snapshot())

    async def policy(self) -> Policy:
        """See the contract."""
        return _policy(await self._registrations.snapshot())

    async def set_policy(self, policy: Policy, chance: random.Random) -> Policy:
        """See the contract."""

        def decide(change: Change) -> Policy:
            change.put(_POLICY, _IN_FORCE, asdict(policy))
            _seat_by_lot(change, chance)
            return policy

        return await self._registrations.change(decide)


def _seat_by_lot(change: Change, chance: random.Random) -> None:
    counts = _counts(change)
    if counts.waiting == 0:
        return
    records = change.records(_REGISTRATIONS)
    waiting = sorted(id for id, record in records.items() if record["state"] == State.WAITING)
    for id in draw(_policy(change), counts, waiting, chance):
        change.put(_REGISTRATIONS, id, {**records[id], "state": State.SEATED})


def _registration(id: str, record: Record) -> Registration:
    return Registration(id, record["pseudonym"], record["passphrase_hash"], State(record["state"]))


def _put(change: Change, registration: Registration) -> None:
    fields = asdict(registration)
    change.put(_REGISTRATIONS, fields.pop("id"), fields)


def _counts(view: View) -> Counts:
    tally = view.tally(_REGISTRATIONS, "state")
    return Counts(**{state.value: tally[state] for state in State})


def _policy(view: View) -> Policy:
    record = view.get(_POLICY, _IN_FORCE)
    return Policy() if record is None else Policy(Mode(record["mode"]), record["capacity"], record["waiting_list"])
