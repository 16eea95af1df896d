"""The draft as an event file: exported; replaced by such a file, or completed by a programme of another program."""

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
from portal.domain.errors import DraftChanged, Problem
from portal.domain.event.event import Event
from portal.domain.event.event_file import line_of, not_listed
from portal.domain.event.languages import languages_of, words_of
from portal.domain.language import N_, Language
from portal.domain.limits import IMPORT_BODY_KIB
from portal.domain.organisers.organiser import SignIn
from portal.domain.programme_import.plan import Plan
from portal.domain.programme_import.programme import Remark
from portal.routes.context import download_event, language_of, redirect_to, services_of
from portal.routes.errors import NO_ERRORS, PageErrors, page_errors
from portal.routes.flash import log_and_flash
from portal.routes.organisers.auth import FormPage
from portal.routes.organisers.confirmation import Confirmation
from portal.routes.organisers.draft.next_edition import faults_of, in_words
from portal.routes.organisers.draft.sent_file import FILE, SentFile, pasted_text, plan_of, sent_file
from portal.routes.organisers.forms import NO_FORM, Form, organisers_page
from portal.routes.upcoming_erasure import consequences_of
from portal.site.catalogue import translated
from portal.site.typography import typeset


async def download(request: Request, sign_in: SignIn) -> Response:
    """Send the draft as a file, named by its revision."""
    draft = await services_of(request).store.draft()
    version = translated(language_of(request), N_("draft-%(revision)s"), {"revision": draft.revision})
    return await download_event(draft.event, version)


async def page(request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS, form: Form = NO_FORM) -> Response:
    """Show the fields for a file, and a line for each of the first faults of the one that was sent."""
    event = (await services_of(request).store.draft()).event
    by_field = {name: text for name, text in errors.by_field.items() if name == FILE}
    return organisers_page(
        request,
        sign_in,
        "organisers/draft/import.html",
        "draft_import",
        replace(errors, by_field=by_field),
        pasted=pasted_text(form),
        faults=_lines_of(errors.problems, language_of(request)),
        count=len(errors.problems),
        limits=limits,
        languages=languages_of(event),
        chosen=form.get("language", ""),
    )


def _lines_of(problems: Sequence[Problem], language: Language) -> list[str]:
    """Return a line for each of the first `problems`, and one for the number of those left out."""
    translate = partial(translated, language)
    listed = [line_of(problem, translate) for problem in problems[: limits.FAULTS_LISTED]]
    return [typeset(line, language) for line in (*listed, *not_listed(len(problems), translate))]


async def _look(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Show what a file would change, and save nothing yet."""
    return await _confirmation_page(request, sign_in, form, sent_file(request, sign_in, form))


async def _import(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Import the file into the draft, unless somebody has changed the draft since the confirmation."""
    store, file = services_of(request).store, sent_file(request, sign_in, form)
    plan = await _plan(request, file, form)
    try:
        draft = await store.draft()
        if form.get("revision") != str(draft.revision):
            raise DraftChanged
        await store.save_draft(plan.event, draft.revision)
    except DraftChanged as error:
        return await _confirmation_page(request, sign_in, form, file, page_errors(request, error))
    action, details = plan.action()
    await log_and_flash(request, sign_in, action, **details)
    return redirect_to(request, "edition")


async def _edit(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Return to the field, with what was pasted."""
    return await page(request, sign_in, form=form)


FORM_PAGE: Final = FormPage(page, {"": _look, "import": _import, "edit": _edit}, IMPORT_BODY_KIB, takes_files=True)


async def _plan(request: Request, file: SentFile, form: Form) -> Plan:
    """Return what importing `file` would make of the draft. Raises `EventFileError`."""
    store = services_of(request).store
    draft, editions = await store.draft(), await store.editions()
    return await anyio.to_thread.run_sync(plan_of, file, draft, list(editions), form)


async def _confirmation_page(
    request: Request, sign_in: SignIn, form: Form, file: SentFile, errors: PageErrors = NO_ERRORS
) -> Response:
    """Ask for confirmation before `file` is imported; a pasted one travels in the form."""
    store, plan, language = services_of(request).store, await _plan(request, file, form), language_of(request)
    draft, editions = await store.draft(), [edition.event for edition in await store.editions()]
    context = {
        "file": file,
        "pasted": pasted_text(form),
        "consequences": await consequences_of(request, plan.event),
        **await anyio.to_thread.run_sync(_differences, draft.event, plan, editions, language),
    }
    fields = {"revision": str(draft.revision), "language": form.get("language", ""), **file.fields()}
    template = "organisers/draft/imported.html"
    confirmation = Confirmation("draft_import", template, "import", "", fields, context, back="editions")
    return confirmation.show(request, sign_in, errors)


def _differences(before: Event, plan: Plan, editions: Sequence[Event], language: Language) -> dict[str, object]:
    """Return what `plan` would do, in words: changes, losses and faults; slow for a large event."""
    event = plan.event
    return {
        "plan": plan,
        "is_new": event != before,
        "gone": [words_of(event, title, language) for title in plan.gone],
        "lost_remarks": _sentences(plan.lost, language),
        "assumed_remarks": _sentences(plan.assumed, language),
        "reused": reused_ids(event, before, editions),
        "changes": in_words(changes(before, event), event, language),
        "lost": in_words(lost_changes((editions or [before])[0], before, event), event, language),
        "faults": faults_of(event, language),
    }


def _sentences(remarks: Sequence[Remark], language: Language) -> list[str]:
    return [typeset(remark.sentence(partial(translated, language)), language) for remark in remarks]
