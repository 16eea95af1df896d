"""Signing in and out: an organiser is recognised by name and passphrase, and the browser gets a sign-in.

The key that opens pseudonyms is unwrapped with the passphrase and wrapped again for the sign-in. The portal itself,
which has only the digest of the cookie, can open neither wrap.
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
from portal.domain.organisers.organiser import Organiser, SignIn, with_passphrase, wrapped_for
from portal.domain.organisers.organiser_errors import SignInRefused
from portal.domain.registration.hashing import Hasher
from portal.domain.registration.passphrase import check, normalised
from portal.domain.registration.sealing import unwrap
from portal.domain.times import whole_minute
from portal.routes.context import TOKEN_FIELD, rate_limits_of, redirect_to, services_of, tokens_of
from portal.routes.errors import page_errors
from portal.routes.organisers.forms import SIGN_IN, Form, KeptForm, kept_by_sign_in_page, kept_page, sign_in_page
from portal.routes.organisers.pseudonym_index import pseudonym_index_of
from portal.routes.public_forms import FormToken, Submission, public_form
from portal.web.sign_in_cookie import (
    delete_sign_in_cookie,
    new_id,
    secret_in,
    set_sign_in_cookie,
    stored_id,
    stored_id_of,
)

_ATTEMPTS: Final = 2
"""Attempts at a sign-in: a second, if another browser has replaced the hash of the same passphrase in between."""


@dataclass(frozen=True, slots=True)
class StartedSignIn:
    """A `sign_in` that was just started; `id` is for the browser alone."""

    id: str
    sign_in: SignIn

    def set_cookie(self, request: Request, response: Response) -> Response:
        """Return `response` with the id in the cookie of the browser."""
        set_sign_in_cookie(request, response, self.id)
        return response


async def authenticate(request: Request, name: str, passphrase: str) -> StartedSignIn:
    """Authenticate an organiser by name and passphrase, and start a sign-in.

    Raises `SignInRefused`, after the same work whether the name or the passphrase is wrong, and `BusyError`; a flood
    causes none in a browser in which this organiser was signed in before.
    """
    services, rate_limits = services_of(request), rate_limits_of(request)
    if await _is_known_browser(request, name):
        hasher, slot = services.known_browsers_hasher, rate_limits.organisers.slot(request, name)
    else:
        hasher, slot = services.organisers_hasher, rate_limits.sign_ins.slot(request)
    async with rate_limits.sign_in_backoff.attempt(name, request.receive), slot:
        for _ in range(_ATTEMPTS):
            organiser, key = await _verified(request, hasher, name, passphrase)
            private_key = unwrap(organiser.wrapped_key, key)
            renewed = await _renewed(hasher, organiser, passphrase, private_key)
            if started := await start_sign_in(request, organiser, private_key, renewed):
                return started
        raise SignInRefused


async def start_sign_in(
    request: Request, organiser: Organiser, private_key: bytes | None, renewed: Organiser | None = None
) -> StartedSignIn | None:
    """Start a sign-in of `organiser`, who is authenticated, and close the sign-in that the browser had before.

    Return None if they were removed, or given another passphrase or wrap, in the meantime. `private_key` opens
    pseudonyms; `renewed` is the organiser with a new hash of the same passphrase.
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
    return StartedSignIn(id, sign_in)


async def _is_known_browser(request: Request, name: str) -> bool:
    """Tell whether the browser has a sign-in of this organiser that merely expired."""
    is_known = rate_limits_of(request).known_browsers.knows(stored_id_of(request), name)
    return is_known and await services_of(request).store.organiser(name) is not None


async def _verified(request: Request, hasher: Hasher, name: str, passphrase: str) -> tuple[Organiser, bytes]:
    """Return the organiser and the key of their passphrase."""
    organiser = await services_of(request).store.organiser(name)
    key = await hasher.verify(organiser.passphrase_hash if organiser else None, passphrase)
    if key is None or organiser is None:
        raise SignInRefused
    return organiser, key


async def _renewed(
    hasher: Hasher, organiser: Organiser, passphrase: str, private_key: bytes | None
) -> Organiser | None:
    """Return the organiser with a new hash in place of an outdated one, and the key wrapped again; None if there is
    nothing to renew, or the portal is too busy.
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
    started, kept = await authenticate(request, name, passphrase), kept_by_sign_in_page(submission.payload, form)
    response = kept_page(request, started.sign_in, kept) if kept else redirect_to(request, "organisers")
    return started.set_cookie(request, response)


async def close_sign_in(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Sign out: close the sign-in, and delete the cookie of the browser."""
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
