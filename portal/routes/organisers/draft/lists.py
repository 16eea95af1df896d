"""The parts of the draft, list by list: the sessions in the order of the day, the rooms, the themes, the copies, the
texts."""

from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.draft.part import SINGLE, TEXTS, Part, entries_of
from portal.domain.draft.part_changes import moved, users_of
from portal.domain.errors import FormForeign, PartGone, PortalError
from portal.domain.event.event import Event, Session
from portal.domain.language import N_
from portal.domain.organisers.organiser import SignIn
from portal.routes.audit_log import log_and_flash
from portal.routes.context import services_of
from portal.routes.errors import NO_ERRORS, PageErrors, page_errors
from portal.routes.organisers.draft.kinds import FACTS, LONG_TEXTS, NAMES, Kind, name_of, title_in
from portal.routes.organisers.draft.next_edition import faults_of, warnings_in
from portal.routes.organisers.draft.saving import save_draft
from portal.routes.organisers.forms import Form, organisers_page
from portal.routes.responses import current_edition_of, go_to, language_of

_NEW: Final = N_("new")
_CHANGED: Final = N_("changed")


async def show_programme(request: Request, sign_in: SignIn) -> Response:
    """The sessions of the draft, and all that is to be looked at before publishing."""
    event, language = (await services_of(request).store.draft()).event, language_of(request)
    return organisers_page(
        request,
        sign_in,
        "organisers/draft/programme.html",
        "draft_programme",
        draft=event,
        faults=faults_of(event, language),
        warnings=warnings_in(event, language),
        room_names={one.id: one.name for one in event.rooms},
        state_of=partial(_state, current_edition_of(request).renderer.edition.event),
    )


async def show_list(kind: Kind, request: Request, sign_in: SignIn) -> Response:
    """The entries of a list, in their order."""
    return await _list(kind, request, sign_in)


async def move(kind: Kind, request: Request, sign_in: SignIn, form: Form) -> Response:
    """Move an entry one place up or down; nothing when somebody else has deleted it."""
    way, by = next(((way, by) for way, by in (("up", -1), ("down", 1)) if way in form), ("", 0))
    if not by:
        raise FormForeign
    part = Part(kind.table, form[way])
    try:
        before = await save_draft(request, lambda event: moved(event, part, by))
        if before is not None:
            await log_and_flash(request, sign_in, kind.words.moved, title=name_of(before, part))
    except PartGone:
        return go_to(request, kind.listed)
    except PortalError as error:
        return await _list(kind, request, sign_in, page_errors(request, error))
    return go_to(request, kind.listed)


async def show_texts(request: Request, sign_in: SignIn) -> Response:
    """The long texts and the facts of the event."""
    event, language = (await services_of(request).store.draft()).event, language_of(request)
    told = (*faults_of(event, language), *warnings_in(event, language))
    lists = (
        (N_("Texts"), LONG_TEXTS.page, [(id, NAMES[Part("texts", id)], Part("texts", id)) for id in TEXTS]),
        (N_("Facts"), FACTS.page, [(table, NAMES[Part(table)], Part(table)) for table in SINGLE]),
    )
    return organisers_page(request, sign_in, "organisers/draft/texts.html", "draft_texts", lists=lists, told=told)


async def _list(kind: Kind, request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS) -> Response:
    event, language = (await services_of(request).store.draft()).event, language_of(request)
    parts = [Part(kind.table, one.id) for one in entries_of(event, kind.table)]
    return organisers_page(
        request,
        sign_in,
        "organisers/draft/list.html",
        kind.listed,
        errors,
        kind=kind,
        entries=[(part, title_in(event, part, language), len(users_of(event, part))) for part in parts],
        told=(*faults_of(event, language), *warnings_in(event, language)),
    )


def _state(present: Event, session: Session) -> str:
    """What publishing would do to a session that the public sees: a message, "" for nothing."""
    before = next((one for one in present.sessions if one.id == session.id), None)
    if before is None:
        return _NEW
    return _CHANGED if before != session else ""
