"""Where registration stands: all that its page may tell the public, and how a newcomer gets past it."""

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
    place,
)
from portal.domain.registration.retention import Erasure
from portal.domain.registration.ticket_code import INVITATION, SHORT_CODE_CHARACTERS, code_digest, parse_code
from portal.routes.context import services_of
from portal.routes.upcoming_erasure import policy_in_force, postponed_until


@dataclass(frozen=True, slots=True)
class Opening:
    """What one more person would find at `now`, and since or until when.

    `opens` and `closes` are ahead, `closed` is past, at `draw_at` the seats are drawn; each is None where there is no
    such moment. It `has_invitations` that are not used, and `has_reserved` seats for these alone. `erasure` is the last
    one, `postponed` the moment to which the next one was put off.
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
        """Whether there is a place to register for, be it on the waiting list, or with an invitation alone."""
        return self.availability not in (Availability.FULL, Availability.CLOSED) or self.is_reserved

    @property
    def needs_invitation(self) -> bool:
        """Whether nobody registers without an invitation."""
        return self.is_by_invitation or self.is_reserved

    @property
    def is_reserved(self) -> bool:
        """Whether the seats that are left are all reserved for invitations."""
        return self.availability is Availability.FULL and self.has_reserved


async def opening(request: Request) -> Opening:
    """Where registration stands now."""
    services, policy = services_of(request), await policy_in_force(request)
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


def is_dear(invitation: str) -> bool:
    """Return whether the `invitation` that was typed is a short one, which costs nearly a hash to look up."""
    try:
        return len(parse_code(invitation)) == SHORT_CODE_CHARACTERS
    except InputError:
        return False


async def admission(request: Request, invitation: str, hasher: Hasher) -> str | None:
    """The id of the `invitation` that was typed, worked out by `hasher`; None where none was, and none is needed.

    Raises `RegistrationClosed`, `RegistrationFull`, what is wrong with the code, or `InvitationUnknown`: an invitation
    is looked for before anything costs much work, so that who has none keeps nobody waiting who has one.
    """
    services, policy = services_of(request), await policy_in_force(request)
    store = services.store
    is_invited = bool(invitation.strip())
    place(policy, await store.counts(), services.clock(), is_invited=is_invited)
    if policy.mode is not Mode.INVITATION and not is_invited:
        return None
    digest = code_digest(services.keys.event, parse_code(invitation, "invitation"), INVITATION)
    id = (await hasher.locate(digest)).id
    if not await store.has_invitation(id):
        raise InvitationUnknown
    return id


async def check_open(request: Request) -> None:
    """Raise `RegistrationClosed` where registration is closed, full or not."""
    policy, now = await policy_in_force(request), services_of(request).clock()
    if availability(policy, Counts(), now) is Availability.CLOSED:
        raise RegistrationClosed


def _moments(policy: Policy, now: datetime) -> tuple[datetime | None, datetime | None, datetime | None]:
    """When it opens, closes, has closed; nothing where it is closed whatever the time."""
    if policy.mode is Mode.CLOSED:
        return None, None, None
    opens = policy.opens if policy.opens and now < policy.opens else None
    has_closed = policy.closes is not None and policy.closes <= now
    return opens, None if has_closed else policy.closes, policy.closes if has_closed else None
