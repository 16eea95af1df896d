"""The ticket, opened with its code and its passphrase."""

from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.errors import BusyError, PortalError, StorageError, TicketUnknown
from portal.domain.passphrase import check
from portal.domain.registration import Registration
from portal.domain.ticket_code import locator, parse_code
from portal.routes.asked import check_sent, guard_of, sent_form, services_of
from portal.routes.refusals import refused
from portal.routes.ticket_page import show_ticket, ticket_form
from portal.services import Services


async def show_form(request: Request) -> Response:
    """Asks for a code and a passphrase."""
    return await ticket_form(request)


async def open_ticket(request: Request) -> Response:
    """Show the ticket of a code and a passphrase.

    The form changes nothing and leaves nothing in the browser, so it needs no token and never grows too old to send.
    """
    form = dict[str, str]()
    try:
        form = await sent_form(request)
        check_sent(request, form)
        code, secret = parse_code(form.get("code", "")), check(form.get("passphrase", ""))
        guard = guard_of(request)
        async with guard.attempts.on(code, request.receive), guard.tickets.turn(request):
            registration = await _found(services_of(request), code, secret)
    except PortalError as error:
        return await ticket_form(request, refused(request, error), form)
    return show_ticket(request, code, registration, pseudonym=form.get("pseudonym") or None)


async def _found(services: Services, code: str, secret: str) -> Registration:
    """The registration of `code`. Raises `TicketUnknown`, after the same work in either case."""
    registration = await services.store.registration(locator(services.keys.event, code))
    known = registration.passphrase_hash if registration else None
    if not await services.ticket_hasher.verify(known, secret) or registration is None:
        raise TicketUnknown
    if services.ticket_hasher.is_outgrown(registration.passphrase_hash):
        return await _hashed_anew(services, registration, secret)
    return registration


async def _hashed_anew(services: Services, registration: Registration, secret: str) -> Registration:
    """The registration with a hash of the present cost. Where that cannot be had now, the next time will do."""
    with suppress(BusyError, StorageError):
        secret_hash = await services.ticket_hasher.hash(secret)
        kept = await services.store.amend_registration(
            registration.id, passphrase_hash=secret_hash, instead_of=registration.passphrase_hash
        )
        if kept is None or kept.passphrase_hash != secret_hash:
            raise TicketUnknown  # erased, or given another passphrase, in the meantime
        return kept
    return registration
