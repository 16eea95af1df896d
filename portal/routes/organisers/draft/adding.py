"""The page on which a new part is added to the draft."""

from collections.abc import Collection
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.draft.part import Part
from portal.domain.draft.part_changes import added
from portal.domain.draft.part_form import Fields
from portal.domain.draft.part_ids import ids_in
from portal.domain.event.event import Event
from portal.domain.event.languages import languages_of
from portal.domain.organisers.organiser import SignIn
from portal.domain.text import trimmed_field
from portal.routes.context import redirect_to, services_of
from portal.routes.errors import NO_ERRORS, PageErrors
from portal.routes.flash import log_and_flash
from portal.routes.organisers.auth import FormPage
from portal.routes.organisers.draft.choices import fields_in, new_fields
from portal.routes.organisers.draft.form import FormContent, new_page
from portal.routes.organisers.draft.kinds import Kind
from portal.routes.organisers.draft.programme_list import NO_ROOM, choice_in
from portal.routes.organisers.draft.saving import save_draft
from portal.routes.organisers.forms import NO_FORM, Form


async def _page(
    kind: Kind, request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS, form: Form = NO_FORM
) -> Response:
    """Show the form of a new part, as it was typed; empty at first."""
    event = (await services_of(request).store.draft()).event
    part = Part(kind.table)
    fields = _begun(request, event, part) if form is NO_FORM else fields_in(event, part, form)
    content = FormContent(fields, is_preview=form.get("action") == "preview")
    return new_page(request, sign_in, kind, event, content, errors)


async def _add(kind: Kind, request: Request, sign_in: SignIn, form: Form) -> Response:
    """Add a part, under an id that no edition and no other part ever had; once, even if it is sent twice."""
    taken = ids_in((edition.event for edition in await services_of(request).store.editions()), kind.table)
    before = await save_draft(request, partial(_added, kind.table, form, taken))
    if before is not None:
        await log_and_flash(request, sign_in, kind.words.added, title=_title(form, before))
    return redirect_to(request, kind.listed)


async def _preview(kind: Kind, request: Request, sign_in: SignIn, form: Form) -> Response:
    """Show the long texts as the public would read them, and add nothing."""
    return await _page(kind, request, sign_in, form=form)


def form_page_of_new(kind: Kind) -> FormPage:
    """Return the page of a new part of `kind`."""
    return FormPage(partial(_page, kind), {"": partial(_add, kind), "preview": partial(_preview, kind)})


def _begun(request: Request, event: Event, part: Part) -> Fields:
    """Return the fields of a new part; a session begins on the day and in the room that the list was narrowed to."""
    choice = choice_in(request, event)
    return new_fields(event, part, choice.day, choice.room.removeprefix(NO_ROOM))


def _added(table: str, form: Form, taken: Collection[str], event: Event) -> Event:
    return added(event, table, fields_in(event, Part(table), form), taken)[0]


def _title(form: Form, event: Event) -> str:
    """Return the title of the new part, in the first language of `event` that it has one in."""
    names = (*(f"{key}_{language}" for key in ("title", "name") for language in languages_of(event)), "name")
    return next((words for name in names if (words := trimmed_field(form, name))), "")
