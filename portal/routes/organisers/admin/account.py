"""An organiser's own access: another passphrase, and the browsers that are signed in with it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.errors import PortalError
from portal.domain.language import N_
from portal.domain.organisers.organiser import SignIn
from portal.domain.organisers.organiser_access import with_passphrase
from portal.domain.organisers.organiser_errors import NoLongerOrganiser, PresentPassphraseWrong
from portal.domain.registration import passphrase
from portal.domain.registration.sealing import unwrap
from portal.routes.audit_log import log_action
from portal.routes.context import rate_limits_of, services_of
from portal.routes.errors import NO_ERRORS, PageErrors, page_errors
from portal.routes.flash import flash
from portal.routes.organisers.auth import Changing
from portal.routes.organisers.forms import Form, organisers_page, sign_in_page
from portal.routes.organisers.pseudonym_index import pseudonym_index_of
from portal.routes.responses import go_to, language_of
from portal.web.sign_in_cookie import take_back

PRESENT: Final = "present_passphrase"


async def show(request: Request, sign_in: SignIn) -> Response:
    """The form of another passphrase, which it proposes, and the browsers that are signed in."""
    return await _page(request, sign_in)


async def _change(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Keep another passphrase, and sign out every other browser of this organiser."""
    try:
        secret = passphrase.check(form.get("passphrase", ""))
        rate_limits, name = rate_limits_of(request), sign_in.organiser
        async with rate_limits.entries.on(name, request.receive), rate_limits.organisers.turn(request, name):
            is_new = await _changed(request, sign_in, passphrase.normalised(form.get(PRESENT, "")), secret)
        if is_new:
            rate_limits.familiar.forget_organiser(sign_in.organiser, sign_in.id)
            pseudonym_index_of(request).forget()
            await log_action(request, sign_in, N_("Own passphrase changed"))
    except NoLongerOrganiser as error:
        return sign_in_page(request, page_errors(request, error))
    except PortalError as error:
        return await _page(request, sign_in, page_errors(request, error))
    flash(request, sign_in, changed="passphrase")
    return go_to(request, "account")


async def _changed(request: Request, sign_in: SignIn, present: str, secret: str) -> bool:
    """Whether the passphrase is another one now; False when it was already: the form was sent twice.

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
    """Sign out one browser of this organiser, the one that asks perhaps."""
    return await _closed(request, sign_in, [form.get("id", "")])


async def _end_others(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Sign out every browser of this organiser but the one that asks."""
    services = services_of(request)
    own = await services.store.sign_ins(sign_in.organiser, services.clock())
    return await _closed(request, sign_in, [one.id for one in own if one.id != sign_in.id])


ACTIONS: Final[Mapping[str, Changing]] = {"": _change, "end": _end, "end others": _end_others}


async def _closed(request: Request, sign_in: SignIn, ids: list[str]) -> Response:
    try:
        await services_of(request).store.close_sign_ins(sign_in.organiser, ids)
    except PortalError as error:
        return await _page(request, sign_in, page_errors(request, error))
    for id in ids:
        rate_limits_of(request).familiar.forget(id)
    pseudonym_index_of(request).forget()
    if sign_in.id in ids:
        response = go_to(request, "organisers")
        take_back(request, response)
        return response
    flash(request, sign_in, changed="sign-ins")
    return go_to(request, "account")


async def _page(request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS) -> Response:
    """The page. It proposes a passphrase where nothing was typed yet."""
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
