"""Guessing the passphrase of a ticket: neither words nor time reveal anything, and guesses are slowed down."""

import random
import statistics
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

import anyio
import pytest
from starlette.types import Receive

from portal.domain.errors import BusyError, StorageError
from portal.domain.limits import FAILURES_FREE
from portal.domain.registration.hashing import Argon2, PassphraseKey
from portal.domain.registration.ticket_code import new_code
from portal.web.hashing_pool import ThreadedHasher
from tests.factories.page import Page
from tests.factories.portal import Harness, open_harness
from tests.factories.ticket_pages import CODE, OTHER_CODE, PASSPHRASE, opened, register
from tests.factories.tickets import CHEAP_CODES, hashed, sealed, ticket_id
from tests.fakes.hashers import CountingHasher, GrownHasher
from tests.fakes.rate_limits import Holds, held_by
from tests.waiting import until

pytestmark = pytest.mark.anyio


async def test_unknown_code_and_wrong_passphrase_get_the_same_error() -> None:
    async with open_harness() as harness:
        await register(harness)
        unknown, wrong = (
            await opened(harness, OTHER_CODE),
            await opened(harness, passphrase="not the one of this ticket"),
        )
        assert (unknown.status, unknown.text_of("//*[@role='alert']")) == (
            403,
            "No ticket has this code with this passphrase. Check both and try again.",
        )
        assert unknown.response.content.replace(OTHER_CODE.encode(), CODE.encode()) == wrong.response.content
        assert unknown.status == wrong.status
        assert unknown.response.headers == wrong.response.headers


@pytest.mark.parametrize("code", [CODE, OTHER_CODE])
async def test_one_hash_is_worked_out_whether_the_code_is_known_or_not(code: str) -> None:
    hasher = CountingHasher()
    async with open_harness(hasher=hasher) as harness:
        await register(harness)
        await opened(harness, code, "not the one of this ticket")
        assert hasher.works == 1


class HoldUntilReleased(Holds):
    """Delays that last until the test ends them."""

    def __init__(self) -> None:
        super().__init__()
        self.released: Final = anyio.Event()

    async def __call__(self, seconds: float, receive: Receive) -> bool:
        await super().__call__(seconds, receive)
        await self.released.wait()
        return True


async def test_fourth_failure_on_a_code_waits_while_everybody_else_is_answered_at_once() -> None:
    async with open_harness() as harness:
        await register(harness)
        await register(harness, OTHER_CODE)
        hold = HoldUntilReleased()
        harness.app.state.rate_limits = held_by(hold, harness.clock)
        for _ in range(FAILURES_FREE):
            await opened(harness, passphrase="not the one of this ticket")
        ended: list[str] = []

        async def end_of(name: str, ask: Callable[[], Awaitable[Page]]) -> None:
            ended.append(f"{name} {(await ask()).status}")

        async with anyio.create_task_group() as group:
            group.start_soon(end_of, "owner", partial(opened, harness))
            await until(lambda: hold.seconds)
            await end_of("another", partial(opened, harness, OTHER_CODE))
            await end_of("reader", partial(harness.get, "/en/programme/"))
            hold.released.set()
        assert ended == ["another 200", "reader 200", "owner 200"]
        assert hold.seconds == [1]


async def made_before(harness: Harness) -> str:
    """Register with the former cost of a hash, and return the id of the ticket."""
    id, made = ticket_id(CODE), hashed(PASSPHRASE)
    await harness.store.register(id, sealed("Ada", made.key), made.stored, harness.clock())
    return id


async def hash_of(harness: Harness, id: str) -> str:
    registration = await harness.store.registration(id)
    assert registration is not None
    return registration.passphrase_hash


async def test_hash_is_made_anew_when_its_parameters_have_grown_and_only_then() -> None:
    async with open_harness(hasher=GrownHasher()) as harness:
        id = await made_before(harness)
        assert (await opened(harness)).status == 200
        anew = await hash_of(harness, id)
        assert ",t=2," in anew
        assert await harness.hasher.verify(anew, PASSPHRASE) is not None
        ticket = await opened(harness)
        assert (ticket.has_form("/ticket/cancel/"), ticket.facts()["Pseudonym"]) == (True, "Ada")
        assert await hash_of(harness, id) == anew


async def test_hash_is_not_made_anew_for_a_wrong_passphrase() -> None:
    async with open_harness(hasher=GrownHasher()) as harness:
        before = await hash_of(harness, await made_before(harness))
        assert (await opened(harness, passphrase="not the one of this ticket")).status == 403
        assert await hash_of(harness, ticket_id(CODE)) == before


@pytest.mark.parametrize("fault", [BusyError(5), StorageError()], ids=["too many hashes", "a full disk"])
async def test_ticket_opens_though_its_hash_cannot_be_made_anew(fault: Exception) -> None:
    async with open_harness(hasher=GrownHasher(fault)) as harness:
        id = await made_before(harness)
        page = await opened(harness)
        assert (page.status, page.heading) == (200, "You have a seat")
        assert ",t=1," in await hash_of(harness, id)


class ChangedMeanwhile(GrownHasher):
    """A hasher during whose work somebody changes the passphrase."""

    harness: Harness

    async def hash(self, passphrase: str) -> PassphraseKey:
        made = await super().hash("the new one, set elsewhere")
        await self.harness.store.amend_registration(ticket_id(CODE), passphrase_hash=made.stored)
        return await super().hash(passphrase)


async def test_hash_made_anew_never_undoes_a_passphrase_changed_meanwhile() -> None:
    hasher = ChangedMeanwhile()
    async with open_harness(hasher=hasher) as harness:
        hasher.harness = harness
        id = await made_before(harness)
        assert (await opened(harness)).status == 403
        assert await harness.hasher.verify(await hash_of(harness, id), "the new one, set elsewhere")


@pytest.mark.slow
async def test_unknown_code_and_wrong_passphrase_take_the_same_time() -> None:
    """Ranks, not durations: a busy machine slows down both. Without the work for nothing every rank would differ."""
    argon2 = Argon2(memory_kib=4096, passes=1)
    async with open_harness(hasher=ThreadedHasher(argon2, cores=1, code_costs=CHEAP_CODES)) as harness:
        rng, kept = random.Random(7), hashed(PASSPHRASE, argon2)
        codes = [new_code(rng) for _ in range(160)]
        for code in codes[::2]:
            await harness.store.register(ticket_id(code), sealed("", kept.key), kept.stored, harness.clock())
        seconds: tuple[list[float], list[float]] = ([], [])
        for number, code in enumerate(codes):
            start = time.process_time()
            assert (await opened(harness, code, "not the one of this ticket")).status == 403
            seconds[number % 2].append(time.process_time() - start)
        known, unknown = seconds
        slower = statistics.mean(left > right for left in known for right in unknown)
        assert 0.3 < slower < 0.7, "how often a wrong passphrase takes longer than an unknown code"
