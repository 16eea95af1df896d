"""The whole draft as a file: taken away, and brought back by pasting it."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from portal.domain import limits
from portal.domain.draft.restore import lost_changes, reused_ids
from portal.domain.edition.changes import changes
from portal.domain.errors import DraftChanged, EventFileError, PortalError
from portal.domain.event.event import Event
from portal.domain.event.event_file import line_of, not_listed, read_draft
from portal.domain.language import N_, Language
from portal.domain.organisers.organiser import SignIn
from portal.routes.audit_log import log_and_flash
from portal.routes.context import services_of
from portal.routes.errors import NO_ERRORS, PageErrors, page_errors, status_of
from portal.routes.organisers.auth import Changing
from portal.routes.organisers.confirmation import Question
from portal.routes.organisers.draft.next_edition import faults_of, in_words
from portal.routes.organisers.forms import Form, organisers_page
from portal.routes.responses import file_of, go_to, language_of
from portal.routes.upcoming_erasure import consequences_of
from portal.site.catalogue import translated
from portal.site.typography import typeset

FIELD: Final = "toml"


async def download(request: Request, sign_in: SignIn) -> Response:
    """The draft as a file, under its revision."""
    draft = await services_of(request).store.draft()
    word = "brouillon" if language_of(request) == "fr" else "draft"
    return await file_of(draft.event, f"{word}-{draft.revision}")


async def show(request: Request, sign_in: SignIn) -> Response:
    """The field to paste a file into."""
    return _page(request, sign_in, "")


async def _look(request: Request, sign_in: SignIn, form: Form) -> Response:
    """What a file would change, or what is wrong with it; nothing is kept yet."""
    try:
        return await _question(request, sign_in, form, await _read(form))
    except PortalError as error:
        return _page(request, sign_in, _pasted(form), error)


async def _keep(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Make the file the draft, unless somebody has changed the draft since the question was asked."""
    store = services_of(request).store
    try:
        event = await _read(form)
        draft = await store.draft()
        if form.get("revision") != str(draft.revision):
            return await _question(request, sign_in, form, event, page_errors(request, DraftChanged()))
        await store.save_draft(event, draft.revision)
        await log_and_flash(request, sign_in, N_("Draft replaced by an event file"))
    except DraftChanged as error:
        return await _question(request, sign_in, form, event, page_errors(request, error))
    except PortalError as error:
        return _page(request, sign_in, _pasted(form), error)
    return go_to(request, "edition")


async def _edit(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Back to the field, with what was pasted."""
    return _page(request, sign_in, _pasted(form))


ACTIONS: Final[Mapping[str, Changing]] = {"": _look, "import": _keep, "edit": _edit}


async def _read(form: Form) -> Event:
    """The event that was pasted. Raises `EventFileError`."""
    return await anyio.to_thread.run_sync(read_draft, _pasted(form).encode(), FIELD)


def _pasted(form: Form) -> str:
    """What was pasted, whose lines a browser ends with CR LF (HTML §4.10.22.4)."""
    return form.get(FIELD, "").replace("\r\n", "\n")


def _page(request: Request, sign_in: SignIn, pasted: str, error: PortalError | None = None) -> Response:
    """The field with what was `pasted`, and why that cannot be taken: a line for each of the file's first faults."""
    language, errors, faults, count = language_of(request), NO_ERRORS, [], 0
    if isinstance(error, EventFileError):
        errors = PageErrors(status=status_of(error))
        translate, count = partial(translated, language), len(error.problems)
        listed = [line_of(one, translate) for one in error.problems[: limits.FAULTS_LISTED]]
        faults = [typeset(line, language) for line in (*listed, *not_listed(count, translate))]
    elif error is not None:
        errors = page_errors(request, error)
    return organisers_page(
        request,
        sign_in,
        "organisers/draft/import.html",
        "draft_import",
        errors,
        pasted=pasted,
        faults=faults,
        count=count,
        limits=limits,
    )


async def _question(
    request: Request, sign_in: SignIn, form: Form, event: Event, errors: PageErrors = NO_ERRORS
) -> Response:
    """What the draft would become with `event`, in words; what was pasted travels on in the form."""
    store = services_of(request).store
    draft, editions = await store.draft(), [one.event for one in await store.editions()]
    told = {
        "pasted": _pasted(form),
        "is_new": event != draft.event,
        "reused": reused_ids(event, draft.event, editions),
        "consequences": await consequences_of(request, event),
        **await anyio.to_thread.run_sync(_told, draft.event, event, editions, language_of(request)),
    }
    fields = {"revision": str(draft.revision), FIELD: _pasted(form)}
    question = Question("draft_import", "organisers/draft/imported.html", "import", "", fields, told, back="editions")
    return question.ask(request, sign_in, errors)


def _told(before: Event, event: Event, editions: Sequence[Event], language: Language) -> dict[str, object]:
    """What `event` changes, what is lost with it, and what is wrong with it, in words; a large one takes its time."""
    return {
        "told": in_words(changes(before, event), language),
        "lost": in_words(lost_changes((editions or [before])[0], before, event), language),
        "faults": faults_of(event, language),
    }
