"""A history of the registrations, and what is known of it: who must be there, in which state, and in which bytes."""

import asyncio
import tempfile
from collections.abc import Coroutine
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from hypothesis.stateful import RuleBasedStateMachine, invariant

from portal.domain.organisers.organiser import JournalEntry
from portal.domain.registration.registration import Counts, Policy, Registration, State
from portal.domain.registration.retention import Erasure
from portal.storage.embedded.data_file import Record
from portal.storage.embedded.store import EmbeddedStore, open_store
from tests.factories.stores import EVENT, NOW
from tests.fakes.memory_store import sealed

Answer = TypeVar("Answer")
FILES: Final = ("registrations.json", "registrations.last-good.json")


def locator(person: int) -> str:
    """Return the id of a person, who is a number here."""
    return f"{person:064x}"


def people_of(found: tuple[Registration, ...]) -> dict[int, Registration]:
    """Return the registrations by person."""
    return {int(registration.id, 16): registration for registration in found}


async def contents_of(
    stores: list[EmbeddedStore],
) -> list[tuple[Policy, Counts, int, tuple[JournalEntry, ...], Erasure | None]]:
    """Return the contents of each store."""
    return [
        (await each.policy(), await each.counts(), await each.invitations(), await each.journal(), await each.erasure())
        for each in stores
    ]


class KnownHistory(RuleBasedStateMachine):
    """Two portals on one folder, and all that is known of what they keep; the rules are for those who inherit."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.data = Path(self.folder.name)
        self.stores = [self.run(open_store(self.data))]
        self.run(self.stores[0].initialise(EVENT))
        self.stores.append(self.run(open_store(self.data)))
        self.now = NOW
        self.set_policy: Policy | None = None
        self.people: dict[int, Registration] = {}
        self.let_in: set[int] = set()
        self.invitations: set[str] = set()
        self.entries: list[JournalEntry] = []
        self.erasure: Erasure | None = None
        self.seen = (0, frozenset[int]())

    def run(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        """Return the answer of `work`."""
        return self.runner.run(work)

    def teardown(self) -> None:
        """Close everything."""
        for store in self.stores:
            self.run(store.close())
        self.runner.close()
        self.folder.cleanup()

    @property
    def store(self) -> EmbeddedStore:
        """One portal, then the other."""
        self.stores.reverse()
        return self.stores[0]

    @property
    def policy(self) -> Policy:
        """Return the policy in force."""
        return self.set_policy or Policy()

    def counts(self) -> Counts:
        """Count the people in each state."""
        states = [registration.state for registration in self.people.values()]
        return Counts(**{state.value: states.count(state) for state in State})

    def promised(self) -> int:
        """Count the seats that are taken, without those of people who were let in since the last step."""
        _, let_in_before = self.seen
        return self.counts().taken - len(self.let_in - let_in_before)

    def in_state(self, person: int, state: State) -> None:
        """Know that a person is in this state now."""
        self.people[person] = replace(self.people[person], state=state)

    def know_who_was_drawn(self, is_draw: bool = False) -> int:
        """Beside what is known, only who waited was seated, and none beyond the seats; how many they are.

        Where the organisers draw themselves, that is in their own draw alone.
        """
        found = self.run(self.store.registrations())
        there = people_of(found)
        assert there.keys() == self.people.keys()
        drawn = {person for person, registration in there.items() if registration != self.people[person]}
        for person in drawn:
            assert self.people[person].state is State.WAITING
            self.in_state(person, State.SEATED)
        assert there == self.people
        assert not drawn or self.policy.capacity is None or self.promised() <= self.policy.capacity
        assert not drawn or self.policy.gives_seats_at_once or is_draw
        return len(drawn)

    def know_the_draw(self, given: int) -> None:
        """So many seats were `given` by a draw: no seat is free then while one waits, and no draw is to come."""
        if self.set_policy is not None:
            self.set_policy = replace(self.set_policy, draw_at=None)
        assert given == self.know_who_was_drawn(is_draw=True)
        counts, capacity = self.counts(), self.policy.capacity
        assert counts.waiting == 0 or (capacity is not None and counts.taken >= capacity)

    @invariant()
    def never_more_are_seated_than_seats(self) -> None:
        """More seats are taken only while there are some; but for those who are let in on seats that stay empty."""
        taken_before, _ = self.seen
        assert self.policy.capacity is None or self.promised() <= max(self.policy.capacity, taken_before)
        self.seen = self.counts().taken, frozenset(self.let_in)

    @invariant()
    def nobody_waits_for_a_free_seat(self) -> None:
        """Check that a free seat went to somebody who waited, unless it is kept for a later draw."""
        counts, capacity = self.counts(), self.policy.capacity
        is_full = capacity is not None and counts.taken >= capacity
        assert counts.waiting == 0 or is_full or not self.policy.gives_seats_at_once

    @invariant()
    def each_portal_tells_what_is_known(self) -> None:
        """Check that each of the two sees at once what the other one did."""
        known = (self.policy, self.counts(), len(self.invitations), tuple(reversed(self.entries)), self.erasure)
        assert self.run(contents_of(self.stores)) == [known, known]

    @invariant()
    def files_tell_nothing_but_what_is_there(self) -> None:
        """Check that the bytes follow from the set of records alone, not from its history."""
        content = sealed(self._tables())
        for name in FILES:
            assert (self.data / name).read_bytes() == content

    def _tables(self) -> dict[str, dict[str, Record]]:
        tables: dict[str, dict[str, Record]] = {
            "invitations": {id: {} for id in self.invitations},
            "journal": {f"{entry.day} {place:06}": _of(entry) for place, entry in enumerate(self.entries, 1)},
            "registrations": {
                locator(person): {**_of(each), "state": "let in" if person in self.let_in else each.state}
                for person, each in self.people.items()
            },
        }
        if self.set_policy:
            tables["policy"] = {"in force": asdict(self.set_policy, dict_factory=_written)}
        if self.erasure:
            tables["erasure"] = {"done": asdict(self.erasure) | {"day": self.erasure.day.isoformat()}}
        return tables


def _of(each: Registration | JournalEntry) -> Record:
    fields = asdict(each) | ({"day": each.day.isoformat()} if isinstance(each, JournalEntry) else {})
    fields.pop("id", None)
    return fields


def _written(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: v.isoformat(timespec="minutes") if isinstance(v, datetime) else v for name, v in fields}
