"""Invitations: a sheet of one-time codes, shown once, of which only hashes are kept."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.input_errors import InvitationNumberRefused
from portal.domain.language import N_
from portal.domain.limits import INVITATIONS_A_SHEET
from portal.domain.organisers.organiser import SignIn
from portal.domain.registration.ticket_code import INVITATION, code_digest, new_invitations, shown
from portal.routes.context import current_edition_of, page_language_of, redirect_to, services_of
from portal.routes.errors import NO_ERRORS, PageErrors
from portal.routes.flash import flash, log_action
from portal.routes.organisers.attendance.policy import MODE_NAMES
from portal.routes.organisers.auth import FormPage
from portal.routes.organisers.confirmation import Confirmation
from portal.routes.organisers.draft.next_edition import addresses_of
from portal.routes.organisers.forms import NO_FORM, Form, organisers_page
from portal.site.paths import page_path
from portal.site.qr import qr_image

_USUAL: Final = "20"


async def page(request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS, form: Form = NO_FORM) -> Response:
    """Show the number of unused invitations, and the form that makes more."""
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
        number=form.get("number", _USUAL),
        most=INVITATIONS_A_SHEET,
    )


async def _make(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Make a number of invitations, keep their hashes, and show the codes once."""
    services = services_of(request)
    codes = new_invitations(_number(form.get("number", "")), services.rng)
    digests = [code_digest(services.keys.event, code, INVITATION) for code in codes]
    ids = [(await services.known_browsers_hasher.locate(digest)).id for digest in digests]
    await services.store.add_invitations(ids)
    await log_action(request, sign_in, N_("Invitations made: %(number)s"), number=len(codes))
    return _sheet(request, sign_in, codes)


async def _withdraw(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Destroy the unused invitations, once their number was confirmed."""
    store = services_of(request).store
    left = await store.invitations()
    template = "organisers/attendance/withdraw_invitation.html"
    confirmation = Confirmation("invitations", template, "withdraw", left, context={"left": left})
    if left and (asking := confirmation.show_unless_confirmed(request, sign_in, form)):
        return asking
    number = await store.withdraw_invitations()
    await log_action(request, sign_in, N_("Invitations withdrawn: %(number)s"), number=number)
    flash(request, sign_in, withdrawn=number)
    return redirect_to(request, "invitations")


FORM_PAGE: Final = FormPage(page, {"": _make, "withdraw": _withdraw})


def _number(typed: str) -> int:
    digits = typed.strip()
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= len(str(INVITATIONS_A_SHEET))
    if not is_number or not 1 <= int(digits) <= INVITATIONS_A_SHEET:
        raise InvitationNumberRefused("number", most=INVITATIONS_A_SHEET)
    return int(digits)


def _sheet(request: Request, sign_in: SignIn, codes: tuple[str, ...]) -> Response:
    """Show the cards to print.

    Telephones open the ordinary address, so the image leads there if there is one; the onion's address is printed too.
    """
    addresses = addresses_of(services_of(request), current_edition_of(request).renderer.edition)
    origin, path = addresses.clearnet or addresses.onion, page_path("registration", page_language_of(request))
    return organisers_page(
        request,
        sign_in,
        "organisers/attendance/invitations_sheet.html",
        "invitations",
        cards=[(shown(code), qr_image(shown(code))) for code in codes],
        addresses=addresses,
        link_image=qr_image(f"{origin}/{path}") if origin else "",
    )
