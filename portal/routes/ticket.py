"""The ticket: opened with its code and its passphrase, shown, and given back."""

from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain import limits
from portal.domain.errors import PortalError, TicketUnknown
from portal.domain.passphrase import check
from portal.domain.registration import Registration
from portal.domain.ticket_code import locator, parse_code, shown
from portal.routes.answers import answer
from portal.routes.asked import TOKEN_FIELD, sent_form, services_of, tokens_of
from portal.routes.refusals import NOTHING_REFUSED, Refusal, refused
from portal.services import Services

CANCEL: Final = "ticket-cancel"
_CANCEL_MAX_AGE: Final = timedelta(minutes=limits.TICKET_ACTION_MAX_AGE_MINUTES)


async def show_form(request: Request) -> Response:
    """Asks for a code and a passphrase."""
    return _form(request, NOTHING_REFUSED)


async def open_ticket(request: Request) -> Response:
    """Show the ticket of a code and a passphrase.

    The form changes nothing and leaves nothing in the browser, so it needs no token and never grows too old to send.
    """
    form = dict[str, str]()
    try:
        form = await sent_form(request)
        code = parse_code(form.get("code", ""))
        registration = await _found(services_of(request), code, check(form.get("passphrase", "")))
    except PortalError as error:
        return _form(request, refused(request, error), form.get("code", ""))
    return show_ticket(request, code, registration)


async def cancel(request: Request) -> Response:
    """Ask whether the ticket that was just shown is to be cancelled; when that is confirmed, erase its registration."""
    services = services_of(request)
    try:
        form = await sent_form(request)
        token = form.get(TOKEN_FIELD, "")
        id = tokens_of(request).open(CANCEL, token, _CANCEL_MAX_AGE)["id"]
        if form.get("confirmed") != "yes":
            return answer(request, "ticket/cancel.html", "ticket", token=token)
        await services.store.erase_registration(id, services.chance)
    except PortalError as error:
        return _form(request, refused(request, error))
    return answer(request, "ticket/erased.html", "ticket")


def show_ticket(request: Request, code: str, registration: Registration) -> Response:
    """The ticket's page: for a while it lets this one ticket be cancelled, without its passphrase."""
    token = tokens_of(request).issue(CANCEL, {"id": registration.id})
    return answer(request, "ticket/ticket.html", "ticket", code=shown(code), registration=registration, token=token)


async def _found(services: Services, code: str, passphrase: str) -> Registration:
    """The registration of `code`. Raises `TicketUnknown`, after the same work in either case."""
    registration = await services.store.registration(locator(services.keys.event, code))
    known = registration.passphrase_hash if registration else None
    if not await services.hasher.verify(known, passphrase) or registration is None:
        raise TicketUnknown
    return registration


def _form(request: Request, refusal: Refusal, code: str = "") -> Response:
    return refusal.on(answer(request, "ticket/form.html", "ticket", refusal.status, code=code, refusal=refusal))
