"""The page of a ticket, the capability that its forms ride on, and the page that asks for the ticket."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain import limits
from portal.domain.announcements import fit_a_ticket
from portal.domain.errors import FormExpired, FormForeign, TicketPageOutdated
from portal.domain.registration import Registration
from portal.domain.ticket_code import locator, shown
from portal.routes.answers import answer, showing_of
from portal.routes.asked import TOKEN_FIELD, services_of, tokens_of
from portal.routes.erasing import postponed_until
from portal.routes.refusals import NOTHING_REFUSED, Refusal
from portal.site.qr import qr_image

PURPOSE: Final = "ticket"
_MAX_AGE: Final = timedelta(minutes=limits.TICKET_ACTION_MAX_AGE_MINUTES)

Form = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Capability:
    """What whoever holds the page of one ticket may do for a while: `token` stands for it in a form.

    `registration` is None when it has been erased since.
    """

    token: str
    code: str
    registration: Registration | None


async def capability_of(request: Request, form: Form) -> Capability:
    """The capability on which `form` rides. Raises `FormForeign` and `TicketPageOutdated`."""
    token, services = form.get(TOKEN_FIELD, ""), services_of(request)
    try:
        payload = tokens_of(request).open(PURPOSE, token, _MAX_AGE)
    except FormExpired:
        raise _outdated() from None
    registration = await services.store.registration(locator(services.keys.event, payload["code"]))
    if registration is not None and _mark(registration) != payload["mark"]:
        raise _outdated()
    return Capability(token, payload["code"], registration)


def show_ticket(
    request: Request,
    code: str,
    registration: Registration,
    refusal: Refusal = NOTHING_REFUSED,
    *,
    token: str = "",
    done: str = "",
    pseudonym: str | None = None,
) -> Response:
    """The page of a ticket. Its forms ride on `token`, or on a new capability when a passphrase has just been given.

    `done` names what has just been changed, `pseudonym` is one that was typed and is not kept.
    """
    page = answer(
        request,
        "ticket/ticket.html",
        "ticket",
        refusal.status,
        code=shown(code),
        qr=qr_image(code),
        registration=registration,
        token=token or tokens_of(request).issue(PURPOSE, {"code": code, "mark": _mark(registration)}),
        done=done,
        typed=pseudonym,
        refusal=refusal,
        limits=limits,
        in_full=fit_a_ticket(showing_of(request).renderer.edition.event),
    )
    return refusal.on(page)


async def ticket_form(request: Request, refusal: Refusal = NOTHING_REFUSED, form: Form | None = None) -> Response:
    """The page that asks for the code and the passphrase of a ticket; what was typed in `form` stays there.

    A form of the ticket's page that could not be taken gives its code, and the pseudonym that it was to bring.
    """
    typed = dict(form or {})
    page = answer(
        request,
        "ticket/form.html",
        "ticket",
        refusal.status,
        code=typed.get("code") or _code_of(request, typed),
        pseudonym=typed.get("pseudonym", ""),
        refusal=refusal,
        erasure=await services_of(request).store.erasure(),
        postponed=await postponed_until(request),
    )
    return refusal.on(page)


def _code_of(request: Request, form: Form) -> str:
    """The code of the ticket on whose page `form` was, "" for none."""
    try:
        return shown(tokens_of(request).open_at_any_age(PURPOSE, form.get(TOKEN_FIELD, ""))["code"])
    except FormForeign:
        return ""


def _mark(registration: Registration) -> str:
    """Another one after each change of passphrase, and for whoever registers with the same code again."""
    return sha256(registration.passphrase_hash.encode()).hexdigest()[:32]


def _outdated() -> TicketPageOutdated:
    return TicketPageOutdated(minutes=limits.TICKET_ACTION_MAX_AGE_MINUTES)
