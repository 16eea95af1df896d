"""The guard: a growing delay for a code that fails, never a lock; nothing of it without bounds."""

from typing import Final

import anyio
import pytest
from starlette.types import Receive

from portal.domain.errors import BusyError, FormError, TicketUnknown
from portal.domain.limits import FAILING_CODES, FAILURE_DELAY_SECONDS, FAILURES_FREE, HELD_ATTEMPTS
from portal.web.fair_queue import hold
from portal.web.rate_limit import FailureBackoff, delay_after
from tests.factories.portal import Clock
from tests.fakes.rate_limits import SECRET, Holds
from tests.waiting import PATIENCE

pytestmark = pytest.mark.anyio

CODE: Final = "HUTEMVRWE"


async def nobody_leaves() -> dict[str, str]:
    """Receive nothing, as for a sender who waits for the answer."""
    await anyio.sleep_forever()
    raise AssertionError


async def everybody_leaves() -> dict[str, str]:
    return {"type": "http.disconnect"}


async def fail(attempts: FailureBackoff, code: str = CODE) -> None:
    with pytest.raises(TicketUnknown):
        async with attempts.attempt(code, nobody_leaves):
            raise TicketUnknown


async def succeed(attempts: FailureBackoff, code: str = CODE) -> None:
    async with attempts.attempt(code, nobody_leaves):
        pass


def test_delay_grows_after_a_few_free_failures_up_to_a_bound() -> None:
    assert [delay_after(failures) for failures in range(10)] == [0, 0, 0, 1, 2, 4, 8, 16, 20, 20]
    assert delay_after(10**9) == FAILURE_DELAY_SECONDS


async def test_failures_on_a_code_hold_the_next_attempt_on_it_and_no_other() -> None:
    holds = Holds()
    attempts = FailureBackoff(Clock(), SECRET, holds)
    for _ in range(6):
        await fail(attempts)
    await succeed(attempts, "UCVA6RJT6")
    assert holds.seconds == [1, 2, 4]


async def test_right_passphrase_is_taken_however_often_others_failed_and_ends_the_delay() -> None:
    holds = Holds()
    attempts = FailureBackoff(Clock(), SECRET, holds)
    for _ in range(50):
        await fail(attempts)
    await succeed(attempts)
    await fail(attempts)
    assert (holds.seconds[-1], len(holds.seconds), len(attempts)) == (FAILURE_DELAY_SECONDS, 50 - FAILURES_FREE + 1, 1)


async def test_many_attempts_at_once_are_held_as_if_they_came_one_after_the_other() -> None:
    holds = Holds()
    attempts = FailureBackoff(Clock(), SECRET, holds)
    async with anyio.create_task_group() as group:
        for _ in range(7):
            group.start_soon(fail, attempts)
    assert holds.seconds == [1, 2, 4, 8]


@pytest.mark.parametrize("error", [BusyError(5), FormError()], ids=["too many hashes", "anything else"])
async def test_attempt_that_was_not_looked_at_counts_for_nothing(error: Exception) -> None:
    attempts = FailureBackoff(Clock(), SECRET, Holds())
    with pytest.raises(type(error)):
        async with attempts.attempt(CODE, nobody_leaves):
            raise error
    assert len(attempts) == 0


async def test_failures_are_forgotten_after_an_hour() -> None:
    clock, holds = Clock(), Holds()
    attempts = FailureBackoff(clock, SECRET, holds)
    for _ in range(5):
        await fail(attempts)
    clock.turn(minutes=60, seconds=1)
    await fail(attempts)
    assert (holds.seconds, len(attempts)) == ([1, 2], 1)


async def test_codes_that_failed_are_forgotten_the_oldest_first_when_there_are_too_many() -> None:
    holds = Holds()
    attempts = FailureBackoff(Clock(), SECRET, holds)
    for number in range(FAILING_CODES + 100):
        await fail(attempts, f"code {number}")
    assert len(attempts) == FAILING_CODES


async def test_who_leaves_while_waiting_is_let_go_at_once() -> None:
    attempts = FailureBackoff(Clock(), SECRET)
    for _ in range(FAILURES_FREE):
        await fail(attempts)
    with anyio.fail_after(PATIENCE), pytest.raises(FormError):
        async with attempts.attempt(CODE, everybody_leaves):
            raise AssertionError("nobody is there to read the answer")


async def test_hold_lasts_as_long_as_it_says() -> None:
    start = anyio.current_time()
    assert await hold(0.2, nobody_leaves)
    assert anyio.current_time() - start > 0.19


async def test_no_more_than_so_many_are_held_at_once_and_the_next_one_is_looked_at() -> None:
    release = anyio.Event()

    async def until_released(seconds: float, receive: Receive) -> bool:
        await release.wait()
        return True

    attempts = FailureBackoff(Clock(), SECRET, until_released)
    for _ in range(FAILURES_FREE):
        await fail(attempts)
    async with anyio.create_task_group() as group:
        for _ in range(HELD_ATTEMPTS):
            group.start_soon(fail, attempts)
        await anyio.wait_all_tasks_blocked()
        with anyio.fail_after(PATIENCE):
            await succeed(attempts)
        release.set()
