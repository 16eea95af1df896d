"""Restoring an earlier edition as the draft: a page first shows what the draft would lose."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.draft.restore import lost_changes, restored
from portal.domain.edition.changes import changes
from portal.domain.edition.edition import Draft, Edition
from portal.domain.errors import DraftChanged
from portal.domain.event.event import Event
from portal.domain.language import N_
from portal.domain.organisers.organiser import SignIn
from portal.routes.context import language_of, redirect_to, services_of
from portal.routes.error_pages import render_error
from portal.routes.errors import NO_ERRORS, PageErrors
from portal.routes.flash import log_and_flash
from portal.routes.organisers.auth import FormPage
from portal.routes.organisers.confirmation import Confirmation
from portal.routes.organisers.draft.next_edition import in_words
from portal.routes.organisers.editions.history import edition_in_path
from portal.routes.organisers.forms import NO_FORM, Form
from portal.routes.upcoming_erasure import consequences_of


async def page(request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS, form: Form = NO_FORM) -> Response:
    """Show what the draft would be afterwards."""
    edition, language = await edition_in_path(request), language_of(request)
    if edition is None:
        return render_error(request, 404)
    draft, event = await _draft_after(request, edition)
    in_force = await services_of(request).store.edition() or edition
    context = {
        "restored": edition,
        "is_new": event != draft.event,
        "changes": in_words(changes(draft.event, event), event, language),
        "lost": in_words(lost_changes(in_force.event, draft.event, event), event, language),
        "consequences": await consequences_of(request, event),
    }
    fields, number = {"revision": str(draft.revision)}, str(edition.number)
    template = "organisers/editions/restore.html"
    confirmation = Confirmation("edition_restore", template, "", "", fields, context, id=number, back="editions")
    return confirmation.show(request, sign_in, errors)


async def _restore(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Make the edition the draft, unless somebody has changed the draft since the page was opened."""
    edition = await edition_in_path(request)
    if edition is None:
        return render_error(request, 404)
    draft, event = await _draft_after(request, edition)
    if form.get("revision") != str(draft.revision):
        raise DraftChanged
    await services_of(request).store.save_draft(event, draft.revision)
    await log_and_flash(request, sign_in, N_("Edition %(number)s taken back as the draft"), number=edition.number)
    return redirect_to(request, "edition")


FORM_PAGE: Final = FormPage(page, {"": _restore})


async def _draft_after(request: Request, edition: Edition) -> tuple[Draft, Event]:
    """Return the present draft, and the event that it would be."""
    store = services_of(request).store
    draft, in_force = await store.draft(), await store.edition()
    return draft, restored(edition.event, (in_force or edition).event)
