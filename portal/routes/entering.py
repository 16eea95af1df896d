"""How an organiser comes in: recognised by name and passphrase, and given a sign-in that the browser then holds."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.errors import BusyError
from portal.domain.hashing import Hasher
from portal.domain.organiser import Organiser, SignIn
from portal.domain.organiser_errors import SignInRefused
from portal.domain.whole_minute import whole_minute
from portal.routes.asked import guard_of, services_of
from portal.web.sign_in_cookie import give, new_id, stored_id, stored_id_of

_LOOKS: Final = 2
"""How often a passphrase is compared: once more when another browser had the hash of the same one made anew."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A `sign_in` that is open; `id` is for the browser alone."""

    id: str
    sign_in: SignIn

    def hand_over(self, request: Request, response: Response) -> Response:
        """`response`, with which the browser gets the id."""
        give(request, response, self.id)
        return response


async def recognise(request: Request, name: str, passphrase: str) -> Entry:
    """Let in the organiser of this name and passphrase.

    Raises `SignInRefused`, after the same work whether the name or the passphrase is wrong, and `BusyError`, which no
    flood of others brings upon a browser in which this organiser was signed in before.
    """
    services, guard = services_of(request), guard_of(request)
    if await _is_familiar(request, name):
        hasher, turn = services.familiar_hasher, guard.organisers.turn(request, name)
    else:
        hasher, turn = services.organisers_hasher, guard.sign_ins.turn(request)
    async with guard.entries.on(name, request.receive), turn:
        for _ in range(_LOOKS):
            organiser = await _proven(request, hasher, name, passphrase)
            renewed = await _renewed(hasher, organiser, passphrase)
            if entry := await enter(request, organiser, renewed):
                return entry
        raise SignInRefused


async def enter(request: Request, organiser: Organiser, renewed: str | None = None) -> Entry | None:
    """Open a sign-in for who has proven to be `organiser`, and close what the browser held before.

    None when the organiser was removed, or given another passphrase, in the meantime. `renewed`: a new hash of the
    same passphrase.
    """
    services, familiar = services_of(request), guard_of(request).familiar
    id, minute = new_id(services.chance), whole_minute(services.clock())
    sign_in = SignIn(stored_id(id), organiser.name, minute, minute)
    if not await services.store.open_sign_in(sign_in, organiser.passphrase_hash, renewed):
        return None
    if before := stored_id_of(request):
        await services.store.close_sign_in(before)
        familiar.forget(before)
    familiar.remember(sign_in.id, sign_in.organiser)
    return Entry(id, sign_in)


async def _is_familiar(request: Request, name: str) -> bool:
    """Whether the browser holds a sign-in of this organiser that merely ran out."""
    is_known = guard_of(request).familiar.knows(stored_id_of(request), name)
    return is_known and await services_of(request).store.organiser(name) is not None


async def _proven(request: Request, hasher: Hasher, name: str, passphrase: str) -> Organiser:
    organiser = await services_of(request).store.organiser(name)
    known = organiser.passphrase_hash if organiser else None
    if not await hasher.verify(known, passphrase) or organiser is None:
        raise SignInRefused
    return organiser


async def _renewed(hasher: Hasher, organiser: Organiser, passphrase: str) -> str | None:
    """A hash of the present cost in the place of a cheaper one. Where it cannot be had now, the next time will do."""
    if hasher.is_outgrown(organiser.passphrase_hash):
        with suppress(BusyError):
            return await hasher.hash(passphrase)
    return None
