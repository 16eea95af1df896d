"""The door: a code is typed or scanned, and whose ticket it is, is told and marked in one request."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.errors import PortalError, TicketAbsent
from portal.domain.limits import SIGN_IN_IDLE_MINUTES
from portal.domain.organisers.organiser import SignIn
from portal.domain.registration.arrival import Arrival, empty_seats
from portal.domain.registration.registration import State
from portal.domain.registration.ticket_code import parse_code, shown
from portal.routes.context import services_of
from portal.routes.errors import NO_ERRORS, PageErrors, page_errors
from portal.routes.organisers.auth import Changing
from portal.routes.organisers.confirmation import Question
from portal.routes.organisers.forms import Form, organisers_page
from portal.routes.organisers.pseudonym_index import NamedRegistration, with_pseudonym
from portal.routes.sealing import ticket_id


class Verdict(StrEnum):
    """What is told of a ticket, in one word; the page says it in large ones."""

    COME_IN = "come in"
    SEEN_BEFORE = "seen before"
    WAITING = "waiting"
    LET_IN = "let in"
    TAKEN_BACK = "taken back"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Seen:
    """The registration that was `found` just now, the `verdict` on it, and the `code` of its ticket as it is shown."""

    found: NamedRegistration
    verdict: Verdict
    code: str


async def show(request: Request, sign_in: SignIn) -> Response:
    """The page that waits for a code."""
    return await _page(request, sign_in)


async def show_help(request: Request, sign_in: SignIn) -> Response:
    """A page to print for those who stand at the door."""
    return organisers_page(
        request, sign_in, "organisers/attendance/check_in_help.html", "check_in_help", idle_minutes=SIGN_IN_IDLE_MINUTES
    )


async def _scan(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Mark who holds the ticket of a code as arrived; who waits stays waiting."""
    services = services_of(request)
    try:
        code = parse_code(form.get("code", ""))
        arrival = await services.store.arrive(await ticket_id(services.known_browsers_hasher, services, code))
        return await _told(request, sign_in, arrival, Verdict.COME_IN, shown(code))
    except PortalError as error:
        return await _page(request, sign_in, page_errors(request, error))


async def _let_in(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Give an empty seat to one who waits."""
    return await _admit(request, sign_in, form, Verdict.LET_IN)


async def _restore(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Mark as arrived again, on an empty seat where theirs is gone: the arrival was undone by mistake."""
    return await _admit(request, sign_in, form, Verdict.RESTORED)


async def _admit(request: Request, sign_in: SignIn, form: Form, verdict: Verdict) -> Response:
    try:
        arrival = await services_of(request).store.arrive(form.get("id", ""), let_in=True)
        return await _told(request, sign_in, arrival, verdict, form.get("code", ""))
    except PortalError as error:
        return await _page(request, sign_in, page_errors(request, error))


async def _ask(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Ask whether an arrival that was there before is to be undone: it may be that of somebody who is inside."""
    store, code = services_of(request).store, form.get("code", "")
    registration = await store.registration(form.get("id", ""))
    if registration is None:
        return await _page(request, sign_in, page_errors(request, TicketAbsent()))
    found = with_pseudonym(request, sign_in, registration)
    if found.state is not State.ARRIVED:
        return await _page(request, sign_in, seen=Seen(found, Verdict.TAKEN_BACK, code))
    told = {"name": found.pseudonym or code, "left": (await store.counts()).arrived - 1}
    fields = {"id": found.id, "code": code}
    return Question("check_in", "organisers/attendance/undo_check_in.html", "undo", fields=fields, told=told).ask(
        request, sign_in
    )


async def _undo(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Undo an arrival."""
    try:
        found = await services_of(request).store.undo_arrival(form.get("id", ""))
        if found is None:
            raise TicketAbsent
    except PortalError as error:
        return await _page(request, sign_in, page_errors(request, error))
    seen = Seen(with_pseudonym(request, sign_in, found), Verdict.TAKEN_BACK, form.get("code", ""))
    return await _page(request, sign_in, seen=seen)


ACTIONS: Final[Mapping[str, Changing]] = {
    "": _scan,
    "let in": _let_in,
    "undo?": _ask,
    "undo": _undo,
    "restore": _restore,
}


async def _told(request: Request, sign_in: SignIn, arrival: Arrival | None, verdict: Verdict, code: str) -> Response:
    """The page with what became of the ticket of `code`. Raises `TicketAbsent`."""
    if arrival is None:
        raise TicketAbsent
    found = with_pseudonym(request, sign_in, arrival.registration)
    if arrival.was is State.ARRIVED:
        verdict = Verdict.SEEN_BEFORE
    elif found.state is State.WAITING:
        verdict = Verdict.WAITING
    return await _page(request, sign_in, seen=Seen(found, verdict, code))


async def _page(
    request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS, seen: Seen | None = None
) -> Response:
    store = services_of(request).store
    counts = await store.counts()
    empty = empty_seats(await store.policy(), counts)
    return organisers_page(
        request,
        sign_in,
        "organisers/attendance/check_in.html",
        "check_in",
        errors,
        seen=seen,
        counts=counts,
        empty=empty,
    )
