"""Deleting a part of the draft, after a confirmation that shows what depends on it."""

from contextlib import suppress
from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.draft.part import Part, entries_of
from portal.domain.draft.part_changes import NOWHERE, deleted, users_of
from portal.domain.draft.part_form import fields_of, version_of
from portal.domain.draft.part_ids import ids_in
from portal.domain.errors import DraftChanged, PartGone
from portal.domain.event.event import Event
from portal.domain.event.speakers import speakers_of_session_alone
from portal.domain.language import N_, Language
from portal.domain.organisers.organiser import SignIn
from portal.routes.context import current_edition_of, language_of, redirect_to, services_of
from portal.routes.errors import NO_ERRORS, PageErrors
from portal.routes.organisers.confirmation import VERSION_FIELD, Confirmation
from portal.routes.organisers.draft.kinds import Kind, part_in_path, title_in
from portal.routes.organisers.draft.next_edition import in_words_of
from portal.routes.organisers.draft.saving import save_part
from portal.routes.organisers.forms import NO_FORM, Form
from portal.site.links import links_broken_by

_NOWHERE: Final = {"rooms": N_("To no room for now"), "themes": N_("To no theme")}


async def confirmation_page(
    kind: Kind, request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS, form: Form = NO_FORM
) -> Response:
    """Ask for confirmation before a part is deleted; lead to the list if somebody else has deleted it."""
    event, part = (await services_of(request).store.draft()).event, part_in_path(kind, request)
    public_ids = ids_in([current_edition_of(request).renderer.edition.event], part.table)
    try:
        context = {"kind": kind, "instead": form.get("instead", ""), "is_public": part.id in public_ids}
        context |= _context(event, part, language_of(request))
    except PartGone:
        return redirect_to(request, kind.listed)
    version, template = _version(event, part), "organisers/draft/delete.html"
    confirmation = Confirmation(kind.page, template, "delete", version, context=context, id=part.id)
    return confirmation.show(request, sign_in, errors)


async def ask_to_delete(kind: Kind, request: Request, sign_in: SignIn, form: Form) -> Response:
    """Ask for confirmation before a part is deleted."""
    return await confirmation_page(kind, request, sign_in)


async def delete(kind: Kind, request: Request, sign_in: SignIn, form: Form) -> Response:
    """Delete a part that has not changed since the confirmation; nothing if somebody else has deleted it."""
    part = part_in_path(kind, request)
    with suppress(PartGone):
        await save_part(request, sign_in, part, partial(_deleted, part, form), kind.words.deleted)
    return redirect_to(request, kind.listed)


def _deleted(part: Part, form: Form, event: Event) -> Event:
    """Delete `part` from `event`. Raises `DraftChanged` if what goes with it is not what the organiser saw."""
    if form.get(VERSION_FIELD) != _version(event, part):
        raise DraftChanged
    return deleted(event, part, form.get("instead", ""))


def _version(event: Event, part: Part) -> str:
    """Return the version of a part with its users, and with the links to it."""
    links = [(link.table, link.id, link.key) for link in links_broken_by(event, part)]
    users = [session.id for session in users_of(event, part)]
    return version_of(fields_of(event, part), users, links, _names(event, part))


def _names(event: Event, part: Part) -> tuple[str, ...]:
    """Return the speakers who are in no other session."""
    return speakers_of_session_alone(event, part.id) if part.table == "sessions" else ()


def _context(event: Event, part: Part, language: Language) -> dict[str, Any]:
    """Return the title of `part` and what depends on it. Raises `PartGone`."""
    others = [entry.id for entry in entries_of(event, part.table) if entry.id != part.id]
    places = [(id, title_in(event, Part(part.table, id), language)) for id in others]
    return {
        "title": title_in(event, part, language),
        "users": users_of(event, part),
        "names": _names(event, part),
        "links": in_words_of(links_broken_by(event, part), event, language),
        "places": [*places, (NOWHERE, _NOWHERE.get(part.table, ""))],
        "is_cancelled": any(session.cancelled for session in event.sessions if Part("sessions", session.id) == part),
    }
