"""The page of a part of the draft: an organiser edits, previews, duplicates, cancels or deletes it."""

from contextlib import suppress
from functools import partial
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal.domain.draft.checklist import Mark
from portal.domain.draft.part import Part, value_of
from portal.domain.draft.part_changes import cancelled, duplicated, edited, is_as_typed
from portal.domain.draft.part_form import Fields, fields_of, version_of
from portal.domain.errors import DraftChanged, PartGone
from portal.domain.event.event import Event
from portal.domain.language import N_, Language
from portal.domain.language_tags import nearest_own
from portal.domain.organisers.organiser import SignIn
from portal.routes.context import redirect_to, services_of
from portal.routes.errors import NO_ERRORS, PageErrors
from portal.routes.organisers.auth import Action, FormPage, with_errors_on
from portal.routes.organisers.confirmation import VERSION_FIELD
from portal.routes.organisers.draft.choices import confirmed_in, fields_in
from portal.routes.organisers.draft.deleting import ask_to_delete, confirmation_page, delete
from portal.routes.organisers.draft.form import FormContent, new_page, part_page
from portal.routes.organisers.draft.kinds import Kind, part_in_path
from portal.routes.organisers.draft.saving import save_part
from portal.routes.organisers.forms import NO_FORM, Form
from portal.site.catalogue import translated

_TAKE: Final = "take."
"""The prefix of the checkbox that takes what somebody else saved in a field."""

_FACTS: Final = Part("event")
"""Saving the facts of the event ticks their step of the checklist."""

_CANCELLED: Final = N_("Session cancelled in the draft: %(title)s")


async def _show(kind: Kind, request: Request, sign_in: SignIn) -> Response:
    """Show the form of a part of the draft."""
    draft, part = await services_of(request).store.draft(), part_in_path(kind, request)
    try:
        fields = fields_of(draft.event, part)
    except PartGone:
        raise HTTPException(404) from None
    return part_page(request, sign_in, kind, draft, part, FormContent(fields, version_of(fields)))


async def _page(
    kind: Kind, request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS, form: Form = NO_FORM
) -> Response:
    """Show the form as it was typed; beside it the version of somebody else who has changed the part since.

    A part that was deleted in the meantime is offered as a new part.
    """
    draft, part = await services_of(request).store.draft(), part_in_path(kind, request)
    typed, version, action = fields_in(draft.event, part, form), form.get(VERSION_FIELD, ""), form.get("action")
    try:
        present = fields_of(draft.event, part)
    except PartGone:
        if not version:
            raise HTTPException(404) from None
        return new_page(request, sign_in, kind, draft.event, FormContent(typed, is_preview=action == "preview"), errors)
    content = FormContent(_chosen(draft.event, part, form), version, is_preview=action == "preview")
    if errors is not NO_ERRORS and version != version_of(present):
        theirs = {name: text for name, text in present.items() if text != typed[name]}
        content = FormContent(typed, version_of(present), theirs)
    return part_page(request, sign_in, kind, draft, part, content, errors)


async def _save(kind: Kind, request: Request, sign_in: SignIn, form: Form) -> Response:
    """Save a part as it was typed, unless somebody else has changed it since the form was opened."""
    part = part_in_path(kind, request)
    change, confirmed = partial(_edited, part, form), confirmed_in(part, form)
    await save_part(request, sign_in, part, change, kind.words.changed, confirmed)
    if part == _FACTS:
        await services_of(request).store.mark(Mark.EVENT_CHECKED)
    return redirect_to(request, kind.listed)


async def _preview(kind: Kind, request: Request, sign_in: SignIn, form: Form) -> Response:
    """Show the long texts as the public would read them, and save nothing."""
    value_of((await services_of(request).store.draft()).event, part_in_path(kind, request))
    return await _page(kind, request, sign_in, form=form)


async def _duplicate(kind: Kind, request: Request, sign_in: SignIn, form: Form) -> Response:
    """Show the form of a new part with the same content, and save nothing yet."""
    event, part = (await services_of(request).store.draft()).event, part_in_path(kind, request)
    copy = duplicated(event, part, fields_in(event, part, form), _copy_mark)
    return new_page(request, sign_in, kind, event, FormContent(copy))


async def _cancel(kind: Kind, request: Request, sign_in: SignIn, form: Form) -> Response:
    """Cancel a session instead of deleting it; nothing if somebody else has deleted it."""
    part = part_in_path(kind, request)
    with suppress(PartGone):
        await save_part(request, sign_in, part, partial(cancelled, id=part.id), _CANCELLED)
    return redirect_to(request, kind.listed)


def form_page_of(kind: Kind) -> FormPage:
    """Return the page of a part of `kind`. Deleting and cancelling have their errors on the confirmation."""
    confirmation = partial(confirmation_page, kind)
    actions: dict[str, Action] = {"": partial(_save, kind), "preview": partial(_preview, kind)}
    if kind.new:
        actions |= {"copy": partial(_duplicate, kind), "delete?": partial(ask_to_delete, kind)}
        actions |= {"delete": with_errors_on(confirmation, partial(delete, kind))}
    if kind.page == "draft":
        actions |= {"cancel": with_errors_on(confirmation, partial(_cancel, kind))}
    return FormPage(partial(_page, kind), actions, show=partial(_show, kind))


def _edited(part: Part, form: Form, event: Event) -> Event:
    """Edit `part` of `event` as it was typed. Raises `DraftChanged` if the form started from another version."""
    present = fields_of(event, part)
    if form.get(VERSION_FIELD) == version_of(present):
        return edited(event, part, _chosen(event, part, form))
    if is_as_typed(event, part, fields_in(event, part, form)):
        return event
    raise DraftChanged


def _copy_mark(language: Language) -> str:
    """Return what is put behind the title of a duplicate."""
    return translated(nearest_own((language,)), N_("(copy)"))


def _chosen(event: Event, part: Part, form: Form) -> Fields:
    """Return what was typed, or what somebody else saved in the fields where the organiser chose that."""
    present, typed = fields_of(event, part), fields_in(event, part, form)
    if form.get(VERSION_FIELD) != version_of(present):
        return typed
    return {name: present.get(name, text) if form.get(f"{_TAKE}{name}") else text for name, text in typed.items()}
