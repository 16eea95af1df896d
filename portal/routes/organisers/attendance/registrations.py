"""The registrations: found by pseudonym or by code, page by page, and erased one at a time with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from portal.domain.errors import InputError, PortalError, TicketAbsent
from portal.domain.event.event import Event
from portal.domain.language import N_, Language
from portal.domain.limits import PEOPLE_A_PAGE
from portal.domain.organisers.organiser import SignIn
from portal.domain.registration.erasure_reason import IN_WORDS, reason_of
from portal.domain.registration.registration import State, heir_of_seat
from portal.domain.registration.registration_list import list_as_csv
from portal.domain.registration.ticket_code import parse_code
from portal.domain.text import plain_words
from portal.routes.audit_log import log_action
from portal.routes.context import services_of
from portal.routes.errors import NO_ERRORS, PageErrors, page_errors
from portal.routes.organisers.attendance.shown_list import shown_list_of
from portal.routes.organisers.auth import Changing
from portal.routes.organisers.confirmation import Question
from portal.routes.organisers.forms import Form, organisers_page
from portal.routes.organisers.pseudonym_index import (
    Found,
    NamedRegistration,
    private_key_of,
    pseudonym_index_of,
    with_pseudonym,
)
from portal.routes.responses import current_edition_of, language_of
from portal.routes.sealing import ticket_id
from portal.site.catalogue import translated
from portal.site.typography import capitalised

NOTHING: Final[Form] = {}
STATE_NAMES: Final[Mapping[State, str]] = {
    State.SEATED: N_("Has a seat"),
    State.WAITING: N_("Waiting"),
    State.ARRIVED: N_("Arrived"),
}


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list: what was looked for, from which on, how many there are in `total`, and those `found`.

    `can_read` tells whether the organiser who looks may read the pseudonyms; `made` is the moment that the list is of,
    None for this one.
    """

    search: str
    offset: int
    total: int
    found: tuple[NamedRegistration, ...]
    can_read: bool
    made: datetime | None

    @property
    def before(self) -> int | None:
        """Where the page before begins; None on the first."""
        return max(0, self.offset - PEOPLE_A_PAGE) if self.offset else None

    @property
    def after(self) -> int | None:
        """Where the page after begins; None on the last."""
        return self.offset + PEOPLE_A_PAGE if self.offset + PEOPLE_A_PAGE < self.total else None


async def show(request: Request, sign_in: SignIn) -> Response:
    """The first page of all of them."""
    return await _page(request, sign_in, NOTHING)


async def _find(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Those that are looked for. What is typed travels in the form: an address is kept by browsers and servers."""
    return await _page(request, sign_in, form)


async def _ask(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Ask whether a registration is to be erased, and why."""
    try:
        return (await _question(request, sign_in, form)).ask(request, sign_in)
    except PortalError as error:
        return await _page(request, sign_in, form, page_errors(request, error))


async def _erase(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Erase a registration, once that was confirmed; its reason goes into the journal, and nothing else of it."""
    services = services_of(request)
    try:
        question = await _question(request, sign_in, form)
        asking = question.ask_unless_confirmed(request, sign_in, form)
        if asking:
            return asking
        reason = reason_of(form.get("reason", ""))
        if not await services.store.erase_registration(form.get("id", ""), services.rng):
            raise TicketAbsent
        await log_action(request, sign_in, N_("One registration erased"), IN_WORDS[reason])
    except InputError as error:
        return question.ask(request, sign_in, page_errors(request, error))
    except PortalError as error:
        return await _page(request, sign_in, form, page_errors(request, error))
    return await _page(request, sign_in, form, is_erased=True)


async def _download(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Pseudonym and state of everybody, as a file for a spreadsheet, in pieces."""
    language = language_of(request)
    try:
        named = (await _found(request, sign_in)).page
        await log_action(request, sign_in, N_("List of registrations downloaded"))
    except PortalError as error:
        return await _page(request, sign_in, form, page_errors(request, error))
    listed = [(one.pseudonym or "", one.state) for one in sorted(named, key=_by_pseudonym)]
    header = (translated(language, N_("Pseudonym")), translated(language, N_("State")))
    words = {state: translated(language, name) for state, name in STATE_NAMES.items()}
    name = translated(language, N_("registrations.csv"))
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(list_as_csv(listed, header, words), headers=headers, media_type="text/csv")


async def _refresh(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Show those too who registered since the last refresh."""
    services = services_of(request)
    try:
        registrations = await services.store.registrations()
        await log_action(request, sign_in, N_("List of registrations refreshed"))
        shown_list_of(request).refresh(registrations, services.clock())
    except PortalError as error:
        return await _page(request, sign_in, form, page_errors(request, error))
    return await _page(request, sign_in, form)


ACTIONS: Final[Mapping[str, Changing]] = {
    "": _find,
    "ask": _ask,
    "erase": _erase,
    "download": _download,
    "refresh": _refresh,
}


async def _question(request: Request, sign_in: SignIn, form: Form) -> Question:
    """Asks for the reason. Raises `TicketAbsent`."""
    store = services_of(request).store
    found, policy, counts = await store.registration(form.get("id", "")), await store.policy(), await store.counts()
    if found is None:
        raise TicketAbsent
    told = {
        "found": with_pseudonym(request, sign_in, found),
        "heir": heir_of_seat(policy, counts),
        "waiting": counts.waiting,
        "typed": {"search": "", "offset": "0", "reason": ""} | dict(form),
        "reasons": _reasons(language_of(request)),
    }
    return Question(
        "registrations", "organisers/attendance/erase_registration.html", "erase", found.state, {"id": found.id}, told
    )


def _reasons(language: Language) -> list[tuple[str, str]]:
    """Each reason with its words."""
    return [(reason.value, capitalised(translated(language, words))) for reason, words in IN_WORDS.items()]


async def _page(
    request: Request, sign_in: SignIn, form: Form, errors: PageErrors = NO_ERRORS, *, is_erased: bool = False
) -> Response:
    listing = await _listing(request, sign_in, form.get("search", "").strip(), _offset(form))
    return organisers_page(
        request,
        sign_in,
        "organisers/attendance/registrations.html",
        "registrations",
        errors,
        listing=listing,
        is_erased=is_erased,
    )


async def _listing(request: Request, sign_in: SignIn, search: str, offset: int) -> Listing:
    """One page of those that are looked for. A code of a ticket finds that one alone."""
    services, can_read = services_of(request), private_key_of(request, sign_in) is not None
    try:
        id = await ticket_id(services.known_browsers_hasher, services, parse_code(search))
        one = await services.store.registration(id)
    except InputError:
        one = None
    if one is not None:
        return Listing(search, 0, 1, (with_pseudonym(request, sign_in, one),), can_read, None)
    found = await _found(request, sign_in, search, slice(offset, offset + PEOPLE_A_PAGE))
    made = shown_list_of(request).made(_event(request), services.clock())
    return Listing(search, offset, found.total, found.page, can_read, made)


async def _found(request: Request, sign_in: SignIn, search: str = "", page: slice = slice(None)) -> Found:
    """Those that are looked for among those that are shown, by id. It may take its time, and holds up nobody else."""
    services = services_of(request)
    every = await services.store.registrations()
    registrations = shown_list_of(request).shown(every, _event(request), services.clock())
    private_key = private_key_of(request, sign_in)
    return await pseudonym_index_of(request).find(registrations, private_key, search, page)


def _event(request: Request) -> Event:
    return current_edition_of(request).renderer.edition.event


def _by_pseudonym(one: NamedRegistration) -> tuple[str, str, str]:
    """The order of what is told of each: no two that are told alike have an order."""
    pseudonym = one.pseudonym or ""
    return plain_words(pseudonym), pseudonym, one.state


def _offset(form: Form) -> int:
    """From which on, a multiple of the number on a page; 0 where a browser sends none."""
    typed = form.get("offset", "")
    return int(typed) // PEOPLE_A_PAGE * PEOPLE_A_PAGE if typed.isascii() and typed.isdigit() and len(typed) < 8 else 0
