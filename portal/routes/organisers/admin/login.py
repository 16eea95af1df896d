"""Signing in and out: an organiser is recognised by name and passphrase, and the browser gets a sign-in.

The key that opens pseudonyms goes from the wrap for the passphrase to a wrap for the sign-in: the portal itself, which
has only the digest of what the browser holds, cannot open either.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.errors import BusyError, FormForeign, PortalError
from portal.domain.limits import ORGANISERS_BODY_KIB, SIGN_IN_TOTAL_HOURS
from portal.domain.organisers.organiser import Organiser, SignIn
from portal.domain.organisers.organiser_access import with_passphrase, wrapped_for
from portal.domain.organisers.organiser_errors import SignInRefused
from portal.domain.registration.hashing import Hasher
from portal.domain.registration.passphrase import check, normalised
from portal.domain.registration.sealing import unwrap
from portal.domain.times import whole_minute
from portal.routes.context import TOKEN_FIELD, rate_limits_of, services_of, tokens_of
from portal.routes.errors import page_errors
from portal.routes.organisers.forms import SIGN_IN, Form, KeptForm, kept_by_sign_in_page, kept_page, sign_in_page
from portal.routes.organisers.pseudonym_index import pseudonym_index_of
from portal.routes.public_forms import FormToken, Submission, public_form
from portal.routes.responses import redirect_to
from portal.web.sign_in_cookie import (
    delete_sign_in_cookie,
    new_id,
    secret_in,
    set_sign_in_cookie,
    stored_id,
    stored_id_of,
)

_LOOKS: Final = 2
"""How often a passphrase is compared: once more when another browser had the hash of the same one made anew."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A `sign_in` that is open; `id` is for the browser alone."""

    id: str
    sign_in: SignIn

    def hand_over(self, request: Request, response: Response) -> Response:
        """Return `response` with the id in the cookie for the browser."""
        set_sign_in_cookie(request, response, self.id)
        return response


async def recognise(request: Request, name: str, passphrase: str) -> Entry:
    """Let in the organiser of this name and passphrase.

    Raises `SignInRefused`, after the same work whether the name or the passphrase is wrong, and `BusyError`, which no
    flood of others brings upon a browser in which this organiser was signed in before.
    """
    services, rate_limits = services_of(request), rate_limits_of(request)
    if await _is_familiar(request, name):
        hasher, slot = services.known_browsers_hasher, rate_limits.organisers.slot(request, name)
    else:
        hasher, slot = services.organisers_hasher, rate_limits.sign_ins.slot(request)
    async with rate_limits.sign_in_backoff.attempt(name, request.receive), slot:
        for _ in range(_LOOKS):
            organiser, key = await _proven(request, hasher, name, passphrase)
            private_key = unwrap(organiser.wrapped_key, key)
            renewed = await _renewed(hasher, organiser, passphrase, private_key)
            if entry := await enter(request, organiser, private_key, renewed):
                return entry
        raise SignInRefused


async def enter(
    request: Request, organiser: Organiser, private_key: bytes | None, renewed: Organiser | None = None
) -> Entry | None:
    """Open a sign-in for who has proven to be `organiser`, and close what the browser held before.

    None when the organiser was removed, or given another passphrase or wrap, in the meantime. `private_key` is theirs
    to read pseudonyms with; `renewed`: with a new hash of the same passphrase.
    """
    services, known_browsers = services_of(request), rate_limits_of(request).known_browsers
    id, minute = new_id(services.rng), whole_minute(services.clock())
    sign_in = SignIn(stored_id(id), organiser.name, minute, minute, wrapped_for(private_key, secret_in(id)))
    if not await services.store.open_sign_in(sign_in, organiser, renewed):
        return None
    if before := stored_id_of(request):
        await services.store.close_sign_in(before)
        known_browsers.forget(before)
    known_browsers.remember(sign_in.id, sign_in.organiser)
    return Entry(id, sign_in)


async def _is_familiar(request: Request, name: str) -> bool:
    """Tell whether the browser has a sign-in of this organiser that merely expired."""
    is_known = rate_limits_of(request).known_browsers.knows(stored_id_of(request), name)
    return is_known and await services_of(request).store.organiser(name) is not None


async def _proven(request: Request, hasher: Hasher, name: str, passphrase: str) -> tuple[Organiser, bytes]:
    """Return the organiser and the key of their passphrase."""
    organiser = await services_of(request).store.organiser(name)
    key = await hasher.verify(organiser.passphrase_hash if organiser else None, passphrase)
    if key is None or organiser is None:
        raise SignInRefused
    return organiser, key


async def _renewed(
    hasher: Hasher, organiser: Organiser, passphrase: str, private_key: bytes | None
) -> Organiser | None:
    """Return the organiser with a new hash, and what is wrapped for it, in the place of an outgrown one.

    Where it cannot be had now, the next time will do.
    """
    if hasher.is_outgrown(organiser.passphrase_hash):
        with suppress(BusyError):
            return with_passphrase(organiser, await hasher.hash(passphrase), private_key)
    return None


async def _show_error(request: Request, error: PortalError, form: Form) -> Response:
    """Show the sign-in page again, with the name that was typed and what the page has kept."""
    return sign_in_page(request, page_errors(request, error), _kept(request, form), form.get("name", ""))


@public_form(_show_error, token=FormToken(SIGN_IN, timedelta(hours=SIGN_IN_TOTAL_HOURS)), max_kib=ORGANISERS_BODY_KIB)
async def open_sign_in(request: Request, submission: Submission) -> Response:
    """Sign an organiser in, and go on with the form that was kept, or to the overview."""
    form = submission.fields
    name, passphrase = normalised(form.get("name", "")), check(form.get("passphrase", ""))
    entry, kept = await recognise(request, name, passphrase), kept_by_sign_in_page(submission.payload, form)
    response = kept_page(request, entry.sign_in, kept) if kept else redirect_to(request, "organisers")
    return entry.hand_over(request, response)


async def close_sign_in(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Forget the sign-in, here and in the browser."""
    await services_of(request).store.close_sign_in(sign_in.id)
    rate_limits_of(request).known_browsers.forget(sign_in.id)
    pseudonym_index_of(request).forget()
    response = redirect_to(request, "organisers")
    delete_sign_in_cookie(request, response)
    return response


def _kept(request: Request, form: Mapping[str, str]) -> KeptForm | None:
    """Return the form that the sign-in page has kept; None when `form` is not that page's."""
    try:
        payload = tokens_of(request).open_at_any_age(SIGN_IN, form.get(TOKEN_FIELD, ""))
    except FormForeign:
        return None
    return kept_by_sign_in_page(payload, form)
