"""Check-in: a promised seat is there, an empty one can be given, and a mistake can be undone."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.registration.arrival import empty_seats, on_arrival, on_undo
from portal.domain.registration.registration import Counts, Policy, State, draw

numbers = st.integers(0, 20)
all_counts = st.builds(Counts, seated=numbers, waiting=numbers, arrived=numbers)
policies = st.builds(Policy, capacity=st.none() | numbers)

EMPTY_SEATS = {
    "all, before anybody came": (Policy(capacity=5), Counts(seated=5), 5),
    "fewer for each who sits": (Policy(capacity=5), Counts(seated=3, arrived=2), 3),
    "none below zero": (Policy(capacity=1), Counts(arrived=2), 0),
    "no limit": (Policy(), Counts(arrived=1000), None),
}


@pytest.mark.parametrize("case", EMPTY_SEATS)
def test_empty_seats_are(case: str) -> None:
    policy, counts, empty = EMPTY_SEATS[case]
    assert empty_seats(policy, counts) == empty


ARRIVALS = {
    "who has a seat sits down": (Counts(seated=1, arrived=1), State.SEATED, False, State.ARRIVED),
    "who has a seat sits down, were the room full": (Counts(seated=1, arrived=2), State.SEATED, False, State.ARRIVED),
    "who has arrived stays so": (Counts(arrived=2), State.ARRIVED, False, State.ARRIVED),
    "who waits goes on waiting, unasked": (Counts(seated=2, waiting=1), State.WAITING, False, State.WAITING),
    "who waits is let in on an empty seat": (
        Counts(seated=1, waiting=1, arrived=1),
        State.WAITING,
        True,
        State.ARRIVED,
    ),
    "who waits is not let in without one": (Counts(waiting=1, arrived=2), State.WAITING, True, State.WAITING),
}


@pytest.mark.parametrize("case", ARRIVALS)
def test_arrival_of_one_in_a_room_of_two(case: str) -> None:
    counts, was, let_in, becomes = ARRIVALS[case]
    assert on_arrival(Policy(capacity=2), counts, was, let_in) is becomes


BY_HAND = Policy(capacity=2, draws_at_once=False)
UNDONE = {
    "a seat of one's own is kept": (Counts(seated=1, arrived=1), False, State.SEATED),
    "a seat is kept when the capacity was lowered": (Counts(seated=2, arrived=1), False, State.SEATED),
    "a seat that others have is given back": (Counts(seated=2, arrived=1), True, State.WAITING),
    "a seat that is free by now is kept": (Counts(seated=1, arrived=1), True, State.SEATED),
}


@pytest.mark.parametrize("case", UNDONE)
def test_arrival_that_is_undone_in_a_room_of_two(case: str) -> None:
    counts, was_let_in, becomes = UNDONE[case]
    assert on_undo(Policy(capacity=2), counts, was_let_in) is becomes


def test_seat_of_a_let_in_that_is_undone_goes_into_the_draw_where_it_is_by_hand() -> None:
    assert on_undo(BY_HAND, Counts(seated=1, arrived=1), was_let_in=True) is State.WAITING
    assert on_undo(BY_HAND, Counts(seated=1, arrived=1), was_let_in=False) is State.SEATED


@given(policies, all_counts)
def test_undo_never_leaves_a_seat_free_while_somebody_waits(policy: Policy, counts: Counts) -> None:
    before = Counts(counts.seated, 0, counts.arrived + 1)
    if on_undo(policy, before, was_let_in=True) is State.WAITING:
        assert draw(policy, Counts(before.seated, 1, before.arrived - 1), ["a"], Random(1)) == frozenset()


@given(policies, all_counts)
def test_let_in_never_fills_more_than_the_room(policy: Policy, counts: Counts) -> None:
    if on_arrival(policy, counts, State.WAITING, let_in=True) is State.ARRIVED:
        assert policy.capacity is None or counts.arrived + 1 <= policy.capacity
