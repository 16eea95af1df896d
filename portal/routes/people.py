"""The registrations: found by pseudonym or by code, page by page, and erased one at a time with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from portal.domain.erasure_reason import IN_WORDS, reason_of
from portal.domain.errors import InputError, PortalError, TicketAbsent
from portal.domain.language import N_, Language
from portal.domain.limits import PEOPLE_A_PAGE
from portal.domain.organiser import SignIn
from portal.domain.registration import Registration, State, heir_of_seat
from portal.domain.registration_list import list_as_csv
from portal.domain.ticket_code import locator, parse_code
from portal.routes.answers import language_of
from portal.routes.asked import services_of
from portal.routes.confirmation import Question
from portal.routes.gate import Changing
from portal.routes.noted import note
from portal.routes.organiser_forms import Form, organisers_page
from portal.routes.refusals import NOTHING_REFUSED, Refusal, refused
from portal.services import Services
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
    """A page of the list: what was looked for, from which on, how many there are in `total`, and those `found`."""

    search: str
    offset: int
    total: int
    found: tuple[Registration, ...]

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
        return (await _question(request, form)).ask(request, sign_in)
    except PortalError as error:
        return await _page(request, sign_in, form, refused(request, error))


async def _erase(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Erase a registration, once that was confirmed; its reason goes into the journal, and nothing else of it."""
    services = services_of(request)
    try:
        question = await _question(request, form)
        asking = question.ask_unless_confirmed(request, sign_in, form)
        if asking:
            return asking
        reason = reason_of(form.get("reason", ""))
        if not await services.store.erase_registration(form.get("id", ""), services.chance):
            raise TicketAbsent
        await note(request, sign_in, N_("One registration erased"), IN_WORDS[reason])
    except InputError as error:
        return question.ask(request, sign_in, refused(request, error))
    except PortalError as error:
        return await _page(request, sign_in, form, refused(request, error))
    return await _page(request, sign_in, form, is_erased=True)


async def _download(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Pseudonym and state of everybody, as a file for a spreadsheet, in pieces."""
    language = language_of(request)
    try:
        listed = await services_of(request).store.registration_list()
        await note(request, sign_in, N_("List of registrations downloaded"))
    except PortalError as error:
        return await _page(request, sign_in, form, refused(request, error))
    header = (translated(language, N_("Pseudonym")), translated(language, N_("State")))
    words = {state: translated(language, name) for state, name in STATE_NAMES.items()}
    name = translated(language, N_("registrations.csv"))
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(list_as_csv(listed, header, words), headers=headers, media_type="text/csv")


ACTIONS: Final[Mapping[str, Changing]] = {"": _find, "ask": _ask, "erase": _erase, "download": _download}


async def _question(request: Request, form: Form) -> Question:
    """Asks for the reason. Raises `TicketAbsent`."""
    store = services_of(request).store
    found, policy, counts = await store.registration(form.get("id", "")), await store.policy(), await store.counts()
    if found is None:
        raise TicketAbsent
    told = {
        "found": found,
        "heir": heir_of_seat(policy, counts),
        "waiting": counts.waiting,
        "typed": {"search": "", "offset": "0", "reason": ""} | dict(form),
        "reasons": _reasons(language_of(request)),
    }
    return Question("people", "people/erase.html", "erase", found.state, {"id": found.id}, told)


def _reasons(language: Language) -> list[tuple[str, str]]:
    """Each reason with its words."""
    return [(reason.value, capitalised(translated(language, words))) for reason, words in IN_WORDS.items()]


async def _page(
    request: Request, sign_in: SignIn, form: Form, refusal: Refusal = NOTHING_REFUSED, *, is_erased: bool = False
) -> Response:
    listing = await _listing(services_of(request), form.get("search", "").strip(), _offset(form))
    return organisers_page(
        request, sign_in, "people/list.html", "people", refusal, listing=listing, is_erased=is_erased
    )


async def _listing(services: Services, search: str, offset: int) -> Listing:
    """One page of those that are looked for. A code of a ticket finds that one alone."""
    try:
        one = await services.store.registration(locator(services.keys.event, parse_code(search)))
    except InputError:
        one = None
    if one is not None:
        return Listing(search, 0, 1, (one,))
    return Listing(search, offset, *await services.store.registrations(search, offset, PEOPLE_A_PAGE))


def _offset(form: Form) -> int:
    """From which on, a multiple of the number on a page; 0 where a browser sends none."""
    typed = form.get("offset", "")
    return int(typed) // PEOPLE_A_PAGE * PEOPLE_A_PAGE if typed.isascii() and typed.isdigit() and len(typed) < 8 else 0
