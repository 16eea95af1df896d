"""The contract of the organisers and their sign-ins, on every backend."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.limits import SIGN_IN_IDLE_MINUTES, SIGN_IN_TOTAL_HOURS
from portal.domain.organiser import Organiser, SignIn
from portal.storage.contract import Store

pytestmark = pytest.mark.anyio

START = datetime(2026, 11, 23, 12, 0, 10, tzinfo=UTC)
LOUISE = Organiser("Louise", "$argon2id$louise")
SIGN_IN = SignIn("5" * 64, LOUISE.name, START, START)


def after(**time: float) -> datetime:
    return START + timedelta(**time)


async def test_organiser_is_found_by_name(store: Store) -> None:
    assert await store.add_organiser(LOUISE)
    assert await store.organiser("Louise") == LOUISE
    assert await store.organiser("louise") is None


async def test_organiser_whose_name_is_taken_changes_nothing(store: Store) -> None:
    await store.add_organiser(LOUISE)
    assert not await store.add_organiser(replace(LOUISE, passphrase_hash="$argon2id$other"))
    assert await store.organiser("Louise") == LOUISE


async def test_organiser_added_twice_at_once_is_one(store: Store) -> None:
    answers = await asyncio.gather(*(store.add_organiser(replace(LOUISE, passphrase_hash=f"{n}")) for n in range(4)))
    assert sorted(answers) == [False, False, False, True]


async def test_organisers_are_in_alphabetical_order(store: Store) -> None:
    for name in ("Zoé", "élise", "Émile", "eva", "Ada", "ada"):
        await store.add_organiser(Organiser(name, ""))
    assert await store.organisers() == ("Ada", "ada", "élise", "Émile", "eva", "Zoé")


async def test_sign_in_is_found_and_seen_to_the_minute(store: Store) -> None:
    await store.open_sign_in(SIGN_IN)
    assert await store.sign_in(SIGN_IN.id, START) == SIGN_IN
    seen = replace(SIGN_IN, seen=datetime(2026, 11, 23, 12, 20, tzinfo=UTC))
    assert await store.sign_in(SIGN_IN.id, after(minutes=20, seconds=30)) == seen
    assert await store.sign_in(SIGN_IN.id, after(minutes=20, seconds=31)) == seen
    assert await store.sign_in(SIGN_IN.id, after(minutes=5)) == seen


async def test_sign_in_stays_alive_while_it_is_used(store: Store) -> None:
    await store.open_sign_in(SIGN_IN)
    for minute in range(0, SIGN_IN_TOTAL_HOURS * 60, SIGN_IN_IDLE_MINUTES - 5):
        assert await store.sign_in(SIGN_IN.id, after(minutes=minute))
    assert await store.sign_in(SIGN_IN.id, after(hours=SIGN_IN_TOTAL_HOURS)) is None


async def test_sign_in_ends_when_it_is_idle(store: Store) -> None:
    await store.open_sign_in(SIGN_IN)
    assert await store.sign_in(SIGN_IN.id, after(minutes=SIGN_IN_IDLE_MINUTES)) is None


async def test_sign_in_ends_when_the_clock_is_put_back_further_than_it_may_idle(store: Store) -> None:
    await store.open_sign_in(SIGN_IN)
    assert await store.sign_in(SIGN_IN.id, after(minutes=1 - SIGN_IN_IDLE_MINUTES)) == SIGN_IN
    assert await store.sign_in(SIGN_IN.id, after(minutes=-SIGN_IN_IDLE_MINUTES)) is None


async def test_sign_in_that_was_closed_or_never_opened_is_none(store: Store) -> None:
    await store.open_sign_in(SIGN_IN)
    await store.close_sign_in(SIGN_IN.id)
    await store.close_sign_in(SIGN_IN.id)
    assert await store.sign_in(SIGN_IN.id, START) is None
    assert await store.sign_in("6" * 64, START) is None


async def test_sign_in_that_opens_sweeps_out_the_dead(store: Store) -> None:
    await store.open_sign_in(SIGN_IN)
    later = after(minutes=SIGN_IN_IDLE_MINUTES)
    await store.open_sign_in(replace(SIGN_IN, id="6" * 64, started=later, seen=later))
    assert await store.sign_in(SIGN_IN.id, START) is None


async def test_sign_in_leaves_the_other_browsers_signed_in(store: Store) -> None:
    other = replace(SIGN_IN, id="6" * 64)
    await store.open_sign_in(SIGN_IN)
    await store.open_sign_in(other)
    await store.close_sign_in(SIGN_IN.id)
    assert await store.sign_in(other.id, START) == other
