"""The account of an organiser: its passphrase, and the browsers that are signed in."""

from dataclasses import replace
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.language import N_
from portal.domain.organisers.organiser import SignIn, with_passphrase
from portal.domain.organisers.organiser_errors import NoLongerOrganiser, PresentPassphraseWrong
from portal.domain.registration import passphrase
from portal.domain.registration.sealing import unwrap
from portal.routes.context import language_of, rate_limits_of, redirect_to, services_of
from portal.routes.errors import NO_ERRORS, PageErrors
from portal.routes.flash import flash, log_action
from portal.routes.organisers.auth import FormPage
from portal.routes.organisers.forms import NO_FORM, Form, organisers_page
from portal.routes.organisers.pseudonym_index import pseudonym_index_of
from portal.web.sign_in_cookie import delete_sign_in_cookie

PRESENT: Final = "present_passphrase"


async def page(request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS, form: Form = NO_FORM) -> Response:
    """Show the form that changes the passphrase, and the open sign-ins; with errors, it proposes no passphrase."""
    services = services_of(request)
    known = await services.store.organiser(sign_in.organiser)
    secret = passphrase.generate(services.words[language_of(request)], services.rng)
    return organisers_page(
        request,
        sign_in,
        "organisers/admin/account.html",
        "account",
        errors,
        sign_ins=await services.store.sign_ins(sign_in.organiser, services.clock()),
        present=sign_in,
        is_own=known is not None and known.has_own_passphrase,
        passphrase="" if errors is not NO_ERRORS else secret,
    )


async def _change(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Change the passphrase, and sign out every other browser of the organiser."""
    secret = passphrase.check(form.get("passphrase", ""))
    rate_limits, name = rate_limits_of(request), sign_in.organiser
    async with rate_limits.sign_in_backoff.attempt(name, request.receive), rate_limits.organisers.slot(request, name):
        is_new = await _changed(request, sign_in, passphrase.normalised(form.get(PRESENT, "")), secret)
    if is_new:
        rate_limits.known_browsers.forget_organiser(name, sign_in.id)
        pseudonym_index_of(request).forget()
        await log_action(request, sign_in, N_("Own passphrase changed"))
    flash(request, sign_in, changed="passphrase")
    return redirect_to(request, "account")


async def _changed(request: Request, sign_in: SignIn, present: str, secret: str) -> bool:
    """Change the passphrase; return False if it was `secret` already, because the form was sent twice.

    Raises `PresentPassphraseWrong` and `NoLongerOrganiser`.
    """
    services, hasher = services_of(request), services_of(request).known_browsers_hasher
    known = await services.store.organiser(sign_in.organiser)
    if known is None:
        raise NoLongerOrganiser
    key = await hasher.verify(known.passphrase_hash, present)
    if key is None:
        if await hasher.verify(known.passphrase_hash, secret) is not None:
            return False
        raise PresentPassphraseWrong(PRESENT)
    own = replace(known, has_own_passphrase=True)
    changed = with_passphrase(own, await hasher.hash(secret), unwrap(known.wrapped_key, key))
    if not await services.store.change_passphrase(changed, known.passphrase_hash, sign_in.id):
        raise NoLongerOrganiser
    return True


async def _end(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Sign out one browser of the organiser, perhaps the present one."""
    return await _close(request, sign_in, [form.get("id", "")])


async def _end_others(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Sign out every browser of the organiser but the present one."""
    services = services_of(request)
    own = await services.store.sign_ins(sign_in.organiser, services.clock())
    return await _close(request, sign_in, [other.id for other in own if other.id != sign_in.id])


FORM_PAGE: Final = FormPage(page, {"": _change, "end": _end, "end others": _end_others})


async def _close(request: Request, sign_in: SignIn, ids: list[str]) -> Response:
    await services_of(request).store.close_sign_ins(sign_in.organiser, ids)
    for id in ids:
        rate_limits_of(request).known_browsers.forget(id)
    pseudonym_index_of(request).forget()
    if sign_in.id in ids:
        response = redirect_to(request, "organisers")
        delete_sign_in_cookie(request, response)
        return response
    flash(request, sign_in, changed="sign-ins")
    return redirect_to(request, "account")
