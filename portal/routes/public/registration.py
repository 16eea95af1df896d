"""Registration: a form that already contains the ticket, and may be sent more than once."""

from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain import limits
from portal.domain.errors import (
    FormAlreadyUsed,
    FormExpired,
    FormForeign,
    FormTooFast,
    InvitationUnknown,
    PortalError,
)
from portal.domain.registration import passphrase, pseudonym, ticket_code
from portal.domain.registration.registration import Registration
from portal.routes.context import (
    TOKEN_FIELD,
    language_of,
    rate_limits_of,
    render_page,
    services_of,
    ticket_id,
    tokens_of,
)
from portal.routes.errors import NO_ERRORS, PageErrors, page_errors
from portal.routes.public.registration_opening import Opening, check_invitation, check_open, is_costly, opening
from portal.routes.public.ticket_page import OpenTicket, seal_for_ticket, show_ticket
from portal.routes.public_forms import Fields, FormToken, Submission, public_form
from portal.services import Services

TOKEN: Final = FormToken(
    "registration", timedelta(hours=limits.FORM_MAX_AGE_HOURS), timedelta(seconds=limits.FORM_MIN_AGE_SECONDS)
)
HONEYPOT: Final = "website"
KEPT_FIELDS: Final = ("pseudonym", "invitation")
"""Fields that the page of an error keeps."""

_FIELD_OF_ERROR: Final[dict[type[PortalError], str]] = {FormAlreadyUsed: "passphrase", InvitationUnknown: "invitation"}
"""Errors that are shown beside a field."""


async def show_form(request: Request) -> Response:
    """Show a form with a new code and a generated passphrase, unless registration is closed or full."""
    return _new_form(request, await opening(request))


async def _show_error(request: Request, error: PortalError, form: Fields) -> Response:
    """Show the form again with its own code, which the person may have written down.

    In the place of a form with a token that is not ours, or that came back sooner than anybody reads, a new form is
    shown, and says so.
    """
    errors = page_errors(request, error, _FIELD_OF_ERROR.get(type(error), ""))
    found = await opening(request)
    token = form.get(TOKEN_FIELD, "")
    try:
        code = tokens_of(request).open_at_any_age(TOKEN.purpose, token)["code"]
    except FormForeign:
        return _new_form(request, found, errors, form)
    if isinstance(error, FormTooFast):
        return _new_form(request, found, errors, form)
    if isinstance(error, FormExpired):
        token = _token(request, code)
    return _page(request, found, errors, form, code=code, token=token)


@public_form(_show_error, token=TOKEN, honeypot=HONEYPOT)
async def register(request: Request, submission: Submission) -> Response:
    """Register, unless this very form has done so before, and show the ticket."""
    return await show_ticket(request, await _admit(request, submission.payload["code"], submission.fields))


async def _admit(request: Request, code: str, form: Fields) -> OpenTicket:
    """Return the ticket of `code`, registered now unless it was before. Raises `FormAlreadyUsed`, and others."""
    name = pseudonym.check_pseudonym(form.get("pseudonym", ""))
    secret = passphrase.check(form.get("passphrase", ""))
    services, rate_limits, typed = services_of(request), rate_limits_of(request), form.get("invitation", "")
    async with rate_limits.ticket_backoff.attempt(code, request.receive):
        async with rate_limits.admissions.slot(request):
            id = await ticket_id(services.hasher, services, code)
            if found := await services.store.registration(id):
                return await _authenticate(services, code, found, secret)
            if not is_costly(typed) and (invitation := await check_invitation(request, typed, services.hasher)):
                return await _register(request, code, id, name, secret, invitation)
        if is_costly(typed):  # in the queue of the tickets, so that a flood of such codes delays no other invitation
            async with rate_limits.tickets.slot(request):
                invitation = await check_invitation(request, typed, services.ticket_hasher)
            async with rate_limits.admissions.slot(request):
                return await _register(request, code, id, name, secret, invitation)
        async with rate_limits.registrations.slot(request):
            return await _register(request, code, id, name, secret)


async def _register(
    request: Request, code: str, id: str, name: str, secret: str, invitation: str | None = None
) -> OpenTicket:
    """Keep a registration, or find the one that was made in the meantime with the same passphrase."""
    services = services_of(request)
    new_key = await services.hasher.hash(secret)
    if await services.store.registration(id) is None:
        await check_open(request)  # registration may have closed while the form was in the queue
    sealed = await seal_for_ticket(services, name, new_key.key)
    kept = await services.store.register(id, sealed, new_key.stored, services.clock(), invitation)
    if kept.passphrase_hash == new_key.stored:
        return OpenTicket(code, kept, new_key.key)
    return await _authenticate(services, code, kept, secret)


async def _authenticate(services: Services, code: str, found: Registration, secret: str) -> OpenTicket:
    key = await services.hasher.verify(found.passphrase_hash, secret)
    if key is None:
        raise FormAlreadyUsed
    return OpenTicket(code, found, key)


def _new_form(request: Request, found: Opening, errors: PageErrors = NO_ERRORS, form: Fields | None = None) -> Response:
    """Show a form with a new code and a generated passphrase, or none where registration is closed or full."""
    if not found.takes_registrations:
        return _page(request, found, errors)
    services = services_of(request)
    code = ticket_code.new_code(services.rng)
    secret = passphrase.generate(services.words[language_of(request)], services.rng)
    return _page(request, found, errors, form, code=code, token=_token(request, code), secret=secret)


def _token(request: Request, code: str) -> str:
    return tokens_of(request).issue(TOKEN.purpose, {"code": code})


def _page(
    request: Request,
    found: Opening,
    errors: PageErrors,
    form: Fields | None = None,
    *,
    code: str = "",
    token: str = "",
    secret: str = "",
) -> Response:
    """Render the page: without a `code` it has no form; without a `secret` it asks for the one in the old form.

    `form` has what was typed.
    """
    typed = {name: (form or {}).get(name, "") for name in KEPT_FIELDS}
    page = render_page(
        request,
        "public/registration.html",
        "registration",
        errors.status,
        opening=found,
        errors=errors,
        is_new=bool(secret) and errors is not NO_ERRORS,
        limits=limits,
        code=ticket_code.shown(code),
        token=token,
        passphrase=secret,
        typed=typed,
    )
    return errors.add_headers(page)
