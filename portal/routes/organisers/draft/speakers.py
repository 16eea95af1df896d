"""The speakers in the sessions of the draft: each is renamed or removed in all sessions at once."""

from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.draft.part import Part
from portal.domain.draft.part_form import version_of
from portal.domain.draft.part_ids import speaker_ids
from portal.domain.errors import DraftChanged
from portal.domain.event.event import Event
from portal.domain.event.speakers import speaker_removed, speaker_renamed, speakers_of
from portal.domain.language import N_, Language
from portal.domain.organisers.organiser import SignIn
from portal.domain.text import trimmed_field
from portal.routes.context import language_of, redirect_to, services_of
from portal.routes.errors import NO_ERRORS, PageErrors
from portal.routes.flash import log_and_flash
from portal.routes.organisers.auth import FormPage, with_errors_on
from portal.routes.organisers.confirmation import VERSION_FIELD, Confirmation
from portal.routes.organisers.draft.next_edition import warnings_in
from portal.routes.organisers.draft.saving import save_draft
from portal.routes.organisers.forms import NO_FORM, Form, organisers_page

_RENAMED: Final = N_("Speaker renamed in the draft: %(old)s → %(new)s")
_REMOVED: Final = N_("Speaker removed from the draft: %(name)s")


async def page(request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS, form: Form = NO_FORM) -> Response:
    """Show every speaker with their sessions; a name in the address, or in `form`, chooses one and shows the form."""
    draft = await services_of(request).store.draft()
    event, ids, sessions = draft.event, speaker_ids(draft.event), speakers_of(draft.event)
    chosen = form.get("old", request.query_params.get("name", ""))
    return organisers_page(
        request,
        sign_in,
        "organisers/draft/speakers.html",
        "draft_speakers",
        errors,
        speakers=[(name, Part("speakers", ids[name]), sessions[name]) for name in sessions if chosen in ("", name)],
        with_text={name for name in sessions if _texts(event, name)},
        chosen=chosen,
        typed=form.get("name", chosen),
        problems=warnings_in(draft, language_of(request)),
    )


async def _removal_page(
    request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS, form: Form = NO_FORM
) -> Response:
    """Ask for confirmation before a speaker is removed; lead to the list if no session has them."""
    name, event = form.get("old", ""), (await services_of(request).store.draft()).event
    sessions = speakers_of(event).get(name)
    if sessions is None:
        return redirect_to(request, "draft_speakers")
    context: dict[str, object] = {"name": name, "sessions": sessions, "has_text": bool(_texts(event, name))}
    template = "organisers/draft/remove_speaker.html"
    confirmation = Confirmation("draft_speakers", template, "remove", _version(event, name), {"old": name}, context)
    return confirmation.show(request, sign_in, errors)


async def _rename(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Rename a speaker in all sessions; with a name that is there already, the two are merged, once confirmed."""
    old, new = form.get("old", ""), trimmed_field(form, "name")
    merger = _merger((await services_of(request).store.draft()).event, old, new)
    if merger and (asking := merger.show_unless_confirmed(request, sign_in, form)):
        return asking
    if await save_draft(request, partial(_renamed, old, new)) is not None:
        await log_and_flash(request, sign_in, _RENAMED, old=old, new=new)
    return redirect_to(request, "draft_speakers")


async def _ask_to_remove(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Ask for confirmation before a speaker is removed."""
    return await _removal_page(request, sign_in, form=form)


async def _remove(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Remove a speaker from the sessions that the confirmation showed."""
    name = form.get("old", "")
    if await save_draft(request, partial(_removed, name, form.get(VERSION_FIELD, ""))) is not None:
        await log_and_flash(request, sign_in, _REMOVED, name=name)
    return redirect_to(request, "draft_speakers")


FORM_PAGE: Final = FormPage(
    page, {"rename": _rename, "remove?": _ask_to_remove, "remove": with_errors_on(_removal_page, _remove)}
)


def _renamed(old: str, new: str, event: Event) -> Event:
    """Rename a speaker of `event`. Raises `DraftChanged` if no session has the old name any more, nor the new name."""
    if old not in speakers_of(event):
        if new in speakers_of(event):
            return event
        raise DraftChanged
    return speaker_renamed(event, old, new)


def _removed(name: str, version: str, event: Event) -> Event:
    """Remove a speaker from `event`. Raises `DraftChanged` if they are in other sessions than the organiser saw."""
    if name in speakers_of(event) and version != _version(event, name):
        raise DraftChanged
    return speaker_removed(event, name)


def _version(event: Event, name: str) -> str:
    return version_of([session.id for session in speakers_of(event).get(name, ())], _texts(event, name))


def _texts(event: Event, name: str) -> list[dict[Language, str]]:
    """Return the text about a speaker; none where there is nothing to read."""
    texts = (speaker.biography for speaker in event.speakers if speaker.name == name)
    return [text.as_mapping() for text in texts if not text.is_blank()]


def _merger(event: Event, old: str, new: str) -> Confirmation | None:
    """Return the confirmation before two speakers are merged; None unless both are there."""
    sessions = speakers_of(event)
    if old == new or old not in sessions or new not in sessions:
        return None
    context: dict[str, object] = {"old": old, "new": new, "of_old": sessions[old], "of_new": sessions[new]}
    context["loses_text"] = bool(_texts(event, old) and _texts(event, new))
    version, template = version_of(_version(event, old), _version(event, new)), "organisers/draft/merge_speakers.html"
    return Confirmation("draft_speakers", template, "rename", version, {"old": old, "name": new}, context)
