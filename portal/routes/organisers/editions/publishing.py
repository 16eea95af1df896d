"""Publishing: an organiser reads what the draft changes, says it in a sentence, and publishes an edition."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.draft.part_form import YES
from portal.domain.edition.edition import Edition, check_comment
from portal.domain.errors import DraftChanged, DraftNotInOrder
from portal.domain.event.event_file import problems_of
from portal.domain.language import N_
from portal.domain.organisers.organiser import SignIn
from portal.domain.registration.erasure_errors import ErasureUnconfirmed, PastUnconfirmed
from portal.domain.times import whole_minute
from portal.routes.context import current_edition_of, redirect_to, services_of
from portal.routes.errors import NO_ERRORS, PageErrors
from portal.routes.flash import flash, log_action
from portal.routes.organisers.auth import FormPage
from portal.routes.organisers.draft.next_edition import addresses_of, next_edition
from portal.routes.organisers.forms import NO_FORM, Form, organisers_page
from portal.routes.upcoming_erasure import Consequences, consequences_of


async def page(request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS, form: Form = NO_FORM) -> Response:
    """Show what would be published now."""
    return organisers_page(
        request,
        sign_in,
        "organisers/editions/publish.html",
        "edition",
        errors,
        coming=await next_edition(request),
        signing=services_of(request).signatures.signing(),
        typed={"comment": "", "past": "", "erased": "", **form},
    )


async def _publish(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Put the draft in force as it was shown with the form, and show it at once."""
    edition = await _published(request, form)
    await current_edition_of(request).show(edition)
    message = N_("Edition %(number)s published: %(comment)s")
    await log_action(request, sign_in, message, number=edition.number, comment=edition.comment)
    flash(request, sign_in, published=edition.number)
    return redirect_to(request, "edition")


FORM_PAGE: Final = FormPage(page, {"": _publish})


async def _published(request: Request, form: Form) -> Edition:
    services, comment = services_of(request), check_comment(form.get("comment", ""))
    draft, last = await services.store.draft(), await services.store.edition()
    if form.get("revision") != str(draft.revision):
        raise DraftChanged
    if problems_of(draft.event):
        raise DraftNotInOrder
    _check_confirmed(await consequences_of(request, draft.event), form)
    addresses, minute = addresses_of(services, last), whole_minute(services.clock())
    return await services.store.publish(draft.revision, comment, addresses, minute)


def _check_confirmed(consequences: Consequences, form: Form) -> None:
    """Raise `PastUnconfirmed` or `ErasureUnconfirmed` unless `form` confirms the `consequences`."""
    loss = consequences.loss
    if consequences.is_past and form.get("past") != YES:
        raise PastUnconfirmed("past")
    if loss and "".join(form.get("erased", "").split()) != str(loss.registrations):
        raise ErasureUnconfirmed("erased", number=loss.registrations)
