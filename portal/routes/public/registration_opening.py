"""The opening of registration: its state for the public page, and the check of an invitation."""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from portal.domain.errors import InputError, InvitationUnknown, RegistrationClosed
from portal.domain.registration.hashing import Hasher
from portal.domain.registration.registration import (
    Availability,
    Counts,
    Mode,
    Policy,
    availability,
    has_reserved_seat,
    initial_state,
)
from portal.domain.registration.retention import Erasure
from portal.domain.registration.ticket_code import INVITATION, SHORT_CODE_CHARACTERS, code_digest, parse_code
from portal.routes.context import current_edition_of, services_of
from portal.routes.upcoming_erasure import postponed_until


@dataclass(frozen=True, slots=True)
class Opening:
    """The state of registration for the next person.

    `opens` and `closes` are in the future, `closed` is in the past, at `draw_at` the seats are drawn; each may be None.
    It `has_invitations` that are unused, and `has_reserved` seats for these alone. `erasure` is the last erasure,
    `postponed` the moment to which the next one is postponed.
    """

    availability: Availability
    is_by_invitation: bool
    has_invitations: bool
    has_reserved: bool
    opens: datetime | None
    closes: datetime | None
    closed: datetime | None
    draw_at: datetime | None
    erasure: Erasure | None
    postponed: datetime | None

    @property
    def takes_registrations(self) -> bool:
        """Return whether anybody can register, be it for the waiting list, or with an invitation alone."""
        return self.availability not in (Availability.FULL, Availability.CLOSED) or self.is_reserved

    @property
    def needs_invitation(self) -> bool:
        """Return whether registration needs an invitation."""
        return self.is_by_invitation or self.is_reserved

    @property
    def is_reserved(self) -> bool:
        """Return whether all seats that are left are reserved for invitations."""
        return self.availability is Availability.FULL and self.has_reserved


async def opening(request: Request) -> Opening:
    """Return the present state of registration."""
    services, policy = services_of(request), await _policy(request)
    store, now = services.store, services.clock()
    counts, left = await store.counts(), await store.invitations()
    return Opening(
        availability(policy, counts, now),
        policy.mode is Mode.INVITATION,
        left > 0,
        left > 0 and has_reserved_seat(policy, counts),
        *_moments(policy, now),
        policy.draw_at,
        await store.erasure(),
        await postponed_until(request),
    )


def is_costly(invitation: str) -> bool:
    """Return whether the typed `invitation` is a short code, whose look-up costs nearly as much as a hash."""
    try:
        return len(parse_code(invitation)) == SHORT_CODE_CHARACTERS
    except InputError:
        return False


async def check_invitation(request: Request, invitation: str, hasher: Hasher) -> str | None:
    """Return the id of the typed `invitation`, hashed by `hasher`; None where none was typed, and none is needed.

    Raises `RegistrationClosed`, `RegistrationFull`, an error of the code, or `InvitationUnknown`: an invitation is
    looked up before any costly work, so that people without one do not delay those who have one.
    """
    services, policy = services_of(request), await _policy(request)
    store = services.store
    is_invited = bool(invitation.strip())
    initial_state(policy, await store.counts(), services.clock(), is_invited=is_invited)
    if policy.mode is not Mode.INVITATION and not is_invited:
        return None
    digest = code_digest(services.keys.event, parse_code(invitation, "invitation"), INVITATION)
    id = (await hasher.locate(digest)).id
    if not await store.has_invitation(id):
        raise InvitationUnknown
    return id


async def check_open(request: Request) -> None:
    """Raise `RegistrationClosed` where registration is closed, full or not."""
    policy, now = await _policy(request), services_of(request).clock()
    if availability(policy, Counts(), now) is Availability.CLOSED:
        raise RegistrationClosed


async def _policy(request: Request) -> Policy:
    return await services_of(request).store.policy_in_force(current_edition_of(request).renderer.edition.event)


def _moments(policy: Policy, now: datetime) -> tuple[datetime | None, datetime | None, datetime | None]:
    """Return the moments at which registration opens, closes and has closed, each None where it does not apply."""
    if policy.mode is Mode.CLOSED:
        return None, None, None
    opens = policy.opens if policy.opens and now < policy.opens else None
    has_closed = policy.closes is not None and policy.closes <= now
    return opens, None if has_closed else policy.closes, policy.closes if has_closed else None
