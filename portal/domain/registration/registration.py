"""Registrations, the policy, and the rules of seats and draws. No time and no order is ever stored."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from portal.domain.errors import RegistrationClosed, RegistrationFull

FEW_LEFT: Final = 10
"""Seats that are few, unless the organisers say otherwise."""


class State(StrEnum):
    """State of a registration."""

    SEATED = "seated"
    WAITING = "waiting"
    ARRIVED = "arrived"


@dataclass(frozen=True, slots=True)
class Registration:
    """The whole record of one person.

    `id`, 64 hexadecimal digits, follows from the ticket's code (`hashing.code_keys`); `sealed_pseudonym`
    is that of `registration.sealing`, of the same length with or without a pseudonym; `passphrase_hash` is what
    `hashing.PassphraseKey` allows to be stored.
    """

    id: str
    sealed_pseudonym: str
    passphrase_hash: str
    state: State


class Mode(StrEnum):
    """Mode of registration: for anybody, with an invitation, or closed."""

    OPEN = "open"
    INVITATION = "invitation"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Policy:
    """Registration rules, chosen by the organisers.

    `capacity` counts seats, None is no limit; with `few_left` seats or fewer the public is told that few are left;
    nobody registers before `opens` or from `closes` on, in UTC to the minute, None is no such moment. Where the portal
    `draws_at_once`, a seat that is freed or added is drawn at once among those who wait; elsewhere it stays free for
    them until the organisers draw. `reserved` counts the free seats that only invitations take, before any other seat.

    Until the draw of the moment `draw_at`, in UTC to the minute, everybody who registers waits, whatever seats are
    free, so that no state tells who came first. That draw gives the seats and sets `draw_at` to None.
    """

    mode: Mode = Mode.OPEN
    capacity: int | None = None
    waiting_list: bool = True
    few_left: int = FEW_LEFT
    opens: datetime | None = None
    closes: datetime | None = None
    draws_at_once: bool = True
    draw_at: datetime | None = None
    reserved: int = 0

    @property
    def gives_seats_at_once(self) -> bool:
        """Return whether a free seat goes at once to somebody who waits."""
        return self.draws_at_once and self.draw_at is None


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of registrations in each state."""

    seated: int = 0
    waiting: int = 0
    arrived: int = 0

    @property
    def taken(self) -> int:
        """Seats that are not free: those who arrived have one too."""
        return self.seated + self.arrived


class Availability(StrEnum):
    """Availability of seats, as the public sees it."""

    OPEN = "open"
    FEW = "few"
    DRAW = "draw"
    WAITING = "waiting"
    FULL = "full"
    CLOSED = "closed"


def free_seats(policy: Policy, counts: Counts) -> int | None:
    """Return the number of seats left beside the reserved ones, never below 0; None when there is no limit."""
    return None if policy.capacity is None else max(0, policy.capacity - counts.taken - policy.reserved)


def has_reserved_seat(policy: Policy, counts: Counts) -> bool:
    """Return whether somebody with an invitation would take a reserved seat."""
    return policy.reserved > 0 and free_seats(replace(policy, reserved=0), counts) != 0


def availability(policy: Policy, counts: Counts, now: datetime) -> Availability:
    """Return the availability for one more person at `now` (UTC).

    A free seat is there for a newcomer only when nobody is waiting for it: those who wait have their draw first,
    whenever it is. Where everybody needs an invitation, reserved seats are seats like any other.
    """
    if policy.mode is Mode.CLOSED or not _is_time(policy, now):
        return Availability.CLOSED
    if policy.draw_at is not None:
        return Availability.DRAW
    if policy.mode is Mode.INVITATION:
        policy = replace(policy, reserved=0)
    free = free_seats(policy, counts)
    if free is None or free > counts.waiting + policy.few_left:
        return Availability.OPEN
    if free > counts.waiting:
        return Availability.FEW
    return Availability.WAITING if policy.waiting_list else Availability.FULL


def initial_state(policy: Policy, counts: Counts, now: datetime, *, is_invited: bool = False) -> State:
    """Return the state of a new registration at `now` (UTC), with an invitation or without.

    Raises `RegistrationClosed`, or `RegistrationFull` when no seat is left and nobody may wait.
    """
    found = availability(policy, counts, now)
    if found is Availability.CLOSED:
        raise RegistrationClosed
    if is_invited and has_reserved_seat(policy, counts):
        return State.SEATED
    if found is Availability.FULL:
        raise RegistrationFull
    return State.WAITING if found in (Availability.WAITING, Availability.DRAW) else State.SEATED


class NextHolder(StrEnum):
    """Next holder of the seat of a registration that is erased."""

    NOBODY = "nobody"
    INVITED = "invited"
    DRAWN = "drawn"
    KEPT = "kept"
    NEWCOMER = "newcomer"


def next_holder(policy: Policy, counts: Counts) -> NextHolder:
    """Return the next holder of a seat given up: somebody who waits, by a draw now or later, or a newcomer.

    Nobody where more seats are taken than there are, or where they are not counted; somebody with an invitation
    where no other seats are free than those that are reserved.
    """
    if policy.capacity is None or counts.taken > policy.capacity:
        return NextHolder.NOBODY
    if free_seats(policy, replace(counts, seated=counts.seated - 1)) == 0:
        return NextHolder.INVITED
    if counts.waiting or policy.draw_at is not None:
        return NextHolder.DRAWN if policy.gives_seats_at_once else NextHolder.KEPT
    return NextHolder.NEWCOMER


def seats_to_draw(policy: Policy, counts: Counts) -> int:
    """Count the free seats that a draw would give to those who wait."""
    free = free_seats(policy, counts)
    return counts.waiting if free is None else min(free, counts.waiting)


def draw(policy: Policy, counts: Counts, waiting: Sequence[str], rng: random.Random) -> frozenset[str]:
    """Draw the ids, among those `waiting`, that get the free seats.

    `waiting` must come in an order that tells nothing, the order of the ids.
    """
    return frozenset(rng.sample(waiting, seats_to_draw(policy, replace(counts, waiting=len(waiting)))))


def _is_time(policy: Policy, now: datetime) -> bool:
    return (policy.opens is None or policy.opens <= now) and (policy.closes is None or now < policy.closes)
