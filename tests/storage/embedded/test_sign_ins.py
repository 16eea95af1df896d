"""The contract of the organisers' sign-ins, on every backend."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from portal.domain.limits import SIGN_IN_IDLE_MINUTES, SIGN_IN_TOTAL_HOURS
from portal.domain.organisers.organiser import Organiser, SignIn
from portal.storage.contract import Store

pytestmark = pytest.mark.anyio

START: Final = datetime(2026, 11, 23, 12, 0, 10, tzinfo=UTC)
LOUISE: Final = Organiser(
    "Louise", "$argon2id$louise", has_own_passphrase=True, public_key="her key", wrapped_key="wrapped for her key"
)
SACHA: Final = Organiser("Sacha", "$argon2id$sacha")
SIGN_IN: Final = SignIn("5" * 64, LOUISE.name, START, START, wrapped_key="wrapped for the cookie")
OTHER: Final = replace(SIGN_IN, id="6" * 64)


@pytest.fixture(name="store")
async def store_with_louise(store: Store) -> Store:
    """Make a store with one organiser."""
    await store.add_organiser(LOUISE)
    return store


def after(**time: float) -> datetime:
    return START + timedelta(**time)


async def test_sign_in_is_found_and_seen_to_the_minute(store: Store) -> None:
    await store.open_sign_in(SIGN_IN, LOUISE)
    assert await store.sign_in(SIGN_IN.id, START) == SIGN_IN
    seen = replace(SIGN_IN, seen=datetime(2026, 11, 23, 12, 20, tzinfo=UTC))
    assert await store.sign_in(SIGN_IN.id, after(minutes=20, seconds=30)) == seen
    assert await store.sign_in(SIGN_IN.id, after(minutes=20, seconds=31)) == seen
    assert await store.sign_in(SIGN_IN.id, after(minutes=5)) == seen


async def test_sign_in_stays_alive_while_it_is_used(store: Store) -> None:
    await store.open_sign_in(SIGN_IN, LOUISE)
    for minute in range(0, SIGN_IN_TOTAL_HOURS * 60, SIGN_IN_IDLE_MINUTES - 5):
        assert await store.sign_in(SIGN_IN.id, after(minutes=minute))
    assert await store.sign_in(SIGN_IN.id, after(hours=SIGN_IN_TOTAL_HOURS)) is None


async def test_sign_in_ends_when_it_is_idle(store: Store) -> None:
    await store.open_sign_in(SIGN_IN, LOUISE)
    assert await store.sign_in(SIGN_IN.id, after(minutes=SIGN_IN_IDLE_MINUTES)) is None


async def test_sign_in_ends_when_the_clock_is_put_back_further_than_it_may_idle(store: Store) -> None:
    await store.open_sign_in(SIGN_IN, LOUISE)
    assert await store.sign_in(SIGN_IN.id, after(minutes=1 - SIGN_IN_IDLE_MINUTES)) == SIGN_IN
    assert await store.sign_in(SIGN_IN.id, after(minutes=-SIGN_IN_IDLE_MINUTES)) is None


async def test_sign_in_that_was_closed_or_never_opened_is_none(store: Store) -> None:
    await store.open_sign_in(SIGN_IN, LOUISE)
    await store.close_sign_in(SIGN_IN.id)
    await store.close_sign_in(SIGN_IN.id)
    assert await store.sign_in(SIGN_IN.id, START) is None
    assert await store.sign_in("6" * 64, START) is None


async def test_sign_in_that_opens_sweeps_out_the_dead(store: Store) -> None:
    await store.open_sign_in(SIGN_IN, LOUISE)
    later = after(minutes=SIGN_IN_IDLE_MINUTES)
    await store.open_sign_in(replace(SIGN_IN, id="6" * 64, started=later, seen=later), LOUISE)
    assert await store.sign_in(SIGN_IN.id, START) is None


async def test_sign_in_leaves_the_other_browsers_signed_in(store: Store) -> None:
    await store.open_sign_in(SIGN_IN, LOUISE)
    await store.open_sign_in(OTHER, LOUISE)
    await store.close_sign_in(SIGN_IN.id)
    assert await store.sign_in(OTHER.id, START) == OTHER


async def test_sign_in_with_a_passphrase_that_was_changed_in_the_meantime_does_not_open(store: Store) -> None:
    await store.change_passphrase(replace(LOUISE, passphrase_hash="$argon2id$new"))
    assert not await store.open_sign_in(SIGN_IN, LOUISE)
    assert await store.sign_in(SIGN_IN.id, START) is None


async def test_sign_in_of_one_who_was_removed_in_the_meantime_does_not_open(store: Store) -> None:
    await store.add_organiser(replace(LOUISE, name="Sacha"))
    await asyncio.gather(store.remove_organiser("Louise"), store.open_sign_in(SIGN_IN, LOUISE))
    assert await store.sign_in(SIGN_IN.id, START) is None


async def test_sign_in_renews_the_hash_with_what_follows_and_leaves_the_rest_as_it_is(store: Store) -> None:
    await store.open_sign_in(OTHER, LOUISE)
    await store.set_onion_key("Louise", "L" * 52)
    renewed = replace(LOUISE, passphrase_hash="$argon2id$dearer", public_key="another", wrapped_key="wrapped for it")
    assert await store.open_sign_in(SIGN_IN, LOUISE, renewed)
    assert await store.organiser("Louise") == replace(renewed, onion_key="L" * 52)
    assert {sign_in.id for sign_in in await store.sign_ins("Louise", START)} == {SIGN_IN.id, OTHER.id}


async def test_sign_in_of_one_who_was_given_the_key_in_the_meantime_does_not_open(store: Store) -> None:
    await store.add_organiser(replace(SACHA, public_key="his key"))
    proven = await store.organiser("Sacha")
    assert proven is not None
    assert await store.give_wrapped_key(replace(proven, wrapped_key="wrapped for his key"), by="Louise")
    sign_in = SignIn("7" * 64, "Sacha", START, START)
    assert not await store.open_sign_in(sign_in, proven, replace(proven, passphrase_hash="$argon2id$dearer"))
    assert await store.organiser("Sacha") == replace(proven, wrapped_key="wrapped for his key")
    assert await store.sign_ins("Sacha", START) == ()


async def test_sign_ins_of_an_organiser_are_those_alive_the_latest_first(store: Store) -> None:
    await store.add_organiser(SACHA)
    later = after(minutes=10)
    await store.open_sign_in(SIGN_IN, LOUISE)
    await store.open_sign_in(OTHER, LOUISE)
    await store.open_sign_in(SignIn("7" * 64, "Sacha", START, START), SACHA)
    seen = await store.sign_in(SIGN_IN.id, later)
    assert await store.sign_ins("Louise", later) == (seen, OTHER)
    assert await store.sign_ins("Louise", after(minutes=35)) == (seen,)
    assert await store.sign_ins("Nobody", START) == ()


async def test_sign_ins_are_closed_by_their_own_organiser_alone(store: Store) -> None:
    await store.add_organiser(Organiser("Sacha", ""))
    await store.open_sign_in(SIGN_IN, LOUISE)
    await store.open_sign_in(OTHER, LOUISE)
    assert await store.close_sign_ins("Sacha", [SIGN_IN.id]) == 0
    assert await store.close_sign_ins("Louise", [SIGN_IN.id, "8" * 64]) == 1
    assert await store.sign_ins("Louise", START) == (OTHER,)
