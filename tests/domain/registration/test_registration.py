"""The rules of seats."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.errors import RegistrationClosed, RegistrationFull
from portal.domain.registration.registration import (
    Availability,
    Counts,
    Mode,
    NextHolder,
    Policy,
    State,
    availability,
    draw,
    free_seats,
    initial_state,
    next_holder,
    seats_to_draw,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

numbers = st.integers(0, 20)
all_counts = st.builds(Counts, seated=numbers, waiting=numbers, arrived=numbers)
limited = st.builds(Policy, capacity=numbers, waiting_list=st.booleans(), few_left=numbers)
unlimited = st.builds(Policy, capacity=st.none(), waiting_list=st.booleans())
ids = st.lists(st.uuids().map(str), unique=True, max_size=8).map(sorted)
seeds = st.integers(0, 2**32)

FREE_SEATS = {
    "every seat, when nobody came": (5, Counts(), 5),
    "fewer for each who is seated": (5, Counts(seated=2), 3),
    "fewer for each who has arrived": (5, Counts(seated=1, arrived=2), 2),
    "as many, whoever waits": (5, Counts(waiting=9), 5),
    "none below zero, when the capacity was lowered": (5, Counts(seated=7), 0),
    "none of none": (0, Counts(), 0),
    "no limit": (None, Counts(seated=1000), None),
}


RESERVED = {
    "few for the public, none of them reserved": (Counts(seated=6), Availability.FEW, State.SEATED, State.SEATED),
    "none for the public": (Counts(seated=7), Availability.WAITING, State.WAITING, State.SEATED),
    "none for the public, and fewer than were reserved": (
        Counts(seated=9),
        Availability.WAITING,
        State.WAITING,
        State.SEATED,
    ),
    "none at all": (Counts(seated=10), Availability.WAITING, State.WAITING, State.WAITING),
}


@pytest.mark.parametrize("case", RESERVED)
def test_reserved_seats_are_for_the_invited_alone(case: str) -> None:
    counts, expected, of_public, of_invited = RESERVED[case]
    policy = Policy(capacity=10, reserved=3)
    assert (availability(policy, counts, NOW), initial_state(policy, counts, NOW)) == (expected, of_public)
    assert initial_state(policy, counts, NOW, is_invited=True) is of_invited
    by_invitation = availability(Policy(Mode.INVITATION, 10, reserved=3), counts, NOW)
    assert by_invitation is (Availability.WAITING if counts.seated == 10 else Availability.FEW)


@pytest.mark.parametrize("case", FREE_SEATS)
def test_free_seats_are(case: str) -> None:
    capacity, counts, free = FREE_SEATS[case]
    assert free_seats(Policy(capacity=capacity), counts) == free


HEIRS = {
    "nobody, where seats are not counted": (Policy(), Counts(seated=1, waiting=1), NextHolder.NOBODY),
    "nobody, where more are taken than there are": (Policy(capacity=1), Counts(seated=2, waiting=1), NextHolder.NOBODY),
    "one who waits, at once": (Policy(capacity=2), Counts(seated=1, waiting=1, arrived=1), NextHolder.DRAWN),
    "one who waits, at the next draw": (
        Policy(capacity=1, draws_at_once=False),
        Counts(seated=1, waiting=9),
        NextHolder.KEPT,
    ),
    "somebody with an invitation": (Policy(capacity=2, reserved=1), Counts(seated=2, waiting=1), NextHolder.INVITED),
    "one who waits, beside what is reserved": (
        Policy(capacity=3, reserved=1),
        Counts(seated=2, waiting=1),
        NextHolder.DRAWN,
    ),
    "whoever registers next": (Policy(capacity=2), Counts(seated=2), NextHolder.NEWCOMER),
}


@pytest.mark.parametrize("case", HEIRS)
def test_seat_that_is_given_up_goes_to(case: str) -> None:
    policy, counts, holder = HEIRS[case]
    assert next_holder(policy, counts) is holder


MINUTE = timedelta(minutes=1)
FULL_OF_TWO = Counts(seated=1, arrived=1)
AVAILABILITIES = {
    "open, without a limit": (Policy(), Counts(seated=1000), Availability.OPEN),
    "open, with more left than few": (Policy(capacity=31), Counts(seated=20), Availability.OPEN),
    "few, from ten on": (Policy(capacity=30), Counts(seated=20), Availability.FEW),
    "few, from the number that was set": (Policy(capacity=30, few_left=3), Counts(seated=27), Availability.FEW),
    "open to the last, when none are few": (Policy(capacity=30, few_left=0), Counts(seated=29), Availability.OPEN),
    "few, for as many as nobody waits for": (Policy(capacity=30), Counts(waiting=20), Availability.FEW),
    "waiting, when all are taken": (Policy(capacity=2), FULL_OF_TWO, Availability.WAITING),
    "waiting, when the rest is for those who wait": (Policy(capacity=5), Counts(waiting=5), Availability.WAITING),
    "waiting, when the rest is for a draw by hand": (
        Policy(capacity=5, draws_at_once=False),
        Counts(seated=3, waiting=2),
        Availability.WAITING,
    ),
    "few, when more are free than will be drawn": (
        Policy(capacity=6, draws_at_once=False),
        Counts(seated=3, waiting=2),
        Availability.FEW,
    ),
    "a draw to come, whatever is free": (Policy(capacity=30, draw_at=NOW + MINUTE), Counts(), Availability.DRAW),
    "a draw to come, without a limit": (Policy(draw_at=NOW + MINUTE), Counts(), Availability.DRAW),
    "a draw to come, without a waiting list": (
        Policy(capacity=2, waiting_list=False, draw_at=NOW + MINUTE),
        FULL_OF_TWO,
        Availability.DRAW,
    ),
    "a draw that is late, until it is made": (Policy(capacity=2, draw_at=NOW - MINUTE), Counts(), Availability.DRAW),
    "closed before the draw": (Policy(closes=NOW, draw_at=NOW + MINUTE), Counts(), Availability.CLOSED),
    "full, without a waiting list": (Policy(capacity=2, waiting_list=False), FULL_OF_TWO, Availability.FULL),
    "open, by invitation": (Policy(Mode.INVITATION), Counts(), Availability.OPEN),
    "closed, whatever is left": (Policy(Mode.CLOSED), Counts(), Availability.CLOSED),
    "closed, a minute before it opens": (Policy(opens=NOW + MINUTE), Counts(), Availability.CLOSED),
    "open, from the minute that was set": (Policy(opens=NOW), Counts(), Availability.OPEN),
    "open, until a minute before it closes": (Policy(closes=NOW + MINUTE), Counts(), Availability.OPEN),
    "closed, from the minute that was set": (Policy(closes=NOW), Counts(), Availability.CLOSED),
    "closed, between two dates the wrong way": (Policy(opens=NOW, closes=NOW), Counts(), Availability.CLOSED),
}


@pytest.mark.parametrize("case", AVAILABILITIES)
def test_public_is_told_that_registration_is(case: str) -> None:
    policy, counts, expected = AVAILABILITIES[case]
    assert availability(policy, counts, NOW) is expected


PLACES = {
    "a seat, when one is free": (Policy(capacity=2), Counts(seated=1), State.SEATED),
    "a seat, when there is no limit": (Policy(), Counts(seated=1000), State.SEATED),
    "a seat, when more are free than people wait": (Policy(capacity=3), Counts(waiting=2), State.SEATED),
    "the list, when every seat is taken": (Policy(capacity=2), Counts(seated=1, arrived=1), State.WAITING),
    "the list, when a free seat is for those who wait": (Policy(capacity=2), Counts(waiting=2), State.WAITING),
    "the list, when there is no seat at all": (Policy(capacity=0), Counts(), State.WAITING),
}


@pytest.mark.parametrize("case", PLACES)
def test_place_is(case: str) -> None:
    policy, counts, state = PLACES[case]
    assert initial_state(policy, counts, NOW) is state


@given(st.none() | numbers, st.booleans(), all_counts)
def test_place_is_refused_when_registration_is_closed(capacity: int | None, waiting_list: bool, counts: Counts) -> None:
    with pytest.raises(RegistrationClosed):
        initial_state(Policy(Mode.CLOSED, capacity, waiting_list), counts, NOW)


OUT_OF_TIME = {
    "before it opens": Policy(opens=NOW + MINUTE),
    "once it has closed": Policy(closes=NOW),
    "by invitation too": Policy(Mode.INVITATION, closes=NOW),
}


@pytest.mark.parametrize("policy", OUT_OF_TIME.values(), ids=OUT_OF_TIME.keys())
def test_place_is_refused_out_of_time(policy: Policy) -> None:
    with pytest.raises(RegistrationClosed):
        initial_state(policy, Counts(), NOW)


@given(limited, all_counts)
def test_place_never_gives_a_seat_that_is_taken_or_awaited(policy: Policy, counts: Counts) -> None:
    free = free_seats(policy, counts)
    assert free is not None
    try:
        state = initial_state(policy, counts, NOW)
    except RegistrationFull:
        assert not policy.waiting_list
        assert free <= counts.waiting
    else:
        assert state is (State.SEATED if free > counts.waiting else State.WAITING)


@given(unlimited, all_counts)
def test_place_without_a_limit_is_a_seat(policy: Policy, counts: Counts) -> None:
    assert initial_state(policy, counts, NOW) is State.SEATED


@given(limited, all_counts, ids, seeds)
def test_draw_gives_each_free_seat_to_one_who_waits(
    policy: Policy, counts: Counts, waiting: list[str], seed: int
) -> None:
    free = free_seats(policy, counts)
    assert free is not None
    drawn = draw(policy, counts, waiting, Random(seed))
    assert drawn <= set(waiting)
    assert len(drawn) == min(free, len(waiting))


@given(unlimited, all_counts, ids, seeds)
def test_draw_without_a_limit_seats_everybody(policy: Policy, counts: Counts, waiting: list[str], seed: int) -> None:
    assert draw(policy, counts, waiting, Random(seed)) == set(waiting)


@given(st.none() | numbers, st.booleans(), numbers, st.integers(0, 8), seeds)
def test_draw_is_of_as_many_as_were_said_to_be_drawn(
    capacity: int | None, at_once: bool, seated: int, waiting: int, seed: int
) -> None:
    policy, counts = Policy(capacity=capacity, draws_at_once=at_once), Counts(seated, waiting)
    ids = [f"{n:x}" for n in range(waiting)]
    assert seats_to_draw(policy, counts) == len(draw(policy, counts, ids, Random(seed)))


def test_draw_favours_nobody() -> None:
    rng, waiting = Random(20261215), [f"{n:x}" for n in range(5)]
    wins = [id for _ in range(5000) for id in draw(Policy(capacity=2), Counts(), waiting, rng)]
    assert all(abs(wins.count(id) - 2000) < 200 for id in waiting)


def test_draw_depends_on_chance_alone() -> None:
    waiting = [f"{n:x}" for n in range(9)]
    policy, counts = Policy(capacity=3), Counts(waiting=9)
    assert draw(policy, counts, waiting, Random(5)) == draw(policy, counts, waiting, Random(5))
