"""The lists of the draft's parts: sessions, rooms, themes, mirrors, texts and facts."""

from contextlib import suppress
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.draft.part import SINGLE, TEXTS, Part, entries_of
from portal.domain.draft.part_changes import moved, users_of
from portal.domain.errors import FormForeign, PartGone
from portal.domain.language import N_
from portal.domain.organisers.organiser import SignIn
from portal.routes.context import language_of, redirect_to, services_of
from portal.routes.errors import NO_ERRORS, PageErrors
from portal.routes.organisers.auth import FormPage
from portal.routes.organisers.draft.kinds import FACTS, LONG_TEXTS, NAMES, Kind, id_in_path, kind_of, title_in
from portal.routes.organisers.draft.next_edition import faults_of, warnings_in
from portal.routes.organisers.draft.saving import save_part
from portal.routes.organisers.forms import NO_FORM, Form, organisers_page


async def _list(
    kind: Kind, request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS, form: Form = NO_FORM
) -> Response:
    """Show the entries of a list, in their order."""
    draft, language = await services_of(request).store.draft(), language_of(request)
    event = draft.event
    parts = [Part(kind.table, entry.id) for entry in entries_of(event, kind.table)]
    return organisers_page(
        request,
        sign_in,
        "organisers/draft/list.html",
        kind.listed,
        errors,
        kind=kind,
        entries=[(part, title_in(event, part, language), len(users_of(event, part))) for part in parts],
        problems=(*faults_of(event, language), *warnings_in(draft, language)),
    )


async def _move(kind: Kind, request: Request, sign_in: SignIn, form: Form) -> Response:
    """Move an entry one place up or down; nothing if somebody else has deleted it."""
    way, by = next(((way, by) for way, by in (("up", -1), ("down", 1)) if way in form), ("", 0))
    if not by:
        raise FormForeign
    part = Part(kind.table, form[way])
    with suppress(PartGone):
        await save_part(request, sign_in, part, partial(moved, part=part, by=by), kind.words.moved)
    return redirect_to(request, kind.listed)


def list_page(kind: Kind) -> FormPage:
    """Return the page of the list of `kind`."""
    return FormPage(partial(_list, kind), {"": partial(_move, kind)})


async def show_texts(request: Request, sign_in: SignIn) -> Response:
    """Show the long texts and the facts of the event."""
    draft, language = await services_of(request).store.draft(), language_of(request)
    problems = (*faults_of(draft.event, language), *warnings_in(draft, language))
    facts, *others = (Part(table) for table in SINGLE)
    lists = (
        (N_("Texts"), LONG_TEXTS.page, [Part("texts", id) for id in TEXTS]),
        (N_("Facts"), FACTS.page, [facts, Part("days"), *others]),
    )
    return organisers_page(
        request,
        sign_in,
        "organisers/draft/texts.html",
        "draft_texts",
        lists=[
            (heading, page, [(kind_of(part).page, id_in_path(part), NAMES[part], part) for part in parts])
            for heading, page, parts in lists
        ],
        problems=problems,
    )
