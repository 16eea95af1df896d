"""The registration: what is stored about a person, and the rules of seats. No time and no order is ever kept."""

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
    """Where a registration stands."""

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
    """Who can register: anybody, who has an invitation, or nobody."""

    OPEN = "open"
    INVITATION = "invitation"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Policy:
    """What the organisers decided about registration.

    `capacity` counts seats, None is no limit; with `few_left` seats or fewer the public is told that few are left;
    nobody registers before `opens` or from `closes` on, in UTC to the minute, None is no such moment. Where the portal
    `draws_at_once`, a seat that is freed or added goes by lot to one who waits in that very moment; elsewhere it stays
    free for those who wait until the organisers draw. `reserved` counts the free seats that invitations alone take,
    each of which takes one of them before any other.

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
        """Return whether a free seat goes at once to one who waits."""
        return self.draws_at_once and self.draw_at is None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many registrations are in each state."""

    seated: int = 0
    waiting: int = 0
    arrived: int = 0

    @property
    def taken(self) -> int:
        """Seats that are not free: who arrived sits on one too."""
        return self.seated + self.arrived


class Availability(StrEnum):
    """All that the public is told about the seats."""

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
    """What one more person would find at `now` (UTC).

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


def place(policy: Policy, counts: Counts, now: datetime, *, is_invited: bool = False) -> State:
    """The state of one more registration at `now` (UTC), with an invitation or without.

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


class Heir(StrEnum):
    """The heir to the seat of a registration that is erased."""

    NOBODY = "nobody"
    INVITED = "invited"
    DRAWN = "drawn"
    KEPT = "kept"
    NEWCOMER = "newcomer"


def heir_of_seat(policy: Policy, counts: Counts) -> Heir:
    """Return the heir to a seat given up: one of those who wait, by a draw at once or a later one, or a newcomer.

    Nobody where more seats are taken than there are, or where they are not counted; somebody with an invitation
    where no other seats are free than those that are reserved.
    """
    if policy.capacity is None or counts.taken > policy.capacity:
        return Heir.NOBODY
    if free_seats(policy, replace(counts, seated=counts.seated - 1)) == 0:
        return Heir.INVITED
    if counts.waiting or policy.draw_at is not None:
        return Heir.DRAWN if policy.gives_seats_at_once else Heir.KEPT
    return Heir.NEWCOMER


def to_be_drawn(policy: Policy, counts: Counts) -> int:
    """How many of the free seats a draw would give to those who wait."""
    free = free_seats(policy, counts)
    return counts.waiting if free is None else min(free, counts.waiting)


def draw(policy: Policy, counts: Counts, waiting: Sequence[str], rng: random.Random) -> frozenset[str]:
    """The ids, among those `waiting`, to whom the free seats go by lot.

    `waiting` must come in an order that says nothing, the order of the ids.
    """
    return frozenset(rng.sample(waiting, to_be_drawn(policy, replace(counts, waiting=len(waiting)))))


def _is_time(policy: Policy, now: datetime) -> bool:
    return (policy.opens is None or policy.opens <= now) and (policy.closes is None or now < policy.closes)
