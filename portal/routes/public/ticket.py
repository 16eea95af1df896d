"""The form that opens a ticket with its code and its passphrase."""

from contextlib import suppress
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.errors import BusyError, StorageError, TicketUnknown
from portal.domain.registration.passphrase import check
from portal.domain.registration.ticket_code import parse_code
from portal.routes.context import rate_limits_of, services_of, ticket_id
from portal.routes.public.ticket_page import OpenTicket, rekey, show_ticket, show_ticket_error, ticket_form
from portal.routes.public_forms import Submission, public_form
from portal.services import Services

_TRIES: Final = 2
"""Attempts to verify a passphrase: a second one when another browser renewed the hash in the meantime."""


async def show_form(request: Request) -> Response:
    """Ask for a code and a passphrase."""
    return await ticket_form(request)


@public_form(show_ticket_error, token=None)
async def open_ticket(request: Request, submission: Submission) -> Response:
    """Show the ticket of a code and a passphrase.

    The form changes nothing and leaves nothing in the browser, so it needs no token and never expires.
    """
    form, rate_limits = submission.fields, rate_limits_of(request)
    code, secret = parse_code(form.get("code", "")), check(form.get("passphrase", ""))
    async with rate_limits.ticket_backoff.attempt(code, request.receive), rate_limits.tickets.slot(request):
        ticket = await _open(services_of(request), code, secret)
    return await show_ticket(request, ticket, pseudonym=form.get("pseudonym") or None)


async def _open(services: Services, code: str, secret: str) -> OpenTicket:
    """Return the ticket of `code`. Raises `TicketUnknown`, after the same work whichever of the two is wrong."""
    id = await ticket_id(services.ticket_hasher, services, code)
    for _ in range(_TRIES):
        ticket = await _authenticate(services, code, id, secret)
        if not services.ticket_hasher.is_outgrown(ticket.registration.passphrase_hash):
            return ticket
        with suppress(TicketUnknown):
            return await _renew_hash(services, ticket, secret)
    raise TicketUnknown


async def _authenticate(services: Services, code: str, id: str, secret: str) -> OpenTicket:
    registration = await services.store.registration(id)
    key = await services.ticket_hasher.verify(registration.passphrase_hash if registration else None, secret)
    if key is None or registration is None:
        raise TicketUnknown
    return OpenTicket(code, registration, key)


async def _renew_hash(services: Services, ticket: OpenTicket, secret: str) -> OpenTicket:
    """Return the ticket with a new key of the present cost, or as it is where the hasher or the disk is busy.

    Raises `TicketUnknown` when another browser was faster.
    """
    with suppress(BusyError, StorageError):
        new_key = await services.ticket_hasher.hash(secret)
        return await rekey(services, ticket, new_key)
    return ticket
