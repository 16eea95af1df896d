"""The page on which a newcomer becomes an organiser: a set-up code makes an account, once."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain import limits
from portal.domain.errors import PortalError
from portal.domain.language import N_
from portal.domain.organisers.organiser import Organiser, SetUpCode, with_passphrase
from portal.domain.organisers.organiser_errors import SetUpCodeRefused
from portal.domain.registration import passphrase
from portal.domain.registration.sealing import unwrap
from portal.domain.registration.ticket_code import SET_UP, code_digest, parse_code
from portal.routes.context import language_of, rate_limits_of, redirect_to, render_page, services_of, tokens_of
from portal.routes.errors import NO_ERRORS, PageErrors, page_errors
from portal.routes.flash import log_action
from portal.routes.organisers.admin.login import StartedSignIn, start_sign_in
from portal.routes.public_forms import FormToken, Submission, public_form

TOKEN: Final = FormToken("welcome", timedelta(hours=limits.SIGN_IN_TOTAL_HOURS))


async def show(request: Request) -> Response:
    """Show the form, which asks for the code and proposes a passphrase."""
    services = services_of(request)
    return _page(request, secret=passphrase.generate(services.words[language_of(request)], services.rng))


async def _show_error(request: Request, error: PortalError, form: Mapping[str, str]) -> Response:
    """Show the form again, with the code that was typed."""
    return _page(request, page_errors(request, error), form)


@public_form(_show_error, token=TOKEN, max_kib=limits.ORGANISERS_BODY_KIB)
async def set_up(request: Request, submission: Submission) -> Response:
    """Make the organiser of a set-up code, or find the organiser that this form has made before, and sign them in."""
    form, rate_limits = submission.fields, rate_limits_of(request)
    code, secret = parse_code(form.get("code", "")), passphrase.check(form.get("passphrase", ""))
    attempt = rate_limits.sign_in_backoff.attempt(f"{TOKEN.purpose}\0{code}", request.receive)
    async with attempt, rate_limits.set_ups.slot(request):
        started = await _sign_in(request, code, secret)
    return started.set_cookie(request, redirect_to(request, "organisers"))


async def _sign_in(request: Request, code: str, secret: str) -> StartedSignIn:
    """Sign the organiser in. Raises `SetUpCodeRefused`, after the same work whatever is wrong with the code."""
    services = services_of(request)
    keys = await services.organisers_hasher.locate(code_digest(services.keys.event, code, SET_UP))
    known = await services.store.set_up_code(keys.id, services.clock())
    started = await _set_up_now(request, known, keys.key, secret) if known and not known.is_used else None
    started = started or await _set_up_before(request, known, secret)
    if started is None:
        raise SetUpCodeRefused(hours=limits.SET_UP_CODE_HOURS)
    return started


async def _set_up_now(request: Request, code: SetUpCode, key: bytes, secret: str) -> StartedSignIn | None:
    """Make the organiser of the code, which has this `key`, and sign them in; None if it was used in the meantime."""
    services, private_key = services_of(request), unwrap(code.wrapped_key, key)
    newcomer = Organiser(code.name, "", has_own_passphrase=True)
    newcomer = with_passphrase(newcomer, await services.organisers_hasher.hash(secret), private_key)
    organiser = await services.store.use_set_up_code(code.id, newcomer, services.clock())
    if organiser is None:
        return None
    started = await start_sign_in(request, organiser, private_key if organiser.wrapped_key else None)
    if started is not None:
        await log_action(request, started.sign_in, N_("Came in with a set-up code of %(giver)s"), giver=code.giver)
    return started


async def _set_up_before(request: Request, code: SetUpCode | None, secret: str) -> StartedSignIn | None:
    """Sign in the organiser whom the code has made with this passphrase: the form was sent twice."""
    services = services_of(request)
    organiser = await services.store.organiser(code.name) if code else None
    key = await services.organisers_hasher.verify(organiser.passphrase_hash if organiser else None, secret)
    if organiser is None or key is None:
        return None
    return await start_sign_in(request, organiser, unwrap(organiser.wrapped_key, key))


def _page(
    request: Request, errors: PageErrors = NO_ERRORS, form: Mapping[str, str] | None = None, secret: str = ""
) -> Response:
    """Show the form as it was typed; it proposes the passphrase `secret`, or asks for one if that is empty."""
    page = render_page(
        request,
        "organisers/admin/account_setup.html",
        "account_setup",
        errors.status,
        token=tokens_of(request).issue(TOKEN.purpose, {}),
        code=(form or {}).get("code", ""),
        passphrase=secret,
        errors=errors,
        hours=limits.SET_UP_CODE_HOURS,
    )
    return errors.add_headers(page)
