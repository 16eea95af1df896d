"""Deleting a part of the draft: first the page that asks, and says what hangs on it; then it is done."""

from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.draft.part import Part, entries_of
from portal.domain.draft.part_changes import NOWHERE, deleted, users_of
from portal.domain.draft.part_form import fields_of, version_of
from portal.domain.draft.part_ids import ids_in
from portal.domain.errors import DraftChanged, PartGone, PortalError
from portal.domain.event.event import Event
from portal.domain.event.speakers import speakers_of_one
from portal.domain.language import N_, Language
from portal.domain.organisers.organiser import SignIn
from portal.routes.audit_log import log_and_flash
from portal.routes.context import services_of
from portal.routes.errors import NO_ERRORS, PageErrors, page_errors
from portal.routes.organisers.confirmation import SEEN, Question
from portal.routes.organisers.draft.kinds import Kind, asked_part, name_of, title_in
from portal.routes.organisers.draft.next_edition import in_words_of
from portal.routes.organisers.draft.saving import save_draft
from portal.routes.organisers.forms import Form
from portal.routes.responses import current_edition_of, go_to, language_of
from portal.site.links import links_lost

_NOWHERE: Final = {"rooms": N_("No room: for everybody"), "themes": N_("To no theme")}


async def ask_to_delete(kind: Kind, request: Request, sign_in: SignIn, form: Form) -> Response:
    """Ask whether a part is to be deleted."""
    return await _page(kind, request, sign_in)


async def delete(kind: Kind, request: Request, sign_in: SignIn, form: Form) -> Response:
    """Delete a part that is still as it was when the page asked; nothing when somebody else has done it already."""
    part = asked_part(kind, request)
    try:
        before = await save_draft(request, partial(_deleted, part, form))
        if before is not None:
            await log_and_flash(request, sign_in, kind.words.deleted, title=name_of(before, part))
    except PartGone:
        return go_to(request, kind.listed)
    except PortalError as error:
        return await _page(kind, request, sign_in, page_errors(request, error), form.get("instead", ""))
    return go_to(request, kind.listed)


def _deleted(part: Part, form: Form, event: Event) -> Event:
    """`event` without `part`. Raises `DraftChanged` when what goes with it is not what the organiser saw."""
    if form.get(SEEN) != _seen(event, part):
        raise DraftChanged
    return deleted(event, part, form.get("instead", ""))


def _seen(event: Event, part: Part) -> str:
    """The state of a part, of what hangs on it, and of what leads to it."""
    links = [(one.table, one.id, one.key) for one in links_lost(event, part)]
    return version_of(fields_of(event, part), [one.id for one in users_of(event, part)], links, _names(event, part))


def _names(event: Event, part: Part) -> tuple[str, ...]:
    """The speakers who are in no other session."""
    return speakers_of_one(event, part.id) if part.table == "sessions" else ()


async def _page(
    kind: Kind, request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS, instead: str = ""
) -> Response:
    """Asks for the word to delete; the way to the list where somebody else has done so."""
    event, part = (await services_of(request).store.draft()).event, asked_part(kind, request)
    shown = ids_in([current_edition_of(request).renderer.edition.event], part.table)
    try:
        told = {"kind": kind, "instead": instead, "is_public": part.id in shown}
        told |= _told(event, part, language_of(request))
    except PartGone:
        return go_to(request, kind.listed)
    question = Question(kind.page, "organisers/draft/delete.html", "delete", _seen(event, part), told=told, id=part.id)
    return question.ask(request, sign_in, errors)


def _told(event: Event, part: Part, language: Language) -> dict[str, Any]:
    """What is to be known before `part` is deleted. Raises `PartGone`."""
    others = [one.id for one in entries_of(event, part.table) if one.id != part.id]
    places = [(id, title_in(event, Part(part.table, id), language)) for id in others]
    return {
        "title": title_in(event, part, language),
        "users": users_of(event, part),
        "names": _names(event, part),
        "links": in_words_of(links_lost(event, part), event, language),
        "places": [*places, (NOWHERE, _NOWHERE.get(part.table, ""))],
        "is_cancelled": any(one.cancelled for one in event.sessions if Part("sessions", one.id) == part),
    }
