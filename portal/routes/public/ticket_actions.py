"""Actions on the page of a ticket: change the pseudonym, change the passphrase, cancel."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from portal.domain import limits
from portal.domain.errors import InputError, LossChanged, PortalError, TicketUnknown
from portal.domain.registration import passphrase
from portal.domain.registration.pseudonym import check_pseudonym
from portal.domain.registration.ticket_code import shown
from portal.routes.context import language_of, rate_limits_of, render_page, services_of
from portal.routes.errors import NO_ERRORS, PageErrors, page_errors
from portal.routes.public.ticket_page import (
    TICKET_TOKEN,
    Capability,
    capability_of,
    rekey,
    seal_for_ticket,
    show_ticket,
    show_ticket_error,
)
from portal.routes.public_forms import Fields, PublicForm, Submission, public_form

Action = Callable[[Request, Capability, Fields], Awaitable[Response]]


def _ticket_action(act: Action) -> PublicForm:
    """Decorate the handler of a form on the page of a ticket, which acts on the capability that the form carries."""

    @public_form(show_ticket_error, token=TICKET_TOKEN)
    async def submit(request: Request, submission: Submission) -> Response:
        return await act(request, await capability_of(request, submission), submission.fields)

    return submit


@_ticket_action
async def change_pseudonym(request: Request, capability: Capability, form: Fields) -> Response:
    """Change the pseudonym, or remove it."""
    ticket, typed, services = capability.ticket, form.get("pseudonym", ""), services_of(request)
    try:
        sealed = await seal_for_ticket(services, check_pseudonym(typed), ticket.key)
    except InputError as error:
        return await show_ticket(request, ticket, page_errors(request, error), pseudonym=typed)
    known = ticket.registration.passphrase_hash
    kept = await services.store.amend_registration(ticket.registration.id, sealed_pseudonym=sealed, instead_of=known)
    if kept is None or kept.passphrase_hash != known:
        raise TicketUnknown
    return await show_ticket(request, ticket.with_registration(kept), done="pseudonym")


@_ticket_action
async def change_passphrase(request: Request, capability: Capability, form: Fields) -> Response:
    """Propose another passphrase; once that is sent, keep it and show the ticket with a new capability."""
    services, ticket = services_of(request), capability.ticket
    if "passphrase" not in form:
        secret = passphrase.generate(services.words[language_of(request)], services.rng)
        return _passphrase_page(request, capability, secret=secret)
    try:
        secret = passphrase.check(form["passphrase"])
        async with rate_limits_of(request).tickets.slot(request):
            new_key = await services.ticket_hasher.hash(secret)
    except PortalError as error:
        return _passphrase_page(request, capability, page_errors(request, error))
    return await show_ticket(request, await rekey(services, ticket, new_key), done="passphrase")


@_ticket_action
async def cancel(request: Request, capability: Capability, form: Fields) -> Response:
    """Ask to confirm the cancellation; once it is confirmed for the present state, erase the registration."""
    services, registration = services_of(request), capability.registration
    state, confirmed = registration.state if registration else "", form.get("confirmed")
    if confirmed is None or (registration and confirmed != state):
        errors = NO_ERRORS if confirmed is None else page_errors(request, LossChanged())
        template, token = "public/ticket_cancel.html", capability.token
        return render_page(request, template, "ticket", errors.status, token=token, state=state, errors=errors)
    if registration is not None:
        await services.store.erase_registration(registration.id, services.rng)
    return render_page(request, "public/ticket_erased.html", "ticket")


def _passphrase_page(
    request: Request, capability: Capability, errors: PageErrors = NO_ERRORS, secret: str = ""
) -> Response:
    """Ask for another passphrase: propose `secret`, or without it ask for the one that was proposed before."""
    page = render_page(
        request,
        "public/ticket_passphrase.html",
        "ticket",
        errors.status,
        code=shown(capability.code),
        token=capability.token,
        passphrase=secret,
        errors=errors,
        limits=limits,
    )
    return errors.add_headers(page)
