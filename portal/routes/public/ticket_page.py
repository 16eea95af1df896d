"""The page of a ticket, the capability that its forms carry, and the form that asks for a ticket."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain import limits
from portal.domain.errors import DataMissing, FormExpired, FormForeign, PortalError, TicketPageOutdated, TicketUnknown
from portal.domain.event.announcements import fit_a_ticket
from portal.domain.registration.hashing import PassphraseKey, is_key_of
from portal.domain.registration.registration import Registration
from portal.domain.registration.sealing import open_with_passphrase_key, seal_pseudonym
from portal.domain.registration.ticket_code import shown
from portal.routes.context import TOKEN_FIELD, current_edition_of, render_page, services_of, tokens_of
from portal.routes.errors import NO_ERRORS, PageErrors, page_errors
from portal.routes.public_forms import Fields, FormToken, Submission
from portal.routes.upcoming_erasure import postponed_until
from portal.services import Services
from portal.site.qr import qr_image

TICKET_TOKEN: Final = FormToken("ticket", timedelta(minutes=limits.TICKET_ACTION_MAX_AGE_MINUTES))


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """A ticket that was opened: its `code`, its `registration`, and the `key` of its passphrase.

    `token` is its capability in the forms of its page, "" until it is issued.
    """

    code: str
    registration: Registration
    key: bytes = field(repr=False)
    token: str = ""

    @property
    def pseudonym(self) -> str:
        """Return the pseudonym, "" where there is none or it is damaged."""
        return open_with_passphrase_key(self.registration.sealed_pseudonym, self.key) or ""

    def with_registration(self, registration: Registration) -> "OpenTicket":
        """Return the same ticket after a change of its registration."""
        return replace(self, registration=registration)


@dataclass(frozen=True, slots=True)
class Capability:
    """The capability of a form on the page of a ticket: a `token` with the `code` and the `key`.

    The key is on no disk, so that the disk alone does not suffice to forge a capability. `registration` is None when it
    has been erased since.
    """

    token: str
    code: str
    key: bytes = field(repr=False)
    registration: Registration | None

    @property
    def ticket(self) -> OpenTicket:
        """Return the ticket. Raises `TicketUnknown` when its registration has been erased."""
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


async def rekey(services: Services, ticket: OpenTicket, new_key: PassphraseKey) -> OpenTicket:
    """Store another passphrase key for `ticket`, with the pseudonym sealed for that key.

    Raises `TicketUnknown` when it was erased, or given another passphrase, in the meantime.
    """
    before = ticket.registration
    sealed = await seal_for_ticket(services, ticket.pseudonym, new_key.key)
    kept = await services.store.amend_registration(before.id, sealed, new_key.stored, before.passphrase_hash)
    if kept is None or kept.passphrase_hash != new_key.stored:
        raise TicketUnknown
    return OpenTicket(ticket.code, kept, new_key.key)


async def seal_for_ticket(services: Services, pseudonym: str, key: bytes) -> str:
    """Return `pseudonym` sealed for the person whose passphrase has this `key`, and for the organisers."""
    organisers_key = await services.store.sealing_key()
    if organisers_key is None:
        raise DataMissing(folder=services.settings.data)
    return seal_pseudonym(pseudonym, key, bytes.fromhex(organisers_key))


async def show_ticket(
    request: Request,
    ticket: OpenTicket,
    errors: PageErrors = NO_ERRORS,
    *,
    done: str = "",
    pseudonym: str | None = None,
) -> Response:
    """Show the page of a ticket. Its forms carry its token, or a new one after a passphrase.

    `done` names the field that has just been changed, `pseudonym` is a typed one that is not stored.
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


async def ticket_form(request: Request, errors: PageErrors = NO_ERRORS, form: Fields | None = None) -> Response:
    """Ask for the code and the passphrase of a ticket, and keep what was typed in `form`.

    Of a form on the page of a ticket, the code and the pseudonym are kept.
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


async def show_ticket_error(request: Request, error: PortalError, form: Fields) -> Response:
    """Ask for the ticket again, with the `error` of a form that was to open or to change it."""
    if isinstance(error, FormExpired):
        error = TicketPageOutdated(minutes=limits.TICKET_ACTION_MAX_AGE_MINUTES)
    return await ticket_form(request, page_errors(request, error), form)


def _token(request: Request, ticket: OpenTicket) -> str:
    key = urlsafe_b64encode(ticket.key).decode("ascii")
    return tokens_of(request).issue(
        TICKET_TOKEN.purpose, {"code": ticket.code, "id": ticket.registration.id, "key": key}
    )


def _code_of(request: Request, form: Fields) -> str:
    """Return the code of the ticket on whose page `form` was, "" for none."""
    try:
        return shown(tokens_of(request).open_at_any_age(TICKET_TOKEN.purpose, form.get(TOKEN_FIELD, ""))["code"])
    except FormForeign:
        return ""
