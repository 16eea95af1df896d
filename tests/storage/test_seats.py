"""Any history of registrations: the rules of seats hold, and the file tells nothing of the history."""

import asyncio
import tempfile
from dataclasses import asdict
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from portal.domain.errors import RegistrationClosed, RegistrationFull
from portal.domain.registration import Counts, Mode, Policy, State, free_seats
from portal.storage.embedded import EmbeddedStore, open_store
from portal.storage.json_file import sealed
from tests.storage.backends import EVENT, NOW, TODAY

PEOPLE = range(8)
people = st.sampled_from(PEOPLE)
seeds = st.integers(0, 2**32)
policies = st.builds(Policy, st.sampled_from([Mode.OPEN, Mode.CLOSED]), st.none() | st.integers(0, 5), st.booleans())


def locator(person: int) -> str:
    return f"{person:064x}"


def record_of(person: int, state: State) -> dict[str, object]:
    return {"pseudonym": f"person {person}", "passphrase_hash": f"$argon2id${person}", "state": state}


async def register(store: EmbeddedStore, person: int) -> State:
    return (await store.register(locator(person), f"person {person}", f"$argon2id${person}", NOW)).state


class History(RuleBasedStateMachine):
    """People register and leave, organisers change their mind, the portal restarts."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.data = Path(self.folder.name)
        self.policy: Policy | None = None
        self.states: dict[int, State] = {}
        self.erased = 0
        self.store = self.runner.run(open_store(self.data))
        self.runner.run(self.store.initialise(EVENT))

    def teardown(self) -> None:
        self.runner.run(self.store.close())
        self.runner.close()
        self.folder.cleanup()

    @rule(person=people)
    def register(self, person: int) -> None:
        policy, before = self.policy or Policy(), self.counts()
        if person in self.states:
            assert self.runner.run(register(self.store, person)) == self.states[person]
            return
        try:
            state = self.runner.run(register(self.store, person))
        except RegistrationClosed:
            assert policy.mode is Mode.CLOSED
        except RegistrationFull:
            assert (free_seats(policy, before), policy.waiting_list) == (0, False)
        else:
            self.states[person] = state
            assert policy.mode is Mode.OPEN
            assert (state is State.SEATED) == (free_seats(policy, before) != 0)

    @rule(person=people, seed=seeds)
    def erase(self, person: int, seed: int) -> None:
        was_there = self.runner.run(self.store.erase_registration(locator(person), Random(seed)))
        assert was_there == (person in self.states)
        self.states.pop(person, None)
        self.look_who_was_seated()

    @rule(policy=policies, seed=seeds)
    def change_the_policy(self, policy: Policy, seed: int) -> None:
        self.policy = self.runner.run(self.store.set_policy(policy, Random(seed)))
        self.look_who_was_seated()

    @precondition(lambda self: len(self.states) > 2)
    @rule()
    def erase_everybody(self) -> None:
        assert self.runner.run(self.store.erase_all_registrations(TODAY)) == len(self.states)
        self.erased += len(self.states)
        self.states.clear()

    @rule()
    def restart(self) -> None:
        self.runner.run(self.store.close())
        self.store = self.runner.run(open_store(self.data))

    def look_who_was_seated(self) -> None:
        """Only those who waited may have changed, and only to a seat, of which there are no more than there were."""
        for person, state in self.states.items():
            registration = self.runner.run(self.store.registration(locator(person)))
            assert registration is not None
            assert registration.state is state or (state, registration.state) == (State.WAITING, State.SEATED)
            self.states[person] = registration.state

    def counts(self) -> Counts:
        states = list(self.states.values())
        return Counts(seated=states.count(State.SEATED), waiting=states.count(State.WAITING))

    @invariant()
    def nobody_waits_for_a_free_seat(self) -> None:
        counts = self.runner.run(self.store.counts())
        assert counts == self.counts()
        assert counts.waiting == 0 or free_seats(self.policy or Policy(), counts) == 0

    @invariant()
    def file_tells_nothing_but_who_is_there(self) -> None:
        tables: dict[str, dict[str, dict[str, object]]] = {
            "registrations": {locator(person): record_of(person, state) for person, state in self.states.items()}
        }
        if self.policy:
            tables["policy"] = {"in force": asdict(self.policy)}
        if self.erased:
            tables["erasure"] = {"done": {"day": TODAY.isoformat(), "number": self.erased}}
        for name in ("registrations.json", "registrations.last-good.json"):
            assert (self.data / name).read_bytes() == sealed(tables)


TestHistory = History.TestCase
TestHistory.settings = settings(max_examples=20, stateful_step_count=20, deadline=None)


async def bytes_after(order: list[int], gone: list[int], at_once: bool) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(Path(folder))
        await store.initialise(EVENT)
        if at_once:
            await asyncio.gather(*(register(store, person) for person in order))
        else:
            for person in order:
                await register(store, person)
        for person in gone:
            await store.erase_registration(locator(person), Random(1))
        await store.close()
        return (Path(folder) / "registrations.json").read_bytes()


@settings(max_examples=12, deadline=None)
@given(st.permutations(PEOPLE), st.permutations(PEOPLE), st.lists(st.integers(100, 105), unique=True), st.booleans())
def test_same_people_leave_the_same_bytes_whatever_their_order(
    one: list[int], another: list[int], passers_by: list[int], at_once: bool
) -> None:
    first = asyncio.run(bytes_after(one, [], at_once=False))
    assert asyncio.run(bytes_after([*passers_by, *another], passers_by, at_once)) == first
