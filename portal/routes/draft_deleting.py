"""Deleting a part of the draft: first the page that asks, and says what hangs on it; then it is done."""

from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.errors import DraftChanged, PartGone, PortalError
from portal.domain.event import Event
from portal.domain.language import N_, Language
from portal.domain.organiser import SignIn
from portal.domain.part import Part, entries_of
from portal.domain.part_changes import NOWHERE, deleted, users_of
from portal.domain.part_form import fields_of, fingerprint
from portal.domain.part_ids import ids_in
from portal.routes.answers import go_to, language_of, showing_of
from portal.routes.asked import services_of
from portal.routes.draft_kinds import Kind, asked_part, name_of, title_in
from portal.routes.draft_saving import save_draft
from portal.routes.noted import tell
from portal.routes.organiser_forms import Form, organisers_page
from portal.routes.refusals import NOTHING_REFUSED, Refusal, refused

_NOWHERE: Final = {"rooms": N_("No room: for everybody"), "themes": N_("To no theme")}


async def ask_to_delete(kind: Kind, request: Request, sign_in: SignIn, form: Form) -> Response:
    """Ask whether a part is to be deleted."""
    try:
        return await _page(kind, request, sign_in)
    except PartGone:
        return go_to(request, kind.listed)


async def delete(kind: Kind, request: Request, sign_in: SignIn, form: Form) -> Response:
    """Delete a part that is still as it was when the page asked; nothing when somebody else has done it already."""
    part = asked_part(kind, request)
    try:
        before = await save_draft(request, partial(_deleted, part, form))
        if before is not None:
            await tell(request, sign_in, kind.words.deleted, title=name_of(before, part))
    except PartGone:
        return go_to(request, kind.listed)
    except PortalError as error:
        return await _page(kind, request, sign_in, refused(request, error), form.get("instead", ""))
    return go_to(request, kind.listed)


def _deleted(part: Part, form: Form, event: Event) -> Event:
    """`event` without `part`. Raises `DraftChanged` when it is not as the organiser saw it."""
    if form.get("seen") != _seen(event, part):
        raise DraftChanged
    return deleted(event, part, form.get("instead", ""))


def _seen(event: Event, part: Part) -> str:
    """The state of a part and of what hangs on it."""
    return fingerprint(fields_of(event, part), [one.id for one in users_of(event, part)])


async def _page(
    kind: Kind, request: Request, sign_in: SignIn, refusal: Refusal = NOTHING_REFUSED, instead: str = ""
) -> Response:
    """Asks for the word to delete. Raises `PartGone`."""
    event, part = (await services_of(request).store.draft()).event, asked_part(kind, request)
    shown = ids_in([showing_of(request).renderer.edition.event], part.table)
    return organisers_page(
        request,
        sign_in,
        "draft/delete.html",
        kind.page,
        refusal,
        id=part.id,
        kind=kind,
        instead=instead,
        is_public=part.id in shown,
        **_question(event, part, language_of(request)),
    )


def _question(event: Event, part: Part, language: Language) -> dict[str, Any]:
    """What is to be known before `part` is deleted. Raises `PartGone`."""
    others = [one.id for one in entries_of(event, part.table) if one.id != part.id]
    places = [(id, title_in(event, Part(part.table, id), language)) for id in others]
    return {
        "title": title_in(event, part, language),
        "users": users_of(event, part),
        "places": [*places, (NOWHERE, _NOWHERE.get(part.table, ""))],
        "seen": _seen(event, part),
        "is_cancelled": any(one.cancelled for one in event.sessions if Part("sessions", one.id) == part),
    }
