"""The check-in desk: a code is typed or scanned, and its ticket is shown and marked as arrived in one request."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.errors import TicketAbsent
from portal.domain.limits import SIGN_IN_IDLE_MINUTES
from portal.domain.organisers.organiser import SignIn
from portal.domain.registration.arrival import Arrival, empty_seats
from portal.domain.registration.registration import State
from portal.domain.registration.ticket_code import parse_code, shown
from portal.routes.context import services_of, ticket_id
from portal.routes.errors import NO_ERRORS, PageErrors
from portal.routes.organisers.auth import FormPage
from portal.routes.organisers.confirmation import Confirmation
from portal.routes.organisers.forms import NO_FORM, Form, organisers_page
from portal.routes.organisers.pseudonym_index import NamedRegistration, with_pseudonym


class Verdict(StrEnum):
    """The verdict on a ticket; the page shows it in large letters."""

    COME_IN = "come in"
    SEEN_BEFORE = "seen before"
    WAITING = "waiting"
    LET_IN = "let in"
    TAKEN_BACK = "taken back"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class CheckIn:
    """The `registration` that was just found, the `verdict` on it, and the `code` of its ticket as it is shown."""

    registration: NamedRegistration
    verdict: Verdict
    code: str


async def page(
    request: Request,
    sign_in: SignIn,
    errors: PageErrors = NO_ERRORS,
    form: Form = NO_FORM,
    check_in: CheckIn | None = None,
) -> Response:
    """Show the field for the next code, empty, below the last `check_in`."""
    store = services_of(request).store
    policy, counts = await store.policy(), await store.counts()
    return organisers_page(
        request,
        sign_in,
        "organisers/attendance/check_in.html",
        "check_in",
        errors,
        check_in=check_in,
        counts=counts,
        empty=empty_seats(policy, counts),
    )


async def show_help(request: Request, sign_in: SignIn) -> Response:
    """Show a page to print for the check-in desk."""
    return organisers_page(
        request, sign_in, "organisers/attendance/check_in_help.html", "check_in_help", idle_minutes=SIGN_IN_IDLE_MINUTES
    )


async def _scan(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Mark the holder of a ticket as arrived; people on the waiting list stay there."""
    services = services_of(request)
    code = parse_code(form.get("code", ""))
    arrival = await services.store.arrive(await ticket_id(services.known_browsers_hasher, services, code))
    return await _arrival_page(request, sign_in, arrival, Verdict.COME_IN, shown(code))


async def _let_in(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Give an empty seat to somebody on the waiting list."""
    arrival = await services_of(request).store.arrive(form.get("id", ""), let_in=True)
    return await _arrival_page(request, sign_in, arrival, Verdict.LET_IN, form.get("code", ""))


async def _restore(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Mark as arrived again, on an empty seat if theirs is gone: the arrival was undone by mistake."""
    arrival = await services_of(request).store.arrive(form.get("id", ""), let_in=True)
    return await _arrival_page(request, sign_in, arrival, Verdict.RESTORED, form.get("code", ""))


async def _ask_to_undo(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Ask for confirmation before an earlier arrival is undone: it may be that of somebody who is inside."""
    store, code = services_of(request).store, form.get("code", "")
    stored = await store.registration(form.get("id", ""))
    if stored is None:
        raise TicketAbsent
    registration = with_pseudonym(request, sign_in, stored)
    if registration.state is not State.ARRIVED:
        return await page(request, sign_in, check_in=CheckIn(registration, Verdict.TAKEN_BACK, code))
    context = {"name": registration.pseudonym or code, "left": (await store.counts()).arrived - 1}
    fields = {"id": registration.id, "code": code}
    template = "organisers/attendance/undo_check_in.html"
    return Confirmation("check_in", template, "undo", fields=fields, context=context).show(request, sign_in)


async def _undo(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Undo an arrival."""
    stored = await services_of(request).store.undo_arrival(form.get("id", ""))
    if stored is None:
        raise TicketAbsent
    registration = with_pseudonym(request, sign_in, stored)
    return await page(request, sign_in, check_in=CheckIn(registration, Verdict.TAKEN_BACK, form.get("code", "")))


async def _arrival_page(
    request: Request, sign_in: SignIn, arrival: Arrival | None, verdict: Verdict, code: str
) -> Response:
    """Show the outcome for the ticket of `code`. Raises `TicketAbsent`."""
    if arrival is None:
        raise TicketAbsent
    registration = with_pseudonym(request, sign_in, arrival.registration)
    if arrival.was is State.ARRIVED:
        verdict = Verdict.SEEN_BEFORE
    elif registration.state is State.WAITING:
        verdict = Verdict.WAITING
    return await page(request, sign_in, check_in=CheckIn(registration, verdict, code))


FORM_PAGE: Final = FormPage(
    page, {"": _scan, "let in": _let_in, "undo?": _ask_to_undo, "undo": _undo, "restore": _restore}
)
