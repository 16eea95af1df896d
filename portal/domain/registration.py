"""The registration: what is stored about a person, and the rules of seats. No time and no order is ever kept."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from portal.domain.errors import RegistrationClosed, RegistrationFull
from portal.domain.language import N_


class State(StrEnum):
    """Where a registration stands."""

    SEATED = "seated"
    WAITING = "waiting"
    ARRIVED = "arrived"


@dataclass(frozen=True, slots=True)
class Registration:
    """The whole record of one person.

    `id` is the locator, 64 hexadecimal digits: HMAC-SHA256 of the ticket code; `pseudonym` may be empty;
    `passphrase_hash` is an argon2id string with its own salt (RFC 9106).
    """

    id: str
    pseudonym: str
    passphrase_hash: str
    state: State


@dataclass(frozen=True, slots=True)
class StoredField:
    """A field that the store keeps about a person: why, and until when. The privacy page is made of these."""

    name: str
    what: str
    why: str
    until: str


_UNTIL_ERASED: Final = N_(
    "until you erase it, and at the latest until the portal erases every registration after the event"
)

STORED_FIELDS: Final[tuple[StoredField, ...]] = (
    StoredField(
        "id",
        N_("a fingerprint of your ticket's code, made with the portal's own key"),
        N_("to find your registration when you come back; the code itself is not kept"),
        _UNTIL_ERASED,
    ),
    StoredField(
        "pseudonym",
        N_("the pseudonym, if you chose to give one"),
        N_("so that the organisers can greet you at the door"),
        _UNTIL_ERASED,
    ),
    StoredField(
        "passphrase_hash",
        N_("an argon2id hash of your passphrase"),
        N_("to recognise you without knowing your passphrase"),
        _UNTIL_ERASED,
    ),
    StoredField(
        "state",
        N_("whether you have a seat, are waiting for one, or have arrived"),
        N_("to count the seats"),
        _UNTIL_ERASED,
    ),
)


class Mode(StrEnum):
    """Whether the form takes registrations."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Policy:
    """What the organisers decided about registration. `capacity` counts seats; None is no limit."""

    mode: Mode = Mode.OPEN
    capacity: int | None = None
    waiting_list: bool = True


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


def free_seats(policy: Policy, counts: Counts) -> int | None:
    """How many seats are left, never below 0; None when there is no limit."""
    return None if policy.capacity is None else max(0, policy.capacity - counts.taken)


def place(policy: Policy, counts: Counts) -> State:
    """The state of one more registration.

    Raises `RegistrationClosed`, or `RegistrationFull` when no seat is left and nobody may wait.
    A free seat goes to a newcomer only when nobody is waiting for it: those who wait have their draw first.
    """
    if policy.mode is Mode.CLOSED:
        raise RegistrationClosed
    free = free_seats(policy, counts)
    if free is None or free > counts.waiting:
        return State.SEATED
    if not policy.waiting_list:
        raise RegistrationFull
    return State.WAITING


def draw(policy: Policy, counts: Counts, waiting: Sequence[str], chance: random.Random) -> frozenset[str]:
    """The ids, among those `waiting`, to whom the free seats go by lot.

    `waiting` must come in an order that says nothing, the order of the ids.
    """
    free = free_seats(policy, counts)
    number = len(waiting) if free is None else min(free, len(waiting))
    return frozenset(chance.sample(waiting, number))
