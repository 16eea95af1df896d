"""The names in the sessions of the draft: each with where it stands, renamed or removed everywhere at once."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.draft.part_form import version_of
from portal.domain.errors import DraftChanged, PortalError
from portal.domain.event.event import Event
from portal.domain.event.speakers import speaker_removed, speaker_renamed, speakers_of
from portal.domain.language import N_
from portal.domain.organisers.organiser import SignIn
from portal.domain.text import typed
from portal.routes.audit_log import log_and_flash
from portal.routes.context import services_of
from portal.routes.errors import NO_ERRORS, PageErrors
from portal.routes.organisers.auth import Changing
from portal.routes.organisers.confirmation import SEEN, Question
from portal.routes.organisers.draft.form import refusal_to
from portal.routes.organisers.draft.saving import save_draft
from portal.routes.organisers.forms import Form, organisers_page
from portal.routes.responses import go_to

_RENAMED: Final = N_("Speaker renamed in the draft: %(old)s → %(new)s")
_REMOVED: Final = N_("Speaker removed from the draft: %(name)s")


async def show(request: Request, sign_in: SignIn) -> Response:
    """Every name with its sessions."""
    return await _page(request, sign_in)


async def _rename(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Change a name in every session that has it; into one that is there, once that was confirmed: they become one."""
    old, new = form.get("old", ""), typed(form, "name")
    merger = _merger((await services_of(request).store.draft()).event, old, new)
    asking = merger and merger.ask_unless_confirmed(request, sign_in, form)
    if asking:
        return asking
    try:
        if await save_draft(request, partial(_renamed, old, new)) is not None:
            await log_and_flash(request, sign_in, _RENAMED, old=old, new=new)
    except PortalError as error:
        return await _page(request, sign_in, refusal_to(request, error), {"old": old, "name": new})
    return go_to(request, "draft_speakers")


async def _ask_to_remove(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Ask whether a name is to be taken out of its sessions."""
    return await _question(request, sign_in, form.get("old", ""))


async def _remove(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Take a name out of the sessions that the question showed."""
    name = form.get("old", "")
    try:
        if await save_draft(request, partial(_removed, name, form.get(SEEN, ""))) is not None:
            await log_and_flash(request, sign_in, _REMOVED, name=name)
    except PortalError as error:
        return await _question(request, sign_in, name, refusal_to(request, error))
    return go_to(request, "draft_speakers")


ACTIONS: Final[Mapping[str, Changing]] = {"rename": _rename, "remove?": _ask_to_remove, "remove": _remove}


def _renamed(old: str, new: str, event: Event) -> Event:
    """`event` with the new name. Raises `DraftChanged` when no session has the old one any longer, nor the new one."""
    if old not in speakers_of(event):
        if new in speakers_of(event):
            return event
        raise DraftChanged
    return speaker_renamed(event, old, new)


def _removed(name: str, seen: str, event: Event) -> Event:
    """`event` without the name. Raises `DraftChanged` when it is in other sessions than the organiser saw."""
    if name in speakers_of(event) and seen != _seen(event, name):
        raise DraftChanged
    return speaker_removed(event, name)


def _seen(event: Event, name: str) -> str:
    return version_of([one.id for one in speakers_of(event).get(name, ())])


def _merger(event: Event, old: str, new: str) -> Question | None:
    """The question before two names become one; None where only one of them is there."""
    named = speakers_of(event)
    if old == new or old not in named or new not in named:
        return None
    told = {"old": old, "new": new, "of_old": named[old], "of_new": named[new]}
    lost, fields = version_of(_seen(event, old), _seen(event, new)), {"old": old, "name": new}
    return Question("draft_speakers", "organisers/draft/merge_speakers.html", "rename", lost, fields, told)


async def _question(request: Request, sign_in: SignIn, name: str, errors: PageErrors = NO_ERRORS) -> Response:
    event = (await services_of(request).store.draft()).event
    if name not in speakers_of(event):
        return go_to(request, "draft_speakers")
    told = {"name": name, "named": speakers_of(event)[name]}
    question = Question(
        "draft_speakers", "organisers/draft/remove_speaker.html", "remove", _seen(event, name), {"old": name}, told
    )
    return question.ask(request, sign_in, errors)


async def _page(
    request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS, asked: Mapping[str, str] | None = None
) -> Response:
    event = (await services_of(request).store.draft()).event
    speakers = list(speakers_of(event).items())
    typed_now = {"old": "", "name": "", **(asked or {})}
    return organisers_page(
        request,
        sign_in,
        "organisers/draft/speakers.html",
        "draft_speakers",
        errors,
        speakers=speakers,
        typed=typed_now,
    )
