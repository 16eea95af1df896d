"""The draft as an event file: exported, and imported by pasting a file."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from portal.domain import limits
from portal.domain.draft.restore import lost_changes, reused_ids
from portal.domain.edition.changes import changes
from portal.domain.errors import DraftChanged
from portal.domain.event.event import Event
from portal.domain.event.event_file import line_of, not_listed, read_draft
from portal.domain.language import N_, Language
from portal.domain.limits import IMPORT_BODY_KIB
from portal.domain.organisers.organiser import SignIn
from portal.routes.context import download_event, language_of, redirect_to, services_of
from portal.routes.errors import NO_ERRORS, PageErrors, page_errors
from portal.routes.flash import log_and_flash
from portal.routes.organisers.auth import FormPage
from portal.routes.organisers.confirmation import Confirmation
from portal.routes.organisers.draft.next_edition import faults_of, in_words
from portal.routes.organisers.forms import NO_FORM, Form, organisers_page
from portal.routes.upcoming_erasure import consequences_of
from portal.site.catalogue import translated
from portal.site.typography import typeset

FIELD: Final = "toml"


async def download(request: Request, sign_in: SignIn) -> Response:
    """Send the draft as a file, named by its revision."""
    draft = await services_of(request).store.draft()
    version = translated(language_of(request), N_("draft-%(revision)s"), {"revision": draft.revision})
    return await download_event(draft.event, version)


async def page(request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS, form: Form = NO_FORM) -> Response:
    """Show the field to paste a file into, and a line for each of the first faults of the pasted file."""
    language, count = language_of(request), len(errors.problems)
    translate = partial(translated, language)
    listed = [line_of(problem, translate) for problem in errors.problems[: limits.FAULTS_LISTED]]
    return organisers_page(
        request,
        sign_in,
        "organisers/draft/import.html",
        "draft_import",
        replace(errors, by_field={}),
        pasted=_pasted(form),
        faults=[typeset(line, language) for line in (*listed, *not_listed(count, translate))],
        count=count,
        limits=limits,
    )


async def _look(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Show what a file would change, and save nothing yet."""
    return await _confirmation_page(request, sign_in, form, await _read(form))


async def _import(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Make the file the draft, unless somebody has changed the draft since the confirmation."""
    store, event = services_of(request).store, await _read(form)
    try:
        draft = await store.draft()
        if form.get("revision") != str(draft.revision):
            raise DraftChanged
        await store.save_draft(event, draft.revision)
    except DraftChanged as error:
        return await _confirmation_page(request, sign_in, form, event, page_errors(request, error))
    await log_and_flash(request, sign_in, N_("Draft replaced by an event file"))
    return redirect_to(request, "edition")


async def _edit(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Return to the field, with what was pasted."""
    return await page(request, sign_in, form=form)


FORM_PAGE: Final = FormPage(page, {"": _look, "import": _import, "edit": _edit}, IMPORT_BODY_KIB)


async def _read(form: Form) -> Event:
    """Read the event that was pasted. Raises `EventFileError`."""
    return await anyio.to_thread.run_sync(read_draft, _pasted(form).encode(), FIELD)


def _pasted(form: Form) -> str:
    """Return the pasted file with LF in place of the CR LF of a browser (HTML §4.10.22.4)."""
    return form.get(FIELD, "").replace("\r\n", "\n")


async def _confirmation_page(
    request: Request, sign_in: SignIn, form: Form, event: Event, errors: PageErrors = NO_ERRORS
) -> Response:
    """Ask for confirmation before `event` becomes the draft; the pasted file travels in the form."""
    store = services_of(request).store
    draft, editions = await store.draft(), [edition.event for edition in await store.editions()]
    context = {
        "pasted": _pasted(form),
        "is_new": event != draft.event,
        "reused": reused_ids(event, draft.event, editions),
        "consequences": await consequences_of(request, event),
        **await anyio.to_thread.run_sync(_differences, draft.event, event, editions, language_of(request)),
    }
    fields = {"revision": str(draft.revision), FIELD: _pasted(form)}
    template = "organisers/draft/imported.html"
    confirmation = Confirmation("draft_import", template, "import", "", fields, context, back="editions")
    return confirmation.show(request, sign_in, errors)


def _differences(before: Event, event: Event, editions: Sequence[Event], language: Language) -> dict[str, object]:
    """Return the changes, losses and faults that `event` brings, in words; slow for a large event."""
    return {
        "changes": in_words(changes(before, event), event, language),
        "lost": in_words(lost_changes((editions or [before])[0], before, event), event, language),
        "faults": faults_of(event, language),
    }
