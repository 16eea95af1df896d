"""Taking an earlier edition back as the draft: what the draft would lose is told first."""

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.draft.restore import lost_changes, taken_back
from portal.domain.edition.changes import changes
from portal.domain.edition.edition import Draft, Edition
from portal.domain.errors import DraftChanged, PortalError
from portal.domain.event.event import Event
from portal.domain.language import N_
from portal.domain.organisers.organiser import SignIn
from portal.routes.audit_log import log_and_flash
from portal.routes.context import services_of
from portal.routes.error_pages import error_page
from portal.routes.errors import NO_ERRORS, PageErrors, page_errors
from portal.routes.organisers.confirmation import Question
from portal.routes.organisers.draft.next_edition import in_words
from portal.routes.organisers.editions.history import edition_asked_for
from portal.routes.organisers.forms import Form
from portal.routes.responses import go_to, language_of
from portal.routes.upcoming_erasure import consequences_of


async def ask(request: Request, sign_in: SignIn) -> Response:
    """What the draft would be afterwards, before anything is changed."""
    return await _page(request, sign_in)


async def take_back(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Make the edition the draft, unless somebody has changed the draft since the question was asked."""
    edition = await edition_asked_for(request)
    if edition is None:
        return error_page(request, 404)
    try:
        draft, event = await _draft_after(request, edition)
        if form.get("revision") != str(draft.revision):
            raise DraftChanged
        await services_of(request).store.save_draft(event, draft.revision)
        await log_and_flash(request, sign_in, N_("Edition %(number)s taken back as the draft"), number=edition.number)
    except PortalError as error:
        return await _page(request, sign_in, page_errors(request, error))
    return go_to(request, "edition")


async def _draft_after(request: Request, edition: Edition) -> tuple[Draft, Event]:
    """The draft as it is, and the event that it would be."""
    store = services_of(request).store
    draft, in_force = await store.draft(), await store.edition()
    return draft, taken_back(edition.event, (in_force or edition).event)


async def _page(request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS) -> Response:
    edition, language = await edition_asked_for(request), language_of(request)
    if edition is None:
        return error_page(request, 404)
    draft, event = await _draft_after(request, edition)
    in_force = await services_of(request).store.edition() or edition
    told = {
        "taken": edition,
        "is_new": event != draft.event,
        "told": in_words(changes(draft.event, event), language),
        "lost": in_words(lost_changes(in_force.event, draft.event, event), language),
        "consequences": await consequences_of(request, event),
    }
    fields, number = {"revision": str(draft.revision)}, str(edition.number)
    question = Question(
        "edition_restored", "organisers/editions/restore.html", "", "", fields, told, id=number, back="editions"
    )
    return question.ask(request, sign_in, errors)
