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
from portal.domain.organisers.organiser import Organiser
from portal.domain.organisers.organiser_access import with_passphrase
from portal.domain.registration.hashing import Argon2, Hasher
from portal.web.hashing_pool import ThreadedHasher
from portal.web.rate_limit import guard
from tests.factories.page import Page
from tests.factories.portal import ORGANISER, PASSPHRASE, House, open_house
from tests.factories.reading import on_team
from tests.factories.tickets import ORGANISERS_KEY, hashed
from tests.routes.organisers.admin.test_login import knocked
from tests.routes.public.test_registration_opening import NoHasher
from tests.routes.public.test_ticket_guessing import GrownHasher
from tests.web.test_rate_limit import Holds, held_by

pytestmark = pytest.mark.anyio

OVERVIEW: Final = "/en/organisers/"
WRONG: Final = "not the one of this person"


def nobody_waits(house: House) -> None:
    """Refuse at once whoever cannot have a turn now."""
    house.app.state.guard = guard(house.clock, 60, b"s" * 32, wait=Holds())


async def with_a_stranger(house: House) -> httpx.AsyncClient:
    """Camille has signed in, and nobody waits for a turn; the browser of somebody else, who never did."""
    nobody_waits(house)
    await house.sign_in()
    return house.another_browser()


async def guess(house: House, browser: httpx.AsyncClient, passphrase: str = WRONG, name: str = ORGANISER) -> int:
    """Try to sign in as Camille from another browser; the status."""
    own, house.client = house.client, browser
    try:
        return (await knocked(house, name, passphrase)).status
    finally:
        house.client = own


async def spend_the_budget(house: House, browser: httpx.AsyncClient) -> None:
    """Try names of nobody until nothing more is looked at."""
    statuses = [await guess(house, browser, name=f"nobody {n}") for n in range(SIGN_INS_PER_MINUTE + 5)]
    assert set(statuses) == {403, 503}
    assert 503 not in statuses[: SIGN_INS_PER_MINUTE - 3]  # what the organisers themselves took before


async def test_stranger_who_fails_for_hours_keeps_nobody_out() -> None:
    async with open_house() as house:
        stranger, holds = await with_a_stranger(house), Holds()
        house.app.state.guard = held_by(holds, house.clock)
        for _ in range(3 * 60 // 5):
            assert await guess(house, stranger) == 403
            house.clock.turn(minutes=5)
            assert (await house.get(OVERVIEW)).heading == "Overview"
        assert holds.seconds[-1] == FAILURE_DELAY_SECONDS
        house.clock.turn(minutes=SIGN_IN_IDLE_MINUTES)
        assert (await house.get(OVERVIEW)).heading == "Organisers"
        assert (await knocked(house, ORGANISER, PASSPHRASE)).status == 303
        assert (max(holds.seconds), holds.seconds[-1]) == (FAILURE_DELAY_SECONDS, FAILURE_DELAY_SECONDS)
        assert await guess(house, house.another_browser(), PASSPHRASE) == 303


async def test_right_passphrase_on_a_delayed_name_is_taken_after_the_delay() -> None:
    async with open_house() as house:
        stranger = await with_a_stranger(house)
        for _ in range(FAILURES_FREE):
            await guess(house, stranger)
        start = anyio.current_time()
        assert await guess(house, stranger, PASSPHRASE) == 303
        assert anyio.current_time() - start >= 1


async def test_stranger_who_spends_the_budget_keeps_no_open_session_out() -> None:
    async with open_house() as house:
        stranger = await with_a_stranger(house)
        await spend_the_budget(house, stranger)
        assert (await house.get(OVERVIEW)).heading == "Overview"
        me = await house.get("/en/organisers/me/")
        fields = {"csrf_token": me.fields("me/")["csrf_token"], "present_passphrase": PASSPHRASE}
        changed = await house.send("/en/organisers/me/", fields | {"passphrase": "words of a new day"})
        assert changed.status == 303


@pytest.mark.parametrize("hours", [0.5, SIGN_IN_TOTAL_HOURS, 24 * 7])
async def test_stranger_who_spends_the_budget_does_not_keep_a_familiar_browser_out(hours: float) -> None:
    async with open_house() as house:
        stranger = await with_a_stranger(house)
        house.clock.turn(hours=hours)
        await spend_the_budget(house, stranger)
        assert await guess(house, stranger, PASSPHRASE) == 503
        assert (await knocked(house, ORGANISER, PASSPHRASE)).status == 303


async def test_familiar_browser_finds_a_place_where_the_queue_is_full() -> None:
    async with open_house() as house:
        await house.sign_in()
        house.app.state.services = replace(house.services(), organisers_hasher=NoHasher())
        house.clock.turn(minutes=SIGN_IN_IDLE_MINUTES)
        assert await guess(house, house.another_browser(), PASSPHRASE) == 503
        assert (await knocked(house, ORGANISER, PASSPHRASE)).status == 303


async def test_browser_is_familiar_again_after_a_restart_once_its_session_was_seen() -> None:
    async with open_house() as house:
        await house.sign_in()
        cookies = house.client.cookies
        await house.enter()
        nobody_waits(house)
        house.client.cookies = cookies
        assert (await house.get(OVERVIEW)).heading == "Overview"
        house.clock.turn(minutes=SIGN_IN_IDLE_MINUTES)
        await spend_the_budget(house, house.another_browser())
        assert (await knocked(house, ORGANISER, PASSPHRASE)).status == 303


async def signed_out(house: House) -> None:
    kept = dict(house.client.cookies)
    page = await house.get(OVERVIEW)
    await house.send(page.action("sign-out/"), page.fields("sign-out/"))
    house.client.cookies.update(kept)


async def signed_out_elsewhere(house: House) -> None:
    kept = dict(house.client.cookies)
    house.client.cookies.clear()
    await knocked(house, ORGANISER, PASSPHRASE)
    page = await house.get("/en/organisers/me/")
    await house.send("/en/organisers/me/", {"csrf_token": page.fields("me/")["csrf_token"], "action": "end others"})
    house.client.cookies.clear()
    house.client.cookies.update(kept)


async def removed_and_added_again(house: House) -> None:
    kept = dict(house.client.cookies)
    await house.sign_in("Sacha")
    question = await on_team(house, action="remove", name=ORGANISER)
    await house.send(question.action("team/"), question.fields("team/"))
    await house.add_organiser(ORGANISER)
    house.client.cookies.clear()
    house.client.cookies.update(kept)


@pytest.mark.parametrize("end", [signed_out, signed_out_elsewhere, removed_and_added_again])
async def test_browser_whose_session_was_ended_is_a_stranger(end: Callable[[House], Awaitable[None]]) -> None:
    async with open_house() as house:
        stranger = await with_a_stranger(house)
        await end(house)
        await spend_the_budget(house, stranger)
        assert (await knocked(house, ORGANISER, PASSPHRASE)).status == 503


async def test_familiar_browser_is_a_stranger_for_every_other_name() -> None:
    async with open_house() as house:
        await house.sign_in("Sacha")
        stranger = await with_a_stranger(house)
        house.clock.turn(minutes=SIGN_IN_IDLE_MINUTES)
        await spend_the_budget(house, stranger)
        assert (await knocked(house, "Sacha", PASSPHRASE)).status == 503


async def grown(house: House, hasher: Hasher) -> None:
    """Camille was made with the parameters of before."""
    camille = Organiser(ORGANISER, "", has_own_passphrase=True)
    await house.store.add_organiser(with_passphrase(camille, hashed(PASSPHRASE), ORGANISERS_KEY))
    house.organisers_hasher = house.familiar_hasher = hasher
    await house.enter()


async def organiser(house: House) -> Organiser:
    known = await house.store.organiser(ORGANISER)
    assert known is not None
    return known


async def test_hash_is_made_anew_at_sign_in_when_its_parameters_have_grown() -> None:
    async with open_house() as house:
        await grown(house, GrownHasher())
        assert (await knocked(house, ORGANISER, WRONG)).status == 403
        assert ",t=1," in (await organiser(house)).passphrase_hash
        assert (await knocked(house, ORGANISER, PASSPHRASE)).status == 303
        anew = await organiser(house)
        assert (",t=2," in anew.passphrase_hash, anew.has_own_passphrase) == (True, True)
        assert (await knocked(house, ORGANISER, PASSPHRASE)).status == 303
        assert await organiser(house) == anew


async def test_sign_in_opens_though_the_hash_cannot_be_made_anew() -> None:
    async with open_house() as house:
        await grown(house, GrownHasher(BusyError(5)))
        assert (await knocked(house, ORGANISER, PASSPHRASE)).status == 303
        assert ",t=1," in (await organiser(house)).passphrase_hash


async def test_two_browsers_whose_sign_in_makes_the_hash_anew_at_once_both_come_in() -> None:
    async with open_house() as house:
        await grown(house, GrownHasher())
        statuses = list[int]()

        async def come(browser: httpx.AsyncClient) -> None:
            door = Page(await browser.get(OVERVIEW))
            fields = door.fields() | {"name": ORGANISER, "passphrase": PASSPHRASE}
            statuses.append((await browser.post(door.action(), data=fields)).status_code)

        async with anyio.create_task_group() as group:
            for _ in range(2):
                group.start_soon(come, house.another_browser())
        assert statuses == [303, 303]


async def test_old_hash_and_unknown_name_take_the_same_time() -> None:
    """The one's median beside the other's, in turn; without the rest of the work it would be a third."""
    now, before = Argon2(memory_kib=8192, passes=3), Argon2(memory_kib=4096, passes=2)
    async with open_house() as house:
        house.organisers_hasher = ThreadedHasher(now, cores=1)
        await house.enter()
        kept, chance = hashed(PASSPHRASE, before).stored, random.Random(7)
        names = [f"{chance.randbytes(8).hex()}" for _ in range(80)]
        for name in names[::2]:
            await house.store.add_organiser(Organiser(name, kept))
        seconds: tuple[list[float], list[float]] = ([], [])
        for number, name in enumerate(names):
            house.clock.turn(minutes=1)
            door = await house.get(OVERVIEW)
            start = time.perf_counter()
            answer = await house.send(door.action(), door.fields() | {"name": name, "passphrase": WRONG})
            seconds[number % 2].append(time.perf_counter() - start)
            assert answer.status == 403
        old, unknown = (statistics.median(one) for one in seconds)
        assert 0.6 < old / unknown < 1.6
