"""Two histories that end in the same records leave the same bytes: nothing tells how it came about."""

import asyncio
import tempfile
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.registration.registration import Mode, Policy, Registration, State
from portal.storage.embedded.store import EmbeddedStore, open_store
from tests.factories.history import FILES, locator
from tests.factories.stores import EVENT, NOW

people = st.lists(st.tuples(st.sampled_from(State), st.sampled_from(["", "Ada", "Zoë"])), max_size=6).map(
    lambda found: [Registration(locator(n), name, f"$argon2id${n}", state) for n, (state, name) in enumerate(found)]
)
seeds = st.integers(0, 2**32)


def final_policy(group: list[Registration]) -> Policy:
    """As many seats as these people have."""
    return Policy(Mode.CLOSED, sum(person.state is not State.WAITING for person in group))


async def straight_way(store: EmbeddedStore, group: list[Registration]) -> None:
    """People register one after the other; those who will wait come last, to a full house."""
    for person in sorted(group, key=lambda person: person.state is State.WAITING):
        await store.set_policy(Policy(capacity=0 if person.state is State.WAITING else None), Random(1))
        await store.register(person.id, person.sealed_pseudonym, person.passphrase_hash, NOW)
        if person.state is State.ARRIVED:
            await store.arrive(person.id)
    await store.set_policy(final_policy(group), Random(1))


async def winding_way(store: EmbeddedStore, group: list[Registration], rng: Random) -> None:
    """Register the same people at once and invited, change everything, check them in twice; others come and go."""
    invited = {person.id: locator(100 + n) for n, person in enumerate(group)}
    passers_by = [locator(n) for n in range(200, 200 + rng.randrange(4))]
    await asyncio.gather(*(store.register(id, "passer-by", "$argon2id$", NOW) for id in passers_by))
    await store.add_invitations(list(invited.values()))
    for is_waiting in (False, True):
        await store.set_policy(Policy(Mode.INVITATION, 0 if is_waiting else None), rng)
        some = [person for person in rng.sample(group, len(group)) if (person.state is State.WAITING) is is_waiting]
        await asyncio.gather(
            *(store.register(person.id, "?", "$argon2id$?", NOW, invited[person.id]) for person in some)
        )
    for person in rng.sample(group, len(group)):
        await store.arrive(person.id)
        if person.state is not State.ARRIVED:
            await store.undo_arrival(person.id)
        await store.amend_registration(person.id, person.sealed_pseudonym, person.passphrase_hash)
    for id in rng.sample(passers_by, len(passers_by)):
        await store.erase_registration(id, rng)
    await store.set_policy(final_policy(group), rng)


async def bytes_of(group: list[Registration], rng: Random | None) -> list[bytes]:
    """Return the file and its backup after these people registered, directly, or in a history drawn from `rng`."""
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(Path(folder))
        await store.initialise(EVENT)
        await (straight_way(store, group) if rng is None else winding_way(store, group, rng))
        found = await store.registrations()
        await store.close()
        assert found == tuple(sorted(group, key=lambda person: person.id))
        return [(Path(folder) / name).read_bytes() for name in FILES]


@settings(max_examples=25)
@given(people, seeds)
def test_same_people_leave_the_same_bytes_whatever_their_history(group: list[Registration], seed: int) -> None:
    assert asyncio.run(bytes_of(group, Random(seed))) == asyncio.run(bytes_of(group, None))
