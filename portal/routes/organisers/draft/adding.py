"""A new part of the draft."""

from collections.abc import Collection, Mapping
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.draft.part import Part
from portal.domain.draft.part_changes import added
from portal.domain.draft.part_form import blank, typed_in
from portal.domain.draft.part_ids import ids_in
from portal.domain.errors import PortalError
from portal.domain.event.event import Event
from portal.domain.language import Language, Text
from portal.domain.organisers.organiser import SignIn
from portal.domain.text import typed
from portal.routes.audit_log import log_and_flash
from portal.routes.context import services_of
from portal.routes.organisers.auth import Changing
from portal.routes.organisers.draft.form import Filled, new_page, refusal_to
from portal.routes.organisers.draft.kinds import Kind
from portal.routes.organisers.draft.saving import save_draft
from portal.routes.organisers.forms import Form
from portal.routes.responses import go_to


async def show_new(kind: Kind, request: Request, sign_in: SignIn) -> Response:
    """The form of a new part, with nothing in it yet."""
    event = (await services_of(request).store.draft()).event
    return new_page(request, sign_in, kind, event, Filled(blank(Part(kind.table))))


async def _add(kind: Kind, request: Request, sign_in: SignIn, form: Form) -> Response:
    """Add a part under an id that no edition and no other part ever had. Sent twice, it is added once."""
    store = services_of(request).store
    taken = ids_in((edition.event for edition in await store.editions()), kind.table)
    try:
        before = await save_draft(request, partial(_added, kind.table, form, taken))
        if before is not None:
            await log_and_flash(request, sign_in, kind.words.added, title=_title(form, before.language))
    except PortalError as error:
        event = (await store.draft()).event
        return new_page(request, sign_in, kind, event, Filled(_typed(kind, form)), refusal_to(request, error))
    return go_to(request, kind.listed)


async def _preview(kind: Kind, request: Request, sign_in: SignIn, form: Form) -> Response:
    """Show the long texts as the public would read them, and add nothing."""
    event = (await services_of(request).store.draft()).event
    return new_page(request, sign_in, kind, event, Filled(_typed(kind, form), is_preview=True))


def actions_of_new(kind: Kind) -> Mapping[str, Changing]:
    """What can be done with the form of a new part."""
    return {"": partial(_add, kind), "preview": partial(_preview, kind)}


def _added(table: str, form: Form, taken: Collection[str], event: Event) -> Event:
    return added(event, table, form, taken)[0]


def _typed(kind: Kind, form: Form) -> dict[str, str]:
    return typed_in(Part(kind.table), form)


def _title(form: Form, language: Language) -> str:
    """What the new part is called: in `language`, or in the other one."""
    texts = (Text(typed(form, f"{key}_fr"), typed(form, f"{key}_en")) for key in ("title", "name"))
    return next((words for text in texts if (words := text.in_language(language))), typed(form, "name"))
