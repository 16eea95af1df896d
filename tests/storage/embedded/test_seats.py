"""The contract of seats, on every backend: the rule, arrivals at the check-in, and no seat too many."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Final

import pytest

from portal.domain.errors import RegistrationClosed, RegistrationFull
from portal.domain.registration.arrival import Arrival
from portal.domain.registration.registration import Counts, Mode, Policy, Registration, State
from portal.storage.contract import Store
from tests.factories.history import locator
from tests.factories.stores import NOW

pytestmark = pytest.mark.anyio

EVERY_RULE = Policy(
    Mode.INVITATION,
    120,
    waiting_list=False,
    few_left=5,
    opens=NOW,
    closes=NOW + timedelta(days=20, minutes=1),
    draws_at_once=False,
    draw_at=NOW + timedelta(days=21),
)


async def register_many(store: Store, number: int, first: int = 0) -> list[Registration]:
    return [await store.register(locator(n), "", f"$argon2id${n}", NOW) for n in range(first, first + number)]


async def test_policy_is_kept_to_its_last_rule(store: Store) -> None:
    assert await store.set_policy(EVERY_RULE, Random(1)) == EVERY_RULE
    assert await store.policy() == EVERY_RULE


async def test_register_looks_at_the_clock_of_its_caller(store: Store) -> None:
    await store.set_policy(Policy(opens=NOW, closes=NOW + timedelta(hours=1)), Random(1))
    for minutes in (-1, 60):
        with pytest.raises(RegistrationClosed):
            await store.register(locator(1), "", "$argon2id$", NOW + timedelta(minutes=minutes))
    assert (await store.register(locator(1), "", "$argon2id$", NOW)).state is State.SEATED
    assert (await store.register(locator(1), "", "", NOW + timedelta(days=9))).passphrase_hash == "$argon2id$"


async def test_seat_that_is_freed_after_closing_is_drawn_all_the_same(store: Store) -> None:
    await store.set_policy(Policy(capacity=1), Random(1))
    await register_many(store, 3)
    await store.set_policy(Policy(Mode.CLOSED, 1), Random(1))
    await store.erase_registration(locator(0), Random(1))
    assert await store.counts() == Counts(seated=1, waiting=1)


BY_HAND = Policy(capacity=1, draws_at_once=False)


async def test_seats_wait_for_the_draw_where_it_is_by_hand(store: Store) -> None:
    await store.set_policy(BY_HAND, Random(1))
    await register_many(store, 4)
    await store.set_policy(replace(BY_HAND, capacity=2), Random(1))
    await store.erase_registration(locator(0), Random(1))
    assert await store.counts() == Counts(waiting=3)
    assert (await store.register(locator(9), "", "$argon2id$", NOW)).state is State.WAITING
    assert (await store.draw_seats(Random(1)), await store.counts()) == (2, Counts(seated=2, waiting=2))
    assert (await store.draw_seats(Random(1)), await store.counts()) == (0, Counts(seated=2, waiting=2))


async def test_newcomer_has_a_seat_that_nobody_waits_for_where_the_draw_is_by_hand(store: Store) -> None:
    await store.set_policy(BY_HAND, Random(1))
    await register_many(store, 2)
    await store.set_policy(replace(BY_HAND, capacity=3), Random(1))
    assert (await store.register(locator(9), "", "$argon2id$", NOW)).state is State.SEATED
    assert (await store.draw_seats(Random(1)), await store.counts()) == (1, Counts(seated=3))


async def test_free_seats_are_drawn_as_soon_as_the_portal_draws_at_once_again(store: Store) -> None:
    await store.set_policy(BY_HAND, Random(1))
    await register_many(store, 3)
    await store.erase_registration(locator(0), Random(1))
    assert await store.counts() == Counts(waiting=2)
    await store.set_policy(replace(BY_HAND, draws_at_once=True), Random(1))
    assert await store.counts() == Counts(seated=1, waiting=1)


async def test_draws_at_once_give_each_seat_once(store: Store) -> None:
    await store.set_policy(BY_HAND, Random(1))
    await register_many(store, 9)
    await store.set_policy(replace(BY_HAND, capacity=5), Random(1))
    given = await asyncio.gather(*(store.draw_seats(Random(n)) for n in range(4)))
    assert (sorted(given), await store.counts()) == ([0, 0, 0, 4], Counts(seated=5, waiting=4))


async def test_let_in_that_is_undone_waits_for_the_draw_where_it_is_by_hand(store: Store) -> None:
    await store.set_policy(BY_HAND, Random(1))
    seated, waiting = await register_many(store, 2)
    await store.arrive(waiting.id, let_in=True)
    await store.erase_registration(seated.id, Random(1))
    assert await store.undo_arrival(waiting.id) == waiting


async def test_arrive_marks_who_has_a_seat_once(store: Store) -> None:
    (person,) = await register_many(store, 1)
    arrived = replace(person, state=State.ARRIVED)
    assert await store.arrive(person.id) == Arrival(arrived, State.SEATED)
    assert await store.arrive(person.id) == Arrival(arrived, State.ARRIVED)
    assert (await store.registration(person.id), await store.counts()) == (arrived, Counts(arrived=1))


async def test_arrive_twice_at_once_is_a_first_time_for_one(store: Store) -> None:
    (person,) = await register_many(store, 1)
    arrivals = await asyncio.gather(*(store.arrive(person.id) for _ in range(6)))
    assert sorted(arrival.was for arrival in arrivals if arrival) == [State.ARRIVED] * 5 + [State.SEATED]


async def test_arrive_of_nobody_is_none(store: Store) -> None:
    assert await store.arrive(locator(1)) is None
    assert await store.undo_arrival(locator(1)) is None


async def test_arrive_leaves_who_waits_unless_they_are_let_in(store: Store) -> None:
    await store.set_policy(Policy(capacity=1), Random(1))
    _, waiting = await register_many(store, 2)
    assert await store.arrive(waiting.id) == Arrival(waiting, State.WAITING)
    let_in = replace(waiting, state=State.ARRIVED)
    assert await store.arrive(waiting.id, let_in=True) == Arrival(let_in, State.WAITING)
    assert await store.counts() == Counts(seated=1, arrived=1)


async def test_crowd_is_let_in_on_no_more_seats_than_stay_empty(store: Store) -> None:
    await store.set_policy(Policy(capacity=5), Random(1))
    people = await register_many(store, 15)
    for person in people[:2]:
        await store.arrive(person.id)
    arrivals = await asyncio.gather(*(store.arrive(person.id, let_in=True) for person in people[5:]))
    assert [arrival.registration.state for arrival in arrivals if arrival].count(State.ARRIVED) == 3
    assert await store.counts() == Counts(seated=3, waiting=7, arrived=5)


async def test_seat_that_was_promised_is_there_for_who_comes_late(store: Store) -> None:
    await store.set_policy(Policy(capacity=1), Random(1))
    seated, waiting = await register_many(store, 2)
    await store.arrive(waiting.id, let_in=True)
    assert await store.arrive(seated.id) == Arrival(replace(seated, state=State.ARRIVED), State.SEATED)


async def test_seat_freed_while_more_sit_than_seats_goes_to_nobody(store: Store) -> None:
    await store.set_policy(Policy(capacity=1), Random(1))
    seated, let_in, _ = await register_many(store, 3)
    await store.arrive(let_in.id, let_in=True)
    await store.erase_registration(seated.id, Random(1))
    assert await store.counts() == Counts(waiting=1, arrived=1)


async def test_undo_gives_back_the_seat(store: Store) -> None:
    (person,) = await register_many(store, 1)
    await store.arrive(person.id)
    assert await store.undo_arrival(person.id) == person
    assert await store.undo_arrival(person.id) == person
    assert await store.counts() == Counts(seated=1)


async def test_undo_of_a_let_in_makes_them_wait_again(store: Store) -> None:
    await store.set_policy(Policy(capacity=1), Random(1))
    _, waiting = await register_many(store, 2)
    await store.arrive(waiting.id, let_in=True)
    assert await store.undo_arrival(waiting.id) == waiting
    assert await store.counts() == Counts(seated=1, waiting=1)


async def test_undo_of_a_let_in_keeps_a_seat_that_is_free_by_now(store: Store) -> None:
    await store.set_policy(Policy(capacity=1), Random(1))
    seated, waiting = await register_many(store, 2)
    await store.arrive(waiting.id, let_in=True)
    await store.erase_registration(seated.id, Random(1))
    assert await store.undo_arrival(waiting.id) == replace(waiting, state=State.SEATED)


async def test_let_in_is_remembered_whoever_undoes_it_and_whatever_is_amended(store: Store) -> None:
    await store.set_policy(Policy(capacity=1), Random(1))
    _, waiting = await register_many(store, 2)
    await store.arrive(waiting.id, let_in=True)
    await store.amend_registration(waiting.id, sealed_pseudonym="Ada")
    ada = replace(waiting, sealed_pseudonym="Ada")
    assert await store.arrive(waiting.id) == Arrival(replace(ada, state=State.ARRIVED), State.ARRIVED)
    assert await store.undo_arrival(waiting.id) == ada


async def test_lower_capacity_takes_no_seat_from_who_arrived(store: Store) -> None:
    people = await register_many(store, 3)
    await store.arrive(people[0].id)
    await store.set_policy(Policy(capacity=1), Random(1))
    assert await store.counts() == Counts(seated=2, arrived=1)
    assert await store.undo_arrival(people[0].id) == people[0]


async def test_seats_and_people_that_come_at_once_never_cross(store: Store) -> None:
    """Twenty people register while the capacity changes: none waits beside a free seat, none is seated beyond."""
    capacities = [Policy(capacity=n) for n in (3, 9, 5, 7)]
    await store.set_policy(Policy(capacity=0), Random(1))
    await asyncio.gather(
        *(store.register(locator(n), "", "$argon2id$", NOW) for n in range(10)),
        *(store.set_policy(policy, Random(n)) for n, policy in enumerate(capacities)),
        *(store.register(locator(n), "", "$argon2id$", NOW) for n in range(10, 20)),
        *(store.erase_registration(locator(n), Random(n)) for n in range(5)),
    )
    counts = await store.counts()
    assert counts.seated + counts.waiting == 15
    assert counts.seated in range(7, 10)


DRAW_AT: Final = NOW + timedelta(hours=1)
WINDOW: Final = Policy(capacity=2, waiting_list=False, draw_at=DRAW_AT)


async def test_everybody_waits_until_the_moment_of_the_draw(store: Store) -> None:
    await store.set_policy(WINDOW, Random(1))
    states = [registration.state for registration in await register_many(store, 3)]
    await store.erase_registration(locator(0), Random(1))
    await store.set_policy(replace(WINDOW, capacity=9), Random(1))
    assert (states, await store.counts()) == ([State.WAITING] * 3, Counts(waiting=2))
    assert (await store.draw_if_due(DRAW_AT - timedelta(seconds=1), Random(1)), await store.policy()) == (
        None,
        replace(WINDOW, capacity=9),
    )


async def test_draw_of_the_moment_gives_the_seats_once_and_newcomers_find_what_is_left(store: Store) -> None:
    await store.set_policy(WINDOW, Random(1))
    await register_many(store, 3)
    given = await asyncio.gather(*(store.draw_if_due(DRAW_AT, Random(n)) for n in range(4)))
    assert sorted(given, key=str) == [2, None, None, None]
    assert (await store.counts(), await store.policy()) == (Counts(seated=2, waiting=1), replace(WINDOW, draw_at=None))
    with pytest.raises(RegistrationFull):
        await store.register(locator(9), "", "$argon2id$", DRAW_AT)
    await store.set_policy(Policy(capacity=4), Random(1))
    assert (await store.register(locator(9), "", "$argon2id$", DRAW_AT)).state is State.SEATED


async def test_draw_by_hand_takes_the_place_of_the_one_at_a_moment(store: Store) -> None:
    await store.set_policy(WINDOW, Random(1))
    await register_many(store, 1)
    assert (await store.draw_seats(Random(1)), await store.counts()) == (1, Counts(seated=1))
    assert await store.draw_if_due(DRAW_AT, Random(1)) is None
    assert (await store.register(locator(9), "", "$argon2id$", NOW)).state is State.SEATED


async def test_seats_are_given_at_once_where_the_moment_is_taken_away(store: Store) -> None:
    await store.set_policy(WINDOW, Random(1))
    await register_many(store, 3)
    await store.set_policy(replace(WINDOW, draw_at=None), Random(1))
    assert await store.counts() == Counts(seated=2, waiting=1)
