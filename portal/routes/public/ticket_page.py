"""The page of a ticket, the capability that its forms carry, and the page that asks for the ticket."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain import limits
from portal.domain.errors import FormExpired, FormForeign, PortalError, TicketPageOutdated, TicketUnknown
from portal.domain.event.announcements import fit_a_ticket
from portal.domain.registration.hashing import PassphraseKey, is_key_of
from portal.domain.registration.registration import Registration
from portal.domain.registration.sealing import open_with_passphrase_key
from portal.domain.registration.ticket_code import shown
from portal.routes.context import TOKEN_FIELD, services_of, tokens_of
from portal.routes.errors import NO_ERRORS, PageErrors, page_errors
from portal.routes.public_forms import FormToken, Submission
from portal.routes.responses import current_edition_of, render_page
from portal.routes.sealing import sealed_pseudonym
from portal.routes.upcoming_erasure import postponed_until
from portal.services import Services
from portal.site.qr import qr_image

TICKET_TOKEN: Final = FormToken("ticket", timedelta(minutes=limits.TICKET_ACTION_MAX_AGE_MINUTES))

Form = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """A ticket whose passphrase was given: its `code`, its `registration`, and the `key` of the passphrase.

    `token` stands for all of it in the forms of its page, "" until one was issued.
    """

    code: str
    registration: Registration
    key: bytes = field(repr=False)
    token: str = ""

    @property
    def pseudonym(self) -> str:
        """The pseudonym, "" without one, and where it is damaged."""
        return open_with_passphrase_key(self.registration.sealed_pseudonym, self.key) or ""

    def with_registration(self, registration: Registration) -> "OpenTicket":
        """Return the same ticket after a change of its registration."""
        return replace(self, registration=registration)


@dataclass(frozen=True, slots=True)
class Capability:
    """The right that a form of the page of one ticket carries: `token`, for the `code` and the `key`.

    The key is on no disk, so that nobody can forge a capability by what is there. `registration` is None when it has
    been erased since.
    """

    token: str
    code: str
    key: bytes = field(repr=False)
    registration: Registration | None

    @property
    def ticket(self) -> OpenTicket:
        """The ticket. Raises `TicketUnknown` when its registration has been erased."""
        if self.registration is None:
            raise TicketUnknown
        return OpenTicket(self.code, self.registration, self.key, self.token)


async def capability_of(request: Request, submission: Submission) -> Capability:
    """Return the capability that a form with a `TICKET_TOKEN` carries. Raises `FormExpired`."""
    payload = submission.payload
    if "key" not in payload:  # issued by an earlier version, just before its upgrade
        raise FormExpired
    key = urlsafe_b64decode(payload["key"])
    registration = await services_of(request).store.registration(payload["id"])
    if registration is not None and not is_key_of(registration.passphrase_hash, key):
        raise FormExpired
    return Capability(submission.fields[TOKEN_FIELD], payload["code"], key, registration)


async def rekeyed(services: Services, ticket: OpenTicket, made: PassphraseKey) -> OpenTicket:
    """Keep another passphrase key for `ticket`, and its pseudonym sealed for it.

    Raises `TicketUnknown` when it was erased, or given another passphrase, in the meantime.
    """
    before = ticket.registration
    sealed = await sealed_pseudonym(services, ticket.pseudonym, made.key)
    kept = await services.store.amend_registration(before.id, sealed, made.stored, before.passphrase_hash)
    if kept is None or kept.passphrase_hash != made.stored:
        raise TicketUnknown
    return OpenTicket(ticket.code, kept, made.key)


async def show_ticket(
    request: Request,
    ticket: OpenTicket,
    errors: PageErrors = NO_ERRORS,
    *,
    done: str = "",
    pseudonym: str | None = None,
) -> Response:
    """The page of a ticket. Its forms carry its token, or a new one when a passphrase has just been given.

    `done` names what has just been changed, `pseudonym` is one that was typed and is not kept.
    """
    draw_at = (await services_of(request).store.policy()).draw_at
    page = _ticket_page(request, ticket, errors, done, pseudonym, draw_at)
    return errors.add_headers(page)


def _ticket_page(
    request: Request, ticket: OpenTicket, errors: PageErrors, done: str, typed: str | None, draw_at: datetime | None
) -> Response:
    return render_page(
        request,
        "public/ticket.html",
        "ticket",
        errors.status,
        code=shown(ticket.code),
        qr=qr_image(ticket.code),
        registration=ticket.registration,
        pseudonym=ticket.pseudonym,
        token=ticket.token or _token(request, ticket),
        errors=errors,
        limits=limits,
        in_full=fit_a_ticket(current_edition_of(request).renderer.edition.event),
        done=done,
        typed=typed,
        draw_at=draw_at,
    )


async def ticket_form(request: Request, errors: PageErrors = NO_ERRORS, form: Form | None = None) -> Response:
    """The page that asks for the code and the passphrase of a ticket; what was typed in `form` stays there.

    A form of the ticket's page that could not be taken gives its code, and the pseudonym that it was to bring.
    """
    typed = dict(form or {})
    page = render_page(
        request,
        "public/ticket_form.html",
        "ticket",
        errors.status,
        code=typed.get("code") or _code_of(request, typed),
        pseudonym=typed.get("pseudonym", ""),
        errors=errors,
        erasure=await services_of(request).store.erasure(),
        postponed=await postponed_until(request),
    )
    return errors.add_headers(page)


async def show_ticket_error(request: Request, error: PortalError, form: Form) -> Response:
    """Ask for the ticket again, with the `error` of a form that was to open or to change it."""
    if isinstance(error, FormExpired):
        error = TicketPageOutdated(minutes=limits.TICKET_ACTION_MAX_AGE_MINUTES)
    return await ticket_form(request, page_errors(request, error), form)


def _token(request: Request, ticket: OpenTicket) -> str:
    key = urlsafe_b64encode(ticket.key).decode("ascii")
    return tokens_of(request).issue(
        TICKET_TOKEN.purpose, {"code": ticket.code, "id": ticket.registration.id, "key": key}
    )


def _code_of(request: Request, form: Form) -> str:
    """The code of the ticket on whose page `form` was, "" for none."""
    try:
        return shown(tokens_of(request).open_at_any_age(TICKET_TOKEN.purpose, form.get(TOKEN_FIELD, ""))["code"])
    except FormForeign:
        return ""
