"""The contract of registrations, on every backend."""

import asyncio
from dataclasses import replace
from random import Random

import pytest

from portal.domain.errors import RegistrationClosed, RegistrationFull
from portal.domain.registration.registration import Counts, Mode, Policy, Registration, State
from portal.storage.contract import Store
from tests.factories.history import locator
from tests.factories.stores import NOW, TODAY

pytestmark = pytest.mark.anyio

ADA = Registration("a" * 64, "Ada", "$argon2id$ada", State.SEATED)


async def register_many(store: Store, number: int) -> list[Registration]:
    return [await store.register(locator(n), "", f"$argon2id${n}", NOW) for n in range(number)]


async def test_register_keeps_what_a_person_gave_and_nothing_else(store: Store) -> None:
    assert await store.register(ADA.id, ADA.sealed_pseudonym, ADA.passphrase_hash, NOW) == ADA
    assert await store.registration(ADA.id) == ADA


async def test_register_takes_a_pseudonym_of_any_characters(store: Store) -> None:
    odd = 'Zoë "\\\n\u0000\u2028\U0001f511 \ud800'
    assert await store.register(ADA.id, odd, ADA.passphrase_hash, NOW) == replace(ADA, sealed_pseudonym=odd)
    assert await store.registration(ADA.id) == replace(ADA, sealed_pseudonym=odd)


async def test_register_twice_answers_with_the_record_that_is_there(store: Store) -> None:
    await store.register(ADA.id, ADA.sealed_pseudonym, ADA.passphrase_hash, NOW)
    assert await store.register(ADA.id, "Eve", "$argon2id$eve", NOW) == ADA
    assert await store.counts() == Counts(seated=1)


async def test_register_twice_at_once_makes_one_record(store: Store) -> None:
    answers = await asyncio.gather(*(store.register(ADA.id, "Ada", "$argon2id$ada", NOW) for _ in range(8)))
    assert answers == [ADA] * 8
    assert await store.counts() == Counts(seated=1)


async def test_register_again_is_answered_when_registration_is_closed(store: Store) -> None:
    await store.register(ADA.id, ADA.sealed_pseudonym, ADA.passphrase_hash, NOW)
    await store.set_policy(Policy(mode=Mode.CLOSED), Random(1))
    assert await store.register(ADA.id, "", "$argon2id$other", NOW) == ADA


async def test_register_is_refused_when_registration_is_closed(store: Store) -> None:
    await store.set_policy(Policy(mode=Mode.CLOSED), Random(1))
    with pytest.raises(RegistrationClosed):
        await store.register(ADA.id, ADA.sealed_pseudonym, ADA.passphrase_hash, NOW)
    assert await store.registration(ADA.id) is None


async def test_register_is_refused_when_full_without_a_waiting_list(store: Store) -> None:
    await store.set_policy(Policy(capacity=1, waiting_list=False), Random(1))
    await store.register(locator(1), "", "$argon2id$1", NOW)
    with pytest.raises(RegistrationFull):
        await store.register(ADA.id, ADA.sealed_pseudonym, ADA.passphrase_hash, NOW)
    assert await store.registration(ADA.id) is None
    assert await store.counts() == Counts(seated=1)


async def test_register_at_once_never_gives_more_seats_than_there_are(store: Store) -> None:
    await store.set_policy(Policy(capacity=3), Random(1))
    answers = await asyncio.gather(*(store.register(locator(n), "", "$argon2id$", NOW) for n in range(10)))
    assert sorted(answer.state for answer in answers) == [State.SEATED] * 3 + [State.WAITING] * 7
    assert await store.counts() == Counts(seated=3, waiting=7)


async def test_registration_that_was_never_made_is_none(store: Store) -> None:
    assert await store.registration(ADA.id) is None


async def test_erase_forgets_the_record(store: Store) -> None:
    await store.register(ADA.id, ADA.sealed_pseudonym, ADA.passphrase_hash, NOW)
    assert await store.erase_registration(ADA.id, Random(1))
    assert await store.registration(ADA.id) is None
    assert await store.counts() == Counts()


async def test_erase_of_what_is_not_there_changes_nothing(store: Store) -> None:
    await store.register(ADA.id, ADA.sealed_pseudonym, ADA.passphrase_hash, NOW)
    assert not await store.erase_registration(locator(1), Random(1))
    assert await store.counts() == Counts(seated=1)


async def test_erase_gives_the_seat_to_one_who_waits_by_lot(store: Store) -> None:
    winners = set()
    for seed in range(30):
        await store.set_policy(Policy(capacity=1), Random(1))
        await register_many(store, 4)
        await store.erase_registration(locator(0), Random(seed))
        states = {n: found.state for n in range(1, 4) if (found := await store.registration(locator(n)))}
        assert sorted(states.values()) == [State.SEATED, State.WAITING, State.WAITING]
        winners |= {n for n, state in states.items() if state is State.SEATED}
        await store.erase_all_registrations(TODAY)
    assert winners == {1, 2, 3}


async def test_erase_draws_lots_that_do_not_know_who_came_first(store: Store) -> None:
    winners = []
    for order in ((1, 2, 3, 4), (3, 1, 4, 2), (4, 3, 2, 1)):
        await store.set_policy(Policy(capacity=1), Random(1))
        for number in (0, *order):
            await store.register(locator(number), "", "$argon2id$", NOW)
        await store.erase_registration(locator(0), Random(20261215))
        registrations = [await store.registration(locator(number)) for number in range(1, 5)]
        winners.append([found.id for found in registrations if found and found.state is State.SEATED])
        await store.erase_all_registrations(TODAY)
    assert winners == [winners[0]] * 3


async def test_erase_of_one_who_waits_frees_no_seat(store: Store) -> None:
    await store.set_policy(Policy(capacity=1), Random(1))
    await register_many(store, 3)
    await store.erase_registration(locator(2), Random(1))
    assert await store.counts() == Counts(seated=1, waiting=1)


async def test_erase_all_forgets_everybody_and_keeps_the_policy(store: Store) -> None:
    policy = await store.set_policy(Policy(capacity=2), Random(1))
    await register_many(store, 3)
    assert await store.erase_all_registrations(TODAY) == 3
    assert await store.erase_all_registrations(TODAY) == 0
    assert (await store.counts(), await store.policy()) == (Counts(), policy)
    assert [await store.registration(locator(n)) for n in range(3)] == [None] * 3


AMENDMENTS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "nothing": ({}, {}),
    "the pseudonym": ({"sealed_pseudonym": "Zoë"}, {"sealed_pseudonym": "Zoë"}),
    "the pseudonym, to none": ({"sealed_pseudonym": ""}, {"sealed_pseudonym": ""}),
    "the hash": ({"passphrase_hash": "$argon2id$new"}, {"passphrase_hash": "$argon2id$new"}),
    "both": ({"sealed_pseudonym": "Z", "passphrase_hash": "$2"}, {"sealed_pseudonym": "Z", "passphrase_hash": "$2"}),
    "the hash it was made for": (
        {"passphrase_hash": "$argon2id$new", "instead_of": ADA.passphrase_hash},
        {"passphrase_hash": "$argon2id$new"},
    ),
    "a hash that is no longer there": ({"passphrase_hash": "$argon2id$new", "instead_of": "$argon2id$gone"}, {}),
}


@pytest.mark.parametrize("case", AMENDMENTS)
async def test_amend_changes(case: str, store: Store) -> None:
    fields, changed = AMENDMENTS[case]
    await store.register(ADA.id, ADA.sealed_pseudonym, ADA.passphrase_hash, NOW)
    expected = replace(ADA, **changed)  # type: ignore[arg-type]  # each of them is a str
    assert await store.amend_registration(ADA.id, **fields) == expected
    assert (await store.registration(ADA.id), await store.counts()) == (expected, Counts(seated=1))


async def test_amend_of_nobody_is_none(store: Store) -> None:
    assert await store.amend_registration(ADA.id, "Zoë") is None
    assert await store.counts() == Counts()


async def test_hash_made_anew_never_undoes_a_passphrase_that_was_changed(store: Store) -> None:
    await store.register(ADA.id, ADA.sealed_pseudonym, ADA.passphrase_hash, NOW)
    await asyncio.gather(
        store.amend_registration(ADA.id, passphrase_hash="$argon2id$changed"),
        store.amend_registration(ADA.id, passphrase_hash="$argon2id$rehashed", instead_of=ADA.passphrase_hash),
    )
    assert await store.registration(ADA.id) == replace(ADA, passphrase_hash="$argon2id$changed")


async def test_list_goes_by_id(store: Store) -> None:
    for n in (3, 0, 4, 1, 2):
        await store.register(locator(n), "", f"$argon2id${n}", NOW)
    people = [Registration(locator(n), "", f"$argon2id${n}", State.SEATED) for n in range(5)]
    assert await store.registrations() == tuple(people)


async def test_policy_is_the_default_until_one_is_set(store: Store) -> None:
    assert await store.policy() == Policy()


async def test_policy_is_the_last_one_set(store: Store) -> None:
    policy = Policy(Mode.CLOSED, 120, waiting_list=False)
    assert await store.set_policy(policy, Random(1)) == policy
    assert await store.policy() == policy


async def test_policy_with_more_seats_gives_them_to_those_who_wait(store: Store) -> None:
    await store.set_policy(Policy(capacity=1), Random(1))
    await register_many(store, 5)
    await store.set_policy(Policy(capacity=3), Random(1))
    assert await store.counts() == Counts(seated=3, waiting=2)
    await store.set_policy(Policy(capacity=None), Random(1))
    assert await store.counts() == Counts(seated=5)


async def test_policy_with_fewer_seats_takes_none_away(store: Store) -> None:
    await register_many(store, 3)
    await store.set_policy(Policy(capacity=1), Random(1))
    assert await store.counts() == Counts(seated=3)
    assert (await store.register(ADA.id, "", "$argon2id$", NOW)).state is State.WAITING


async def test_caller_who_goes_away_loses_nothing_for_the_others(store: Store) -> None:
    callers = [asyncio.create_task(store.register(locator(n), "", "$argon2id$", NOW)) for n in range(6)]
    await asyncio.sleep(0)
    for caller in callers[::2]:
        caller.cancel()
    answers = await asyncio.gather(*callers, return_exceptions=True)
    assert [isinstance(answer, asyncio.CancelledError) for answer in answers] == [True, False] * 3
    await store.register(ADA.id, ADA.sealed_pseudonym, ADA.passphrase_hash, NOW)
    present = [await store.registration(locator(n)) for n in range(6)]
    assert all(present[1::2])
    assert (await store.counts()).seated == 1 + sum(found is not None for found in present)
