"""The registrations: found by pseudonym or by code, page by page, and erased one at a time with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from portal.domain.errors import InputError, TicketAbsent
from portal.domain.event.event import Event
from portal.domain.language import N_, Language
from portal.domain.limits import PEOPLE_A_PAGE
from portal.domain.organisers.organiser import SignIn
from portal.domain.registration.erasure_reason import IN_WORDS, reason_of
from portal.domain.registration.registration import State, next_holder
from portal.domain.registration.registration_list import list_as_csv
from portal.domain.registration.ticket_code import parse_code
from portal.domain.text import plain_words
from portal.routes.context import current_edition_of, language_of, services_of, ticket_id
from portal.routes.errors import NO_ERRORS, PageErrors
from portal.routes.flash import log_action
from portal.routes.organisers.attendance.shown_list import shown_list_of
from portal.routes.organisers.auth import FormPage
from portal.routes.organisers.confirmation import Confirmation
from portal.routes.organisers.forms import NO_FORM, Form, organisers_page
from portal.routes.organisers.pseudonym_index import (
    Found,
    NamedRegistration,
    private_key_of,
    pseudonym_index_of,
    with_pseudonym,
)
from portal.site.catalogue import translated
from portal.site.typography import capitalised

STATE_NAMES: Final[Mapping[State, str]] = {
    State.SEATED: N_("Has a seat"),
    State.WAITING: N_("Waiting"),
    State.ARRIVED: N_("Arrived"),
}


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list, from `offset` on: the registrations `found` by `search`, of `total`.

    `can_read`: the organiser may read the pseudonyms; `made`: the moment of the list's last refresh, None for a list
    that is always up to date.
    """

    search: str
    offset: int
    total: int
    found: tuple[NamedRegistration, ...]
    can_read: bool
    made: datetime | None

    @property
    def before(self) -> int | None:
        """Return the offset of the page before; None on the first."""
        return max(0, self.offset - PEOPLE_A_PAGE) if self.offset else None

    @property
    def after(self) -> int | None:
        """Return the offset of the page after; None on the last."""
        return self.offset + PEOPLE_A_PAGE if self.offset + PEOPLE_A_PAGE < self.total else None


async def page(
    request: Request,
    sign_in: SignIn,
    errors: PageErrors = NO_ERRORS,
    form: Form = NO_FORM,
    *,
    is_erased: bool = False,
) -> Response:
    """Show a page of the list; the confirmation before erasing where the reason is wrong."""
    if errors.error("reason"):
        return (await _confirmation(request, sign_in, form)).show(request, sign_in, errors)
    return organisers_page(
        request,
        sign_in,
        "organisers/attendance/registrations.html",
        "registrations",
        errors,
        listing=await _listing(request, sign_in, form.get("search", "").strip(), _offset(form)),
        is_erased=is_erased,
    )


async def _find(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Show the registrations found. The search travels in a form: browsers and servers keep addresses."""
    return await page(request, sign_in, form=form)


async def _ask_to_erase(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Ask for confirmation before a registration is erased, and for the reason."""
    return (await _confirmation(request, sign_in, form)).show(request, sign_in)


async def _erase(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Erase a registration, once that was confirmed; the journal keeps the reason and nothing else about it."""
    services, confirmation = services_of(request), await _confirmation(request, sign_in, form)
    if asking := confirmation.show_unless_confirmed(request, sign_in, form):
        return asking
    reason = reason_of(form.get("reason", ""))
    if not await services.store.erase_registration(form.get("id", ""), services.rng):
        raise TicketAbsent
    await log_action(request, sign_in, N_("One registration erased"), IN_WORDS[reason])
    return await page(request, sign_in, form=form, is_erased=True)


async def _download(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Send the pseudonym and the state of everybody as a file for a spreadsheet, in pieces."""
    language = language_of(request)
    found = (await _found(request, sign_in)).page
    await log_action(request, sign_in, N_("List of registrations downloaded"))
    rows = [(registration.pseudonym or "", registration.state) for registration in sorted(found, key=_by_pseudonym)]
    header = (translated(language, N_("Pseudonym")), translated(language, N_("State")))
    words = {state: translated(language, name) for state, name in STATE_NAMES.items()}
    name = translated(language, N_("registrations.csv"))
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(list_as_csv(rows, header, words), headers=headers, media_type="text/csv")


async def _refresh(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Add to the list everybody who registered since its last refresh."""
    services = services_of(request)
    registrations = await services.store.registrations()
    await log_action(request, sign_in, N_("List of registrations refreshed"))
    shown_list_of(request).refresh(registrations, services.clock())
    return await page(request, sign_in, form=form)


FORM_PAGE: Final = FormPage(
    page, {"": _find, "ask": _ask_to_erase, "erase": _erase, "download": _download, "refresh": _refresh}
)


async def _confirmation(request: Request, sign_in: SignIn, form: Form) -> Confirmation:
    """Return the confirmation before erasing, which asks for the reason. Raises `TicketAbsent`."""
    store = services_of(request).store
    stored, policy, counts = await store.registration(form.get("id", "")), await store.policy(), await store.counts()
    if stored is None:
        raise TicketAbsent
    context = {
        "registration": with_pseudonym(request, sign_in, stored),
        "next_holder": next_holder(policy, counts),
        "waiting": counts.waiting,
        "typed": {"search": "", "offset": "0", "reason": "", **form},
        "reasons": _reasons(language_of(request)),
    }
    template, fields = "organisers/attendance/erase_registration.html", {"id": stored.id}
    return Confirmation("registrations", template, "erase", stored.state, fields, context)


def _reasons(language: Language) -> list[tuple[str, str]]:
    """Return each reason with its name."""
    return [(reason.value, capitalised(translated(language, words))) for reason, words in IN_WORDS.items()]


async def _listing(request: Request, sign_in: SignIn, search: str, offset: int) -> Listing:
    """Return a page of the registrations that `search` finds. The code of a ticket finds its registration alone."""
    services, can_read = services_of(request), private_key_of(request, sign_in) is not None
    try:
        id = await ticket_id(services.known_browsers_hasher, services, parse_code(search))
        registration = await services.store.registration(id)
    except InputError:
        registration = None
    if registration is not None:
        return Listing(search, 0, 1, (with_pseudonym(request, sign_in, registration),), can_read, None)
    found = await _found(request, sign_in, search, slice(offset, offset + PEOPLE_A_PAGE))
    made = shown_list_of(request).made(_event(request), services.clock())
    return Listing(search, offset, found.total, found.page, can_read, made)


async def _found(request: Request, sign_in: SignIn, search: str = "", page: slice = slice(None)) -> Found:
    """Search the registrations that are shown, by id. A long search holds up no other request."""
    services = services_of(request)
    stored = await services.store.registrations()
    registrations = shown_list_of(request).shown(stored, _event(request), services.clock())
    private_key = private_key_of(request, sign_in)
    return await pseudonym_index_of(request).find(registrations, private_key, search, page)


def _event(request: Request) -> Event:
    return current_edition_of(request).renderer.edition.event


def _by_pseudonym(registration: NamedRegistration) -> tuple[str, str, str]:
    """Return the sort key of a row, made of nothing but its two columns."""
    pseudonym = registration.pseudonym or ""
    return plain_words(pseudonym), pseudonym, registration.state


def _offset(form: Form) -> int:
    """Return the index of the first registration on the page, a multiple of PEOPLE_A_PAGE; 0 without a valid number."""
    typed = form.get("offset", "")
    return int(typed) // PEOPLE_A_PAGE * PEOPLE_A_PAGE if typed.isascii() and typed.isdigit() and len(typed) < 8 else 0
