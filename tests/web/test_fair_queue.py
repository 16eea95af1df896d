"""The fair queue: first come, first served; circuits in rotation; no endless wait, and no place for who has left."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Receive

from portal.domain import limits
from portal.domain.errors import BusyError, FormError, RegistrationFull
from portal.web.fair_queue import FairQueue, TokenBucket
from portal.web.rate_limit import RateLimits, rate_limits
from tests.fakes.virtual_time import leaves_after, now, request, run, stays

WORK_SECONDS: Final = 1.0


@dataclass
class Crowd:
    """People who come to `turns`, and what becomes of each, with the second of it, in the order of the events."""

    queue: FairQueue
    events: list[str] = field(default_factory=list)

    async def come(
        self, name: str, circuit: bytes | None = None, receive: Receive = stays, error: Exception | None = None
    ) -> None:
        """Come now, work for a second once it is their turn, and fail with `error` if there is one."""
        try:
            async with self.queue.slot(request(circuit, receive)):
                self._note(name, "turn")
                await asyncio.sleep(WORK_SECONDS)
                if error:
                    raise error
        except BusyError as busy:
            self._note(name, f"busy {busy.retry_after}")
        except FormError:
            self._note(name, "left")
        except RegistrationFull:
            pass

    def _note(self, name: str, what: str) -> None:
        self.events.append(f"{asyncio.get_running_loop().time():g} {name} {what}")


def events(queue: Callable[[], FairQueue], come: Callable[[Crowd, asyncio.TaskGroup], None]) -> list[str]:
    """Return the events when the senders of `come` arrive in their order at the same moment."""

    async def scene() -> list[str]:
        crowd = Crowd(queue())
        async with asyncio.TaskGroup() as group:
            come(crowd, group)
        assert len(crowd.queue) == 0
        return crowd.events

    return run(scene())


def by_circuits(*names: str) -> Callable[[Crowd, asyncio.TaskGroup], None]:
    """Return senders that come by the circuit of their first letter, or by none where that is small."""

    def come(crowd: Crowd, group: asyncio.TaskGroup) -> None:
        for name in names:
            group.create_task(crowd.come(name, name[0].encode() if name[0].isupper() else None))

    return come


def test_who_comes_first_goes_first_and_so_many_at_once_as_may() -> None:
    found = events(lambda: FairQueue(2, 9, 60), by_circuits("a", "b", "c", "d", "e"))
    assert found == ["0 a turn", "0 b turn", "1 c turn", "1 d turn", "2 e turn"]


def test_circuits_take_turns_and_each_sends_its_own_in_the_order_in_which_they_came() -> None:
    found = events(lambda: FairQueue(1, 9, 60), by_circuits("A1", "A2", "A3", "A4", "B1", "B2", "c"))
    assert [event.split()[1] for event in found] == ["A1", "A2", "B1", "c", "A3", "B2", "A4"]


def test_who_comes_when_all_places_are_taken_is_sent_away_at_once() -> None:
    found = events(lambda: FairQueue(1, 2, 60), by_circuits("a", "b", "c", "d", "A1"))
    assert found == ["0 a turn", "0 d busy 5", "0 A1 busy 5", "1 b turn", "2 c turn"]


def test_newest_of_the_circuit_that_has_most_places_gives_way_to_another_circuit() -> None:
    found = events(lambda: FairQueue(1, 3, 60), by_circuits("a", "A1", "A2", "A3", "B1", "A4", "B2", "c"))
    page_errors = ["0 A4 busy 5", "0 B2 busy 5", "0 A3 busy 5", "0 A2 busy 5"]
    assert found == ["0 a turn", *page_errors, "1 A1 turn", "2 B1 turn", "3 c turn"]


def test_wait_ends_when_it_was_too_long() -> None:
    found = events(lambda: FairQueue(2, 9, 1), by_circuits("a", "b", "A1", "A2", "c"))
    assert found == ["0 a turn", "0 b turn", "1 A1 turn", "1 c turn", "1 A2 busy 5"]


def test_who_leaves_gives_up_the_place() -> None:
    def come(crowd: Crowd, group: asyncio.TaskGroup) -> None:
        for name in "abcd":
            receive = partial(leaves_after, 0.5) if name in "bc" else stays
            group.create_task(crowd.come(name, receive=receive))

    assert events(lambda: FairQueue(1, 9, 60), come) == ["0 a turn", "0.5 b left", "0.5 c left", "1 d turn"]


def test_who_is_cancelled_gives_up_the_place_or_the_turn() -> None:
    def come(crowd: Crowd, group: asyncio.TaskGroup) -> None:
        tasks = [group.create_task(crowd.come(name)) for name in "abcd"]
        for task in tasks[:2]:
            asyncio.get_running_loop().call_later(0.5, task.cancel)

    assert events(lambda: FairQueue(1, 9, 60), come) == ["0 a turn", "0.5 c turn", "1.5 d turn"]


def test_slot_comes_when_the_budget_has_a_token_again() -> None:
    found = events(lambda: FairQueue(9, 9, 70, TokenBucket(3, now)), by_circuits(*"abcdefg"))
    assert found == ["0 a turn", "0 b turn", "0 c turn", "20 d turn", "40 e turn", "60 f turn", "70 g busy 10"]


FAILED: Final[dict[str, tuple[bool, list[str]]]] = {
    "gives back its share of the budget": (False, ["0 a turn", "1 b turn"]),
    "is gone where failures count too": (True, ["0 a turn", "60 b turn"]),
}


@pytest.mark.parametrize(("counts_failures", "found"), FAILED.values(), ids=FAILED.keys())
def test_turn_that_comes_to_nothing(counts_failures: bool, found: list[str]) -> None:
    def come(crowd: Crowd, group: asyncio.TaskGroup) -> None:
        group.create_task(crowd.come("a", error=RegistrationFull()))
        group.create_task(crowd.come("b"))

    assert events(lambda: FairQueue(1, 9, 99, TokenBucket(1, now), counts_failures=counts_failures), come) == found


def test_who_leaves_while_waiting_for_the_budget_takes_none_of_it() -> None:
    def come(crowd: Crowd, group: asyncio.TaskGroup) -> None:
        group.create_task(crowd.come("a"))
        group.create_task(crowd.come("b", receive=partial(leaves_after, 30)))
        group.create_task(crowd.come("c"))

    assert events(lambda: FairQueue(1, 9, 99, TokenBucket(1, now)), come) == ["0 a turn", "30 b left", "60 c turn"]


@given(
    comers=st.lists(
        st.tuples(st.sampled_from("ABcdef"), st.integers(0, 9), st.sampled_from([0.5, 3, 99])), max_size=30
    ),
    at_once=st.integers(1, 3),
    places=st.integers(1, 6),
)
def test_nobody_is_forgotten_and_no_place_is_lost(
    comers: list[tuple[str, int, float]], at_once: int, places: int
) -> None:
    async def scene() -> None:
        queue, page_errors, working, most = FairQueue(at_once, places, 5), list[str](), 0, 0

        async def come(name: str, after: int, leaves_in: float) -> None:
            nonlocal working, most
            await asyncio.sleep(after)
            try:
                sent = request(name.encode() if name.isupper() else None, partial(leaves_after, leaves_in))
                async with queue.slot(sent):
                    working += 1
                    most = max(most, working)
                    await asyncio.sleep(WORK_SECONDS)
                    working -= 1
            except (BusyError, FormError):
                page_errors.append(name)

        async with asyncio.TaskGroup() as group:
            for comer in comers:
                group.create_task(come(*comer))
        assert (len(queue), working, most) == (0, 0, min(most, at_once))
        assert len(page_errors) < max(len(comers), 1)
        async with asyncio.timeout(0.5), AsyncExitStack() as stack:
            for _ in range(at_once):
                await stack.enter_async_context(queue.slot(request()))

    run(scene())


Choose = Callable[[RateLimits], FairQueue]


@dataclass(frozen=True, slots=True)
class Flood:
    """`robots` send one form after the other without a pause, while `people` come, one every two seconds."""

    queue: Choose
    robots: int
    people: int
    work_seconds: float = 0.2
    circuits: int = 0
    """By how many circuits the robots come; people have one each then."""


FLOODS: Final[dict[str, tuple[Flood, int, float]]] = {
    "registrations, 4 connections": (Flood(lambda limits: limits.registrations, 4, 23), 23, 8),
    "registrations, 32 connections": (Flood(lambda limits: limits.registrations, 32, 23), 23, 55),
    "registrations, 32 connections of 2 circuits": (
        Flood(lambda limits: limits.registrations, 32, 23, circuits=2),
        23,
        5,
    ),
    "sign-ins, 4 connections": (Flood(lambda limits: limits.sign_ins, 4, 18), 18, 8),
    "sign-ins, 32 connections": (Flood(lambda limits: limits.sign_ins, 32, 18), 18, 55),
    "set-up codes, 4 connections": (Flood(lambda limits: limits.set_ups, 4, 10), 10, 21),
    "tickets, 100 connections": (Flood(lambda limits: limits.tickets, 100, 11), 11, 23),
    "invitations, 100 connections": (Flood(lambda limits: limits.admissions, 100, 11, 0.07), 11, 8),
}


@pytest.mark.parametrize(("flood", "served", "longest"), FLOODS.values(), ids=FLOODS.keys())
def test_people_get_through_a_flood(flood: Flood, served: int, longest: float) -> None:
    waits, page_errors = run(_flooded(flood))
    assert (len(waits), page_errors) == (served, flood.people - served)
    assert max(waits) <= longest


async def _flooded(flood: Flood) -> tuple[list[float], int]:
    """Return how long each person waited who got a slot, and how many got none."""
    queue, outcomes = flood.queue(rate_limits(now, 60, b"s" * 32)), Counter[str]()
    loop, waits = asyncio.get_running_loop(), list[float]()

    async def send(circuit: bytes | None) -> None:
        async with queue.slot(request(circuit)):
            await asyncio.sleep(flood.work_seconds)

    async def robot(number: int) -> None:
        while True:
            try:
                await send(b"robot %d" % (number % flood.circuits) if flood.circuits else None)
            except BusyError:
                await asyncio.sleep(0.05)

    async def person(number: int) -> None:
        await asyncio.sleep(90 + 2 * number)
        start = loop.time()
        try:
            await send(b"person %d" % number if flood.circuits else None)
            waits.append(loop.time() - start)
        except BusyError:
            outcomes["refused"] += 1

    robots = [asyncio.create_task(robot(number)) for number in range(flood.robots)]
    await asyncio.gather(*(person(number) for number in range(flood.people)))
    for task in robots:
        task.cancel()
    return waits, outcomes["refused"]


def test_those_who_wait_leave_connections_to_readers() -> None:
    kinds = ("REGISTRATIONS", "ADMISSIONS", "TICKETS", "SIGN_INS", "SET_UPS", "ORGANISERS")
    waiting = sum(vars(limits)[f"{kind}_WAITING"] for kind in kinds)
    assert waiting + 2 * limits.HELD_ATTEMPTS <= limits.CONNECTIONS_PER_LISTENER - 50
