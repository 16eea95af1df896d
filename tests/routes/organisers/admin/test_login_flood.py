"""Strangers at the sign-in form: they slow one another down, and keep no organiser out who was here before."""

import random
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

import anyio
import httpx
import pytest

from portal.domain.errors import BusyError
from portal.domain.limits import (
    FAILURE_DELAY_SECONDS,
    FAILURES_FREE,
    SIGN_IN_IDLE_MINUTES,
    SIGN_IN_TOTAL_HOURS,
    SIGN_INS_PER_MINUTE,
)
from portal.domain.organisers.organiser import Organiser, with_passphrase
from portal.domain.registration.hashing import Argon2, Hasher
from portal.web.hashing_pool import ThreadedHasher
from portal.web.rate_limit import rate_limits
from tests.factories.accounts import send_sign_in
from tests.factories.page import Page
from tests.factories.portal import ORGANISER, PASSPHRASE, Harness, open_harness
from tests.factories.reading import on_team
from tests.factories.tickets import ORGANISERS_KEY, hashed
from tests.fakes.hashers import GrownHasher, NoHasher
from tests.fakes.rate_limits import Holds, held_by

pytestmark = pytest.mark.anyio

OVERVIEW: Final = "/en/organisers/"
WRONG: Final = "not the one of this person"


def nobody_waits(harness: Harness) -> None:
    """Refuse at once whoever cannot have a turn now."""
    harness.app.state.rate_limits = rate_limits(harness.clock, 60, b"s" * 32, wait=Holds())


async def with_a_stranger(harness: Harness) -> httpx.AsyncClient:
    """Camille has signed in, and nobody waits for a turn; the browser of somebody else, who never did."""
    nobody_waits(harness)
    await harness.sign_in()
    return harness.another_browser()


async def guess(harness: Harness, browser: httpx.AsyncClient, passphrase: str = WRONG, name: str = ORGANISER) -> int:
    """Try to sign in as Camille from another browser; the status."""
    own, harness.client = harness.client, browser
    try:
        return (await send_sign_in(harness, name, passphrase)).status
    finally:
        harness.client = own


async def spend_the_budget(harness: Harness, browser: httpx.AsyncClient) -> None:
    """Try names of nobody until nothing more is looked at."""
    statuses = [await guess(harness, browser, name=f"nobody {n}") for n in range(SIGN_INS_PER_MINUTE + 5)]
    assert set(statuses) == {403, 503}
    assert 503 not in statuses[: SIGN_INS_PER_MINUTE - 3]  # what the organisers themselves took before


async def test_stranger_who_fails_for_hours_keeps_nobody_out() -> None:
    async with open_harness() as harness:
        stranger, holds = await with_a_stranger(harness), Holds()
        harness.app.state.rate_limits = held_by(holds, harness.clock)
        for _ in range(3 * 60 // 5):
            assert await guess(harness, stranger) == 403
            harness.clock.turn(minutes=5)
            assert (await harness.get(OVERVIEW)).heading == "Overview"
        assert holds.seconds[-1] == FAILURE_DELAY_SECONDS
        harness.clock.turn(minutes=SIGN_IN_IDLE_MINUTES)
        assert (await harness.get(OVERVIEW)).heading == "Organisers"
        assert (await send_sign_in(harness, ORGANISER, PASSPHRASE)).status == 303
        assert (max(holds.seconds), holds.seconds[-1]) == (FAILURE_DELAY_SECONDS, FAILURE_DELAY_SECONDS)
        assert await guess(harness, harness.another_browser(), PASSPHRASE) == 303


async def test_right_passphrase_on_a_delayed_name_is_taken_after_the_delay() -> None:
    async with open_harness() as harness:
        stranger = await with_a_stranger(harness)
        for _ in range(FAILURES_FREE):
            await guess(harness, stranger)
        start = anyio.current_time()
        assert await guess(harness, stranger, PASSPHRASE) == 303
        assert anyio.current_time() - start >= 1


async def test_stranger_who_spends_the_budget_keeps_no_open_session_out() -> None:
    async with open_harness() as harness:
        stranger = await with_a_stranger(harness)
        await spend_the_budget(harness, stranger)
        assert (await harness.get(OVERVIEW)).heading == "Overview"
        me = await harness.get("/en/organisers/me/")
        fields = {"csrf_token": me.fields("me/")["csrf_token"], "present_passphrase": PASSPHRASE}
        changed = await harness.send("/en/organisers/me/", fields | {"passphrase": "words of a new day"})
        assert changed.status == 303


@pytest.mark.parametrize("hours", [0.5, SIGN_IN_TOTAL_HOURS, 24 * 7])
async def test_stranger_who_spends_the_budget_does_not_keep_a_familiar_browser_out(hours: float) -> None:
    async with open_harness() as harness:
        stranger = await with_a_stranger(harness)
        harness.clock.turn(hours=hours)
        await spend_the_budget(harness, stranger)
        assert await guess(harness, stranger, PASSPHRASE) == 503
        assert (await send_sign_in(harness, ORGANISER, PASSPHRASE)).status == 303


async def test_familiar_browser_finds_a_place_where_the_queue_is_full() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        harness.app.state.services = replace(harness.services(), organisers_hasher=NoHasher())
        harness.clock.turn(minutes=SIGN_IN_IDLE_MINUTES)
        assert await guess(harness, harness.another_browser(), PASSPHRASE) == 503
        assert (await send_sign_in(harness, ORGANISER, PASSPHRASE)).status == 303


async def test_browser_is_familiar_again_after_a_restart_once_its_session_was_seen() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        cookies = harness.client.cookies
        await harness.enter()
        nobody_waits(harness)
        harness.client.cookies = cookies
        assert (await harness.get(OVERVIEW)).heading == "Overview"
        harness.clock.turn(minutes=SIGN_IN_IDLE_MINUTES)
        await spend_the_budget(harness, harness.another_browser())
        assert (await send_sign_in(harness, ORGANISER, PASSPHRASE)).status == 303


async def signed_out(harness: Harness) -> None:
    kept = dict(harness.client.cookies)
    page = await harness.get(OVERVIEW)
    await harness.send(page.action("sign-out/"), page.fields("sign-out/"))
    harness.client.cookies.update(kept)


async def signed_out_elsewhere(harness: Harness) -> None:
    kept = dict(harness.client.cookies)
    harness.client.cookies.clear()
    await send_sign_in(harness, ORGANISER, PASSPHRASE)
    page = await harness.get("/en/organisers/me/")
    await harness.send("/en/organisers/me/", {"csrf_token": page.fields("me/")["csrf_token"], "action": "end others"})
    harness.client.cookies.clear()
    harness.client.cookies.update(kept)


async def removed_and_added_again(harness: Harness) -> None:
    kept = dict(harness.client.cookies)
    await harness.sign_in("Sacha")
    question = await on_team(harness, action="remove", name=ORGANISER)
    await harness.send(question.action("team/"), question.fields("team/"))
    await harness.add_organiser(ORGANISER)
    harness.client.cookies.clear()
    harness.client.cookies.update(kept)


@pytest.mark.parametrize("end", [signed_out, signed_out_elsewhere, removed_and_added_again])
async def test_browser_whose_session_was_ended_is_a_stranger(end: Callable[[Harness], Awaitable[None]]) -> None:
    async with open_harness() as harness:
        stranger = await with_a_stranger(harness)
        await end(harness)
        await spend_the_budget(harness, stranger)
        assert (await send_sign_in(harness, ORGANISER, PASSPHRASE)).status == 503


async def test_familiar_browser_is_a_stranger_for_every_other_name() -> None:
    async with open_harness() as harness:
        await harness.sign_in("Sacha")
        stranger = await with_a_stranger(harness)
        harness.clock.turn(minutes=SIGN_IN_IDLE_MINUTES)
        await spend_the_budget(harness, stranger)
        assert (await send_sign_in(harness, "Sacha", PASSPHRASE)).status == 503


async def grown(harness: Harness, hasher: Hasher) -> None:
    """Camille was made with the parameters of before."""
    camille = Organiser(ORGANISER, "", has_own_passphrase=True)
    await harness.store.add_organiser(with_passphrase(camille, hashed(PASSPHRASE), ORGANISERS_KEY))
    harness.organisers_hasher = harness.known_browsers_hasher = hasher
    await harness.enter()


async def organiser(harness: Harness) -> Organiser:
    known = await harness.store.organiser(ORGANISER)
    assert known is not None
    return known


async def test_hash_is_made_anew_at_sign_in_when_its_parameters_have_grown() -> None:
    async with open_harness() as harness:
        await grown(harness, GrownHasher())
        assert (await send_sign_in(harness, ORGANISER, WRONG)).status == 403
        assert ",t=1," in (await organiser(harness)).passphrase_hash
        assert (await send_sign_in(harness, ORGANISER, PASSPHRASE)).status == 303
        anew = await organiser(harness)
        assert ",t=2," in anew.passphrase_hash
        assert anew.has_own_passphrase
        assert (await send_sign_in(harness, ORGANISER, PASSPHRASE)).status == 303
        assert await organiser(harness) == anew


async def test_sign_in_opens_though_the_hash_cannot_be_made_anew() -> None:
    async with open_harness() as harness:
        await grown(harness, GrownHasher(BusyError(5)))
        assert (await send_sign_in(harness, ORGANISER, PASSPHRASE)).status == 303
        assert ",t=1," in (await organiser(harness)).passphrase_hash


async def test_two_browsers_whose_sign_in_makes_the_hash_anew_at_once_both_come_in() -> None:
    async with open_harness() as harness:
        await grown(harness, GrownHasher())
        statuses = list[int]()

        async def come(browser: httpx.AsyncClient) -> None:
            sign_in_page = Page(await browser.get(OVERVIEW))
            fields = sign_in_page.fields() | {"name": ORGANISER, "passphrase": PASSPHRASE}
            statuses.append((await browser.post(sign_in_page.action(), data=fields)).status_code)

        async with anyio.create_task_group() as group:
            for _ in range(2):
                group.start_soon(come, harness.another_browser())
        assert statuses == [303, 303]


async def test_old_hash_and_unknown_name_take_the_same_time() -> None:
    """Compare the medians of the two, taken in turn; an unknown name without the rest of the work takes a third."""
    now, before = Argon2(memory_kib=8192, passes=3), Argon2(memory_kib=4096, passes=2)
    async with open_harness() as harness:
        harness.organisers_hasher = ThreadedHasher(now, cores=1)
        await harness.enter()
        kept, rng = hashed(PASSPHRASE, before).stored, random.Random(7)
        names = [f"{rng.randbytes(8).hex()}" for _ in range(80)]
        for name in names[::2]:
            await harness.store.add_organiser(Organiser(name, kept))
        seconds: tuple[list[float], list[float]] = ([], [])
        for number, name in enumerate(names):
            harness.clock.turn(minutes=1)
            sign_in_page = await harness.get(OVERVIEW)
            start = time.process_time()
            answer = await harness.send(
                sign_in_page.action(), sign_in_page.fields() | {"name": name, "passphrase": WRONG}
            )
            seconds[number % 2].append(time.process_time() - start)
            assert answer.status == 403
        old, unknown = (statistics.median(each) for each in seconds)
        assert 0.6 < old / unknown < 1.6
