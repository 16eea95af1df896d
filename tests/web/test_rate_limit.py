"""The guard: a growing delay for a code that fails, never a lock; nothing of it without bounds."""

from datetime import timedelta
from typing import Final

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Receive

from portal.domain.errors import BusyError, FormError, TicketUnknown
from portal.domain.limits import FAILING_CODES, FAILURE_DELAY_SECONDS, FAILURES_FREE, HELD_ATTEMPTS
from portal.web.fair_queue import hold
from portal.web.rate_limit import BoundedMap, FailureBackoff, KnownBrowsers, delay_after
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


def test_browser_is_familiar_for_its_own_organiser_alone() -> None:
    browsers = KnownBrowsers()
    browsers.remember("a", "Camille")
    known = [
        browsers.knows(*query) for query in (("a", "Camille"), ("a", "Sacha"), ("b", "Camille"), (None, "Camille"))
    ]
    assert known == [True, False, False, False]


def test_browser_whose_sign_in_was_ended_is_a_stranger() -> None:
    browsers = KnownBrowsers()
    for id in "abc":
        browsers.remember(id, "Camille")
    browsers.remember("d", "Sacha")
    browsers.forget("a")
    browsers.forget("nobody")
    assert [browsers.knows(id, "Camille") for id in "abc"] == [False, True, True]
    browsers.forget_organiser("Camille", keep="c")
    assert [browsers.knows(id, "Camille") for id in "abc"] == [False, False, True]
    assert browsers.knows("d", "Sacha")


def test_browser_that_showed_nothing_for_the_longest_is_forgotten_first() -> None:
    browsers = KnownBrowsers(most=2)
    for id in "abac":
        browsers.remember(id, "Camille")
    assert (len(browsers), [browsers.knows(id, "Camille") for id in "abc"]) == (2, [True, False, True])


def test_entry_that_was_set_longest_ago_makes_room() -> None:
    entries = BoundedMap[str, int](2)
    entries.update({"a": 1, "b": 2})
    entries["a"] = 3
    entries["c"] = 4
    assert dict(entries) == {"a": 3, "c": 4}


def test_entry_that_is_only_read_stays_as_old_as_it_was() -> None:
    entries = BoundedMap[str, int](2)
    entries.update({"a": 1, "b": 2})
    assert entries["a"] == 1
    entries["c"] = 3
    assert dict(entries) == {"b": 2, "c": 3}


def test_entry_expires_after_its_time_to_live_and_not_before() -> None:
    clock = Clock()
    entries = BoundedMap[str, int](9, timedelta(minutes=10), clock)
    entries["a"] = 1
    clock.turn(minutes=10)
    assert entries["a"] == 1
    clock.turn(seconds=1)
    with pytest.raises(KeyError):
        entries["a"]


def test_entries_that_expired_are_dropped_when_another_is_set() -> None:
    clock = Clock()
    entries = BoundedMap[str, int](9, timedelta(minutes=10), clock)
    entries.update({"a": 1, "b": 2})
    clock.turn(minutes=11)
    entries["c"] = 3
    assert (len(entries), dict(entries)) == (1, {"c": 3})


def test_clock_that_is_put_back_drops_nothing() -> None:
    clock = Clock()
    entries = BoundedMap[str, int](9, timedelta(minutes=10), clock)
    entries["a"] = 1
    clock.turn(hours=-3)
    entries["b"] = 2
    assert dict(entries) == {"a": 1, "b": 2}


def test_entry_that_is_deleted_is_gone() -> None:
    entries = BoundedMap[str, int](2)
    entries["a"] = 1
    assert (entries.pop("a"), entries.pop("a", None), dict(entries)) == (1, None, {})


@given(st.lists(st.integers(0, 9)), st.integers(1, 5))
def test_map_holds_the_latest_different_keys_in_their_order(keys: list[int], size: int) -> None:
    entries = BoundedMap[int, int](size)
    for place, key in enumerate(keys):
        entries[key] = place
    latest = list(dict.fromkeys(reversed(keys)))[:size]
    assert [*entries] == latest[::-1]
