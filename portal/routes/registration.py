"""Registration: the form that already holds the ticket, and what happens when it is sent, once or many times."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain import limits, passphrase, pseudonym, ticket_code
from portal.domain.errors import (
    FormAlreadyUsed,
    FormByRobot,
    FormExpired,
    FormForeign,
    PortalError,
    RegistrationError,
)
from portal.domain.registration import Registration, State, place
from portal.routes.answers import answer, language_of
from portal.routes.asked import TOKEN_FIELD, sent_form, services_of, tokens_of
from portal.routes.refusals import NOTHING_REFUSED, Refusal, refused
from portal.routes.ticket import show_ticket
from portal.services import Services

PURPOSE: Final = "registration"
HONEYPOT: Final = "website"
_MIN_AGE: Final = timedelta(seconds=limits.FORM_MIN_AGE_SECONDS)
_MAX_AGE: Final = timedelta(hours=limits.FORM_MAX_AGE_HOURS)


async def show_form(request: Request) -> Response:
    """The form, with a new code and a generated passphrase, when there is a place to register for."""
    return _new_form(request, await _opening(services_of(request)))


async def register(request: Request) -> Response:
    """Keep a registration, or find the one that this very form has made before, and show its ticket."""
    form = dict[str, str]()
    try:
        form = await sent_form(request)
        code = tokens_of(request).open(PURPOSE, form.get(TOKEN_FIELD, ""), _MAX_AGE, _MIN_AGE)["code"]
        if form.get(HONEYPOT):
            raise FormByRobot
        name = pseudonym.check_pseudonym(form.get("pseudonym", ""))
        secret = passphrase.check(form.get("passphrase", ""))
        registration = await _admitted(services_of(request), code, name, secret)
    except PortalError as error:
        return await _form_again(request, form, error)
    return show_ticket(request, code, registration)


async def _admitted(services: Services, code: str, name: str, secret: str) -> Registration:
    """The registration of `code`, made now unless it was there. Raises `FormAlreadyUsed`, or that there is no place."""
    id, store = ticket_code.locator(services.keys.event, code), services.store
    found = await store.registration(id)
    if found is None:
        await _place(services)  # spares the work of a hash when there is none
        secret_hash = await services.hasher.hash(secret)
        found = await store.register(id, name, secret_hash, services.clock())
        if found.passphrase_hash == secret_hash:
            return found
    if not await services.hasher.verify(found.passphrase_hash, secret):
        raise FormAlreadyUsed
    return found


async def _place(services: Services) -> State:
    """The state that one more registration would be in. Raises `RegistrationError` where there is no place for it."""
    return place(await services.store.policy(), await services.store.counts(), services.clock())


async def _opening(services: Services) -> State | RegistrationError:
    """What one more registration would find: the state it would be in, or why there is no place for it."""
    try:
        return await _place(services)
    except RegistrationError as error:
        return error


async def _form_again(request: Request, form: Mapping[str, str], error: PortalError) -> Response:
    """The form that was sent, with its own code, so that what the person noted of it stays true.

    One that is not of our making gives way to a new form, which says so.
    """
    refusal = refused(request, error, "passphrase" if isinstance(error, FormAlreadyUsed) else "")
    opening = await _opening(services_of(request))
    token, typed = form.get(TOKEN_FIELD, ""), form.get("pseudonym", "")
    try:
        code = tokens_of(request).open_at_any_age(PURPOSE, token)["code"]
    except FormForeign:
        return _new_form(request, opening, refusal, typed)
    if isinstance(error, FormExpired):
        token = _token(request, code)
    return _page(request, opening, refusal, code=code, token=token, typed=typed)


def _new_form(
    request: Request, opening: State | RegistrationError, refusal: Refusal = NOTHING_REFUSED, typed: str = ""
) -> Response:
    """A form with a new code and a generated passphrase, or none where there is no place to register for."""
    if isinstance(opening, RegistrationError):
        return _page(request, opening, refusal)
    services = services_of(request)
    code = ticket_code.new_code(services.chance)
    secret = passphrase.generate(services.words[language_of(request)], services.chance)
    return _page(request, opening, refusal, code=code, token=_token(request, code), secret=secret, typed=typed)


def _token(request: Request, code: str) -> str:
    return tokens_of(request).issue(PURPOSE, {"code": code})


def _page(
    request: Request,
    opening: State | RegistrationError,
    refusal: Refusal,
    *,
    code: str = "",
    token: str = "",
    secret: str = "",
    typed: str = "",
) -> Response:
    """The page of the form: without a `code` no form is on it; without a `secret` it asks for the one that was noted.

    `typed` is the pseudonym as it was sent.
    """
    found = opening.value if isinstance(opening, State) else type(opening).__name__
    names = {"code": ticket_code.shown(code), "token": token, "passphrase": secret, "pseudonym": typed}
    page = answer(
        request,
        "registration/form.html",
        "registration",
        refusal.status,
        opening=found,
        refusal=refusal,
        is_new=bool(secret) and refusal is not NOTHING_REFUSED,
        limits=limits,
        **names,
    )
    return refusal.on(page)
