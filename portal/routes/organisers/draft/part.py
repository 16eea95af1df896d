"""One part of the draft: an organiser edits it, looks at its text first, copies it, cancels it."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal.domain.draft.checklist import Mark
from portal.domain.draft.part import Part
from portal.domain.draft.part_changes import cancelled, duplicated, edited, is_as_typed
from portal.domain.draft.part_form import Fields, fields_of, typed_in, version_of
from portal.domain.errors import DraftChanged, PartGone, PortalError
from portal.domain.event.event import Event
from portal.domain.language import N_
from portal.domain.organisers.organiser import SignIn
from portal.routes.audit_log import log_and_flash
from portal.routes.context import services_of
from portal.routes.organisers.auth import Changing
from portal.routes.organisers.draft.deleting import ask_to_delete, delete
from portal.routes.organisers.draft.form import Filled, new_page, part_page, refusal_to
from portal.routes.organisers.draft.kinds import Kind, asked_part, name_of
from portal.routes.organisers.draft.saving import save_draft
from portal.routes.organisers.forms import Form
from portal.routes.responses import go_to

_TAKE: Final = "take."
"""Before the name of a field: the tick with which an organiser takes what somebody else put there."""

_FACTS: Final = Part("event")
"""Whoever saves them has read them."""

_CANCELLED: Final = N_("Session cancelled in the draft: %(title)s")


async def show(kind: Kind, request: Request, sign_in: SignIn) -> Response:
    """A part of the draft, to be edited."""
    event, part = (await services_of(request).store.draft()).event, asked_part(kind, request)
    try:
        fields = fields_of(event, part)
    except PartGone:
        raise HTTPException(404) from None
    return part_page(request, sign_in, kind, event, part, Filled(fields, version_of(fields)))


async def _save(kind: Kind, request: Request, sign_in: SignIn, form: Form) -> Response:
    """Keep a part as it was typed, unless somebody else has changed it since the form was opened."""
    part = asked_part(kind, request)
    try:
        before = await save_draft(request, partial(_edited, part, form))
        if before is not None:
            await log_and_flash(request, sign_in, kind.words.changed, title=name_of(before, part))
        if part == _FACTS:
            await services_of(request).store.mark(Mark.EVENT_CHECKED)
    except PortalError as error:
        return await _page_again(kind, request, sign_in, form, error)
    return go_to(request, kind.listed)


async def _preview(kind: Kind, request: Request, sign_in: SignIn, form: Form) -> Response:
    """Show the long texts as the public would read them, and save nothing."""
    event, part = (await services_of(request).store.draft()).event, asked_part(kind, request)
    try:
        typed = _chosen(event, part, form)
    except PartGone as gone:
        return await _page_again(kind, request, sign_in, form, gone)
    return part_page(request, sign_in, kind, event, part, Filled(typed, form.get("seen", ""), is_preview=True))


async def _copy(kind: Kind, request: Request, sign_in: SignIn, form: Form) -> Response:
    """The form of a new part that says the same; nothing is saved before that one is."""
    event, part = (await services_of(request).store.draft()).event, asked_part(kind, request)
    return new_page(request, sign_in, kind, event, Filled(duplicated(part, form)))


async def _cancel(kind: Kind, request: Request, sign_in: SignIn, form: Form) -> Response:
    """Cancel a session in place of deleting it; nothing when somebody else has deleted it."""
    part = asked_part(kind, request)
    try:
        before = await save_draft(request, lambda event: cancelled(event, part.id))
        if before is not None:
            await log_and_flash(request, sign_in, _CANCELLED, title=name_of(before, part))
    except PartGone:
        return go_to(request, kind.listed)
    except PortalError as error:
        return await _page_again(kind, request, sign_in, form, error)
    return go_to(request, kind.listed)


Action = Callable[[Kind, Request, SignIn, Form], Awaitable[Response]]
_OF_EVERY_PART: Final[Mapping[str, Action]] = {"": _save, "preview": _preview}
_OF_AN_ENTRY: Final[Mapping[str, Action]] = {"copy": _copy, "delete?": ask_to_delete, "delete": delete}
_OF_A_SESSION: Final[Mapping[str, Action]] = {"cancel": _cancel}


def actions_of(kind: Kind) -> Mapping[str, Changing]:
    """What can be done to a part of `kind`."""
    actions = {
        **_OF_EVERY_PART,
        **(_OF_AN_ENTRY if kind.new else {}),
        **(_OF_A_SESSION if kind.page == "draft" else {}),
    }
    return {name: partial(action, kind) for name, action in actions.items()}


def _edited(part: Part, form: Form, event: Event) -> Event:
    """`event` with `part` as it was typed. Raises `DraftChanged` when the form started from another state of it."""
    present = fields_of(event, part)
    if form.get("seen") == version_of(present):
        return edited(event, part, _chosen(event, part, form))
    if is_as_typed(event, part, form):
        return event
    raise DraftChanged


def _chosen(event: Event, part: Part, form: Form) -> Fields:
    """What was typed; where the organiser ticked what another had put there, and that still stands there, that."""
    present, typed = fields_of(event, part), typed_in(part, form)
    if form.get("seen") != version_of(present):
        return typed
    return {name: present[name] if form.get(f"{_TAKE}{name}") else text for name, text in typed.items()}


async def _page_again(kind: Kind, request: Request, sign_in: SignIn, form: Form, error: PortalError) -> Response:
    """The form as it was typed, with what is wrong; where somebody else has changed the part, beside how it is now.

    One that is gone is offered as a new one.
    """
    event, part = (await services_of(request).store.draft()).event, asked_part(kind, request)
    typed, errors = typed_in(part, form), refusal_to(request, error)
    try:
        present = fields_of(event, part)
    except PartGone as gone:
        if not form.get("seen"):
            raise HTTPException(404) from None
        preview = form.get("action") == "preview"
        return new_page(request, sign_in, kind, event, Filled(typed, is_preview=preview), refusal_to(request, gone))
    filled = Filled(_chosen(event, part, form), form.get("seen", ""))
    if isinstance(error, DraftChanged):
        theirs = {name: text for name, text in present.items() if text != typed[name]}
        filled = Filled(typed, version_of(present), theirs)
    return part_page(request, sign_in, kind, event, part, filled, errors)
