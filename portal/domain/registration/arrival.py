"""At the door: who sits down, who waited and is let in, and what an arrival that is undone goes back to."""

from dataclasses import dataclass

from portal.domain.registration.registration import Counts, Policy, Registration, State


@dataclass(frozen=True, slots=True)
class Arrival:
    """What was found at the door: the registration as it is now, and the state in which it came."""

    registration: Registration
    was: State


def empty_seats(policy: Policy, counts: Counts) -> int | None:
    """How many seats nobody sits on, whoever has them, never below 0; None when there is no limit."""
    return None if policy.capacity is None else max(0, policy.capacity - counts.arrived)


def on_arrival(policy: Policy, counts: Counts, was: State, let_in: bool) -> State:
    """What `was` becomes at the door.

    Whoever has a seat sits on it. Whoever waits is `let_in` by an organiser, and only while a seat stays empty.
    """
    if was is State.WAITING and (not let_in or empty_seats(policy, counts) == 0):
        return State.WAITING
    return State.ARRIVED


def on_undo(policy: Policy, counts: Counts, was_let_in: bool) -> State:
    """What an arrival goes back to; `counts` still has it among the arrived.

    Whoever `was_let_in` on a seat that somebody else has waits again. One that nobody else has is kept where the portal
    `draws_at_once`, for it would be free while somebody waits; elsewhere it is free for the next draw.
    """
    is_taken = policy.capacity is not None and counts.taken > policy.capacity
    return State.WAITING if was_let_in and (is_taken or not policy.gives_seats_at_once) else State.SEATED
