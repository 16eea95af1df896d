"""What can be done from the page of a ticket: another pseudonym, another passphrase, and to give it all back."""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain import limits, passphrase
from portal.domain.errors import InputError, PortalError, TicketUnknown
from portal.domain.pseudonym import check_pseudonym
from portal.domain.registration import Registration, State
from portal.domain.ticket_code import shown
from portal.routes.answers import answer, language_of
from portal.routes.asked import Handler, check_sent, guard_of, sent_form, services_of
from portal.routes.refusals import NOTHING_REFUSED, Refusal, refused
from portal.routes.ticket_page import Capability, Form, capability_of, show_ticket, ticket_form

Action = Callable[[Request, Capability, Form], Awaitable[Response]]

CONFIRMED: Final = "yes"


def _from_ticket(act: Action) -> Handler:
    """`act` for a form of the page of a ticket; where it cannot be taken, the ticket is asked for anew."""

    async def handle(request: Request) -> Response:
        form = dict[str, str]()
        try:
            form = await sent_form(request)
            check_sent(request, form)
            return await act(request, await capability_of(request, form), form)
        except PortalError as error:
            return await ticket_form(request, refused(request, error), form)

    return handle


@_from_ticket
async def change_pseudonym(request: Request, capability: Capability, form: Form) -> Response:
    """Keep another pseudonym, or none."""
    registration, typed = _still_there(capability), form.get("pseudonym", "")
    try:
        name = check_pseudonym(typed)
    except InputError as error:
        refusal, token = refused(request, error), capability.token
        return show_ticket(request, capability.code, registration, refusal, token=token, pseudonym=typed)
    kept = await services_of(request).store.amend_registration(registration.id, pseudonym=name)
    if kept is None:
        raise TicketUnknown
    return show_ticket(request, capability.code, kept, token=capability.token, done="pseudonym")


@_from_ticket
async def change_passphrase(request: Request, capability: Capability, form: Form) -> Response:
    """Propose another passphrase; once it has been noted and sent, keep it: the page goes on with a new capability."""
    services, registration = services_of(request), _still_there(capability)
    if "passphrase" not in form:
        secret = passphrase.generate(services.words[language_of(request)], services.chance)
        return _passphrase_page(request, capability, secret=secret)
    try:
        secret = passphrase.check(form["passphrase"])
        async with guard_of(request).tickets.turn(request):
            secret_hash = await services.ticket_hasher.hash(secret)
    except PortalError as error:
        return _passphrase_page(request, capability, refused(request, error))
    kept = await services.store.amend_registration(
        registration.id, passphrase_hash=secret_hash, instead_of=registration.passphrase_hash
    )
    if kept is None or kept.passphrase_hash != secret_hash:
        raise TicketUnknown
    return show_ticket(request, capability.code, kept, done="passphrase")


@_from_ticket
async def cancel(request: Request, capability: Capability, form: Form) -> Response:
    """Ask whether the ticket is to be cancelled; when that is confirmed, erase its registration."""
    services, registration = services_of(request), capability.registration
    if form.get("confirmed") != CONFIRMED:
        is_waiting = registration is not None and registration.state is State.WAITING
        return answer(request, "ticket/cancel.html", "ticket", token=capability.token, is_waiting=is_waiting)
    if registration is not None:
        await services.store.erase_registration(registration.id, services.chance)
    return answer(request, "ticket/erased.html", "ticket")


def _still_there(capability: Capability) -> Registration:
    if capability.registration is None:
        raise TicketUnknown
    return capability.registration


def _passphrase_page(
    request: Request, capability: Capability, refusal: Refusal = NOTHING_REFUSED, secret: str = ""
) -> Response:
    """Asks for another passphrase: it proposes `secret`; without one it asks for the one that was noted."""
    page = answer(
        request,
        "ticket/passphrase.html",
        "ticket",
        refusal.status,
        code=shown(capability.code),
        token=capability.token,
        passphrase=secret,
        refusal=refusal,
        limits=limits,
    )
    return refusal.on(page)
