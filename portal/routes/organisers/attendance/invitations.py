"""Invitations: a sheet of one-time codes, shown once, of which only hashes are kept."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.errors import PortalError
from portal.domain.input_errors import InvitationNumberRefused
from portal.domain.language import N_
from portal.domain.limits import INVITATIONS_A_SHEET
from portal.domain.organisers.organiser import SignIn
from portal.domain.registration.ticket_code import INVITATION, code_digest, new_invitations, shown
from portal.routes.audit_log import log_action
from portal.routes.context import services_of
from portal.routes.errors import NO_ERRORS, PageErrors, page_errors
from portal.routes.flash import flash
from portal.routes.organisers.attendance.policy import MODE_NAMES
from portal.routes.organisers.auth import Changing
from portal.routes.organisers.confirmation import Question
from portal.routes.organisers.draft.next_edition import addresses_of
from portal.routes.organisers.forms import Form, organisers_page
from portal.routes.responses import current_edition_of, go_to, language_of
from portal.site.paths import page_path
from portal.site.qr import qr_image

_USUAL: Final = "20"


async def show(request: Request, sign_in: SignIn) -> Response:
    """How many are left, and how to make more."""
    return await _page(request, sign_in)


async def _make(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Make so many, keep their hashes, and show the codes this once."""
    services = services_of(request)
    try:
        codes = new_invitations(_number(form.get("number", "")), services.rng)
        digests = [code_digest(services.keys.event, code, INVITATION) for code in codes]
        ids = [(await services.known_browsers_hasher.locate(digest)).id for digest in digests]
        await services.store.add_invitations(ids)
        await log_action(request, sign_in, N_("Invitations made: %(number)s"), number=len(codes))
    except PortalError as error:
        return await _page(request, sign_in, page_errors(request, error), form.get("number", ""))
    return _sheet(request, sign_in, codes)


async def _withdraw(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Destroy those that are left, once that was confirmed of as many."""
    store = services_of(request).store
    try:
        left = await store.invitations()
        question = Question(
            "invitations", "organisers/attendance/withdraw_invitation.html", "withdraw", left, told={"left": left}
        )
        asking = question.ask_unless_confirmed(request, sign_in, form)
        if left and asking:
            return asking
        number = await store.withdraw_invitations()
        await log_action(request, sign_in, N_("Invitations withdrawn: %(number)s"), number=number)
    except PortalError as error:
        return await _page(request, sign_in, page_errors(request, error))
    flash(request, sign_in, withdrawn=number)
    return go_to(request, "invitations")


ACTIONS: Final[Mapping[str, Changing]] = {"": _make, "withdraw": _withdraw}


def _number(typed: str) -> int:
    digits = typed.strip()
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= len(str(INVITATIONS_A_SHEET))
    if not is_number or not 1 <= int(digits) <= INVITATIONS_A_SHEET:
        raise InvitationNumberRefused("number", most=INVITATIONS_A_SHEET)
    return int(digits)


def _sheet(request: Request, sign_in: SignIn, codes: tuple[str, ...]) -> Response:
    """The cards to print. An ordinary telephone opens the ordinary address: the image leads there, where there is one.

    Who has Tor Browser types the other, which stands on the card too.
    """
    addresses = addresses_of(services_of(request), current_edition_of(request).renderer.edition)
    origin, path = addresses.clearnet or addresses.onion, page_path("registration", language_of(request))
    return organisers_page(
        request,
        sign_in,
        "organisers/attendance/invitations_sheet.html",
        "invitations",
        cards=[(shown(code), qr_image(shown(code))) for code in codes],
        addresses=addresses,
        link_image=qr_image(f"{origin}/{path}") if origin else "",
    )


async def _page(request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS, number: str = _USUAL) -> Response:
    """The page; `number`: what stands in its form."""
    store = services_of(request).store
    left, policy = await store.invitations(), await store.policy()
    return organisers_page(
        request,
        sign_in,
        "organisers/attendance/invitations.html",
        "invitations",
        errors,
        left=left,
        mode=MODE_NAMES[policy.mode],
        number=number,
        most=INVITATIONS_A_SHEET,
    )
