"""Arrivals at the check-in: from a seat or the waiting list, and undone."""

from dataclasses import dataclass

from portal.domain.registration.registration import Counts, Policy, Registration, State


@dataclass(frozen=True, slots=True)
class Arrival:
    """Outcome of a check-in: the registration as it is now, and its state before."""

    registration: Registration
    was: State


def empty_seats(policy: Policy, counts: Counts) -> int | None:
    """Count the seats whose holders have not arrived, and the free ones, never below 0; None when there is no limit."""
    return None if policy.capacity is None else max(0, policy.capacity - counts.arrived)


def on_arrival(policy: Policy, counts: Counts, was: State, let_in: bool) -> State:
    """Return the state that `was` becomes at the check-in.

    Whoever has a seat arrives. Whoever waits must be `let_in` by an organiser, and only while a seat is empty.
    """
    if was is State.WAITING and (not let_in or empty_seats(policy, counts) == 0):
        return State.WAITING
    return State.ARRIVED


def on_undo(policy: Policy, counts: Counts, was_let_in: bool) -> State:
    """Return the state after an arrival is undone; `counts` still has it among the arrived.

    Whoever `was_let_in` on a seat that somebody else has waits again. A seat that nobody else has is kept where the
    portal `draws_at_once`, for it would be free while somebody waits; elsewhere it is free for the next draw.
    """
    is_taken = policy.capacity is not None and counts.taken > policy.capacity
    return State.WAITING if was_let_in and (is_taken or not policy.gives_seats_at_once) else State.SEATED
