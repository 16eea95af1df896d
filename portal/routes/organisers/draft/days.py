"""The page of the days of the draft: each has a date and times, and its sessions stay with it."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.draft.checklist import Mark
from portal.domain.draft.days_form import (
    INSTEAD,
    days_typed,
    fields_of_days,
    rows_removed,
    sessions_on,
    with_days,
)
from portal.domain.draft.part import Part
from portal.domain.draft.part_form import version_of
from portal.domain.errors import DraftChanged
from portal.domain.event.event import Event
from portal.domain.language import N_, Language
from portal.domain.organisers.organiser import SignIn
from portal.routes.context import language_of, redirect_to, services_of
from portal.routes.errors import NO_ERRORS, PageErrors
from portal.routes.flash import log_and_flash
from portal.routes.organisers.auth import FormPage
from portal.routes.organisers.confirmation import VERSION_FIELD
from portal.routes.organisers.draft.next_edition import faults_of
from portal.routes.organisers.draft.saving import save_draft
from portal.routes.organisers.forms import NO_FORM, Form, organisers_page
from portal.site.times import day_in_words

_DAYS: Final = Part("days")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the form, as it was typed; `is_new` if no day of the draft has its number."""

    number: int
    date: str
    start: str
    end: str
    is_removed: bool
    is_new: bool


async def page(request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS, form: Form = NO_FORM) -> Response:
    """Show the days as they were typed, and a row for another; beside them what somebody else has saved since."""
    event = (await services_of(request).store.draft()).event
    context = _context(event, form, language_of(request))
    return organisers_page(request, sign_in, "organisers/draft/days.html", "draft_days", errors, **context)


async def _save(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Save the days, unless somebody else has changed them since the form was opened."""
    if await save_draft(request, partial(_changed, form)) is not None:
        await log_and_flash(request, sign_in, N_("Days changed in the draft"))
    await services_of(request).store.mark(Mark.EVENT_CHECKED)
    return redirect_to(request, "draft_texts")


FORM_PAGE: Final = FormPage(page, {"": _save})


def _context(event: Event, form: Form, language: Language) -> dict[str, Any]:
    """Return what the template shows of `form`, or of the days of `event` where none was sent."""
    present = fields_of_days(event)
    typed = present if form is NO_FORM else days_typed(form)
    staying = [(number, day) for number, day in enumerate(event.days, 1) if f"remove_{number}" not in typed]
    is_stale = form is not NO_FORM and form.get(VERSION_FIELD) != version_of(present)
    return {
        "rows": _rows(event, typed),
        "version": version_of(present),
        "theirs": event.days if is_stale else (),
        "stranded": sessions_on(event, rows_removed(event, typed)),
        "places": [(str(number), day_in_words(day.date, language)) for number, day in staying],
        "instead": form.get(INSTEAD, ""),
        "faults": [fault for fault in faults_of(event, language) if fault.part == _DAYS],
    }


def _changed(form: Form, event: Event) -> Event:
    """Return `event` with the days of `form`. Raises `DraftChanged` if it started from other days than these."""
    if form.get(VERSION_FIELD) == version_of(fields_of_days(event)):
        return with_days(event, form)
    if days_typed(form).items() >= fields_of_days(event).items():
        return event
    raise DraftChanged


def _rows(event: Event, typed: Form) -> list[Row]:
    """Return a row for each day that was typed, and an empty one with the times of the last day."""
    numbers = sorted({int(name.rpartition("_")[2]) for name in typed})
    last = event.days[-1]
    rows = [
        Row(
            number,
            typed[f"date_{number}"],
            typed[f"start_{number}"],
            typed[f"end_{number}"],
            f"remove_{number}" in typed,
            number > len(event.days),
        )
        for number in numbers
    ]
    if rows[-1:] and rows[-1].is_new and not rows[-1].date:
        return rows
    return [*rows, Row(len(rows) + 1, "", f"{last.start:%H:%M}", f"{last.end:%H:%M}", False, True)]
