"""Registration: the form that already holds the ticket, and what happens when it is sent, once or many times."""

from collections.abc import Mapping
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
from portal.routes.context import TOKEN_FIELD, rate_limits_of, services_of, tokens_of
from portal.routes.errors import NO_ERRORS, PageErrors, page_errors
from portal.routes.public.registration_opening import Opening, admission, check_open, is_dear, opening
from portal.routes.public.ticket_page import OpenTicket, show_ticket
from portal.routes.public_forms import FormToken, Submission, public_form
from portal.routes.responses import language_of, render_page
from portal.routes.sealing import sealed_pseudonym, ticket_id
from portal.services import Services

TOKEN: Final = FormToken(
    "registration", timedelta(hours=limits.FORM_MAX_AGE_HOURS), timedelta(seconds=limits.FORM_MIN_AGE_SECONDS)
)
HONEYPOT: Final = "website"
TYPED: Final = ("pseudonym", "invitation")
"""The fields that a form which could not be taken comes back with."""

_FIELDS: Final[dict[type[PortalError], str]] = {FormAlreadyUsed: "passphrase", InvitationUnknown: "invitation"}
"""Errors that are told beside a field."""

Form = Mapping[str, str]


async def show_form(request: Request) -> Response:
    """The form, with a new code and a generated passphrase, when there is a place to register for."""
    return _new_form(request, await opening(request))


async def _show_error(request: Request, error: PortalError, form: Form) -> Response:
    """Show the form again with its own code, so that what the person noted stays true.

    A form with a token that is not ours gives way to a new form, which says so; so does a form that came back before
    anybody can have noted what it showed.
    """
    errors = page_errors(request, error, _FIELDS.get(type(error), ""))
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
    """Keep a registration, or find the one that this very form has made before, and show its ticket."""
    return await show_ticket(request, await _admitted(request, submission.payload["code"], submission.fields))


async def _admitted(request: Request, code: str, form: Form) -> OpenTicket:
    """The ticket of `code`, made now unless it was there. Raises `FormAlreadyUsed`, or why there is none."""
    name = pseudonym.check_pseudonym(form.get("pseudonym", ""))
    secret = passphrase.check(form.get("passphrase", ""))
    services, rate_limits, typed = services_of(request), rate_limits_of(request), form.get("invitation", "")
    async with rate_limits.ticket_backoff.attempt(code, request.receive):
        async with rate_limits.admissions.slot(request):
            id = await ticket_id(services.hasher, services, code)
            if found := await services.store.registration(id):
                return await _proven(services, code, found, secret)
            if not is_dear(typed) and (invitation := await admission(request, typed, services.hasher)):
                return await _made(request, code, id, name, secret, invitation)
        if is_dear(typed):  # with the tickets, so that a flood of such codes keeps no other invitation waiting
            async with rate_limits.tickets.slot(request):
                invitation = await admission(request, typed, services.ticket_hasher)
            async with rate_limits.admissions.slot(request):
                return await _made(request, code, id, name, secret, invitation)
        async with rate_limits.registrations.slot(request):
            return await _made(request, code, id, name, secret)


async def _made(
    request: Request, code: str, id: str, name: str, secret: str, invitation: str | None = None
) -> OpenTicket:
    """Keep a registration; one that was made in the meantime is found, if it has the same passphrase."""
    services = services_of(request)
    made = await services.hasher.hash(secret)
    if await services.store.registration(id) is None:
        await check_open(request)  # registration may have closed while the form waited its turn
    sealed = await sealed_pseudonym(services, name, made.key)
    kept = await services.store.register(id, sealed, made.stored, services.clock(), invitation)
    if kept.passphrase_hash == made.stored:
        return OpenTicket(code, kept, made.key)
    return await _proven(services, code, kept, secret)


async def _proven(services: Services, code: str, found: Registration, secret: str) -> OpenTicket:
    key = await services.hasher.verify(found.passphrase_hash, secret)
    if key is None:
        raise FormAlreadyUsed
    return OpenTicket(code, found, key)


def _new_form(request: Request, found: Opening, errors: PageErrors = NO_ERRORS, form: Form | None = None) -> Response:
    """A form with a new code and a generated passphrase, or none where there is no place to register for."""
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
    form: Form | None = None,
    *,
    code: str = "",
    token: str = "",
    secret: str = "",
) -> Response:
    """The page of the form: without a `code` no form is on it; without a `secret` it asks for the one that was noted.

    `form` is what was typed.
    """
    typed = {name: (form or {}).get(name, "") for name in TYPED}
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
