"""The draft: an organiser edits one of its sessions."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal.domain import session_form
from portal.domain.edition import Draft
from portal.domain.errors import DraftChanged, EventFileError, PortalError
from portal.domain.event import Room, Session, Theme
from portal.domain.language import N_, Language
from portal.domain.organiser import SignIn
from portal.routes.answers import go_to, language_of
from portal.routes.asked import services_of
from portal.routes.next_edition import faults_of
from portal.routes.noted import note
from portal.routes.organiser_forms import Form, organisers_page
from portal.routes.refusals import NOTHING_REFUSED, Refusal, marked, refused

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


async def show_session(request: Request, sign_in: SignIn) -> Response:
    """A session of the draft, to be edited."""
    draft = await services_of(request).store.draft()
    session = _session(request, draft)
    return _page(request, sign_in, draft, session_form.fields_of(session), session_form.fingerprint(session))


async def save_session(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Keep a session as it was typed, unless somebody else has changed it since the form was opened."""
    store = services_of(request).store
    draft = await store.draft()
    session = _session(request, draft)
    try:
        if form.get("seen") != session_form.fingerprint(session):
            raise DraftChanged
        event = session_form.edited(draft.event, session.id, form)
        await store.save_draft(event, draft.revision)
        await note(request, sign_in, N_("Session changed in the draft: %(title)s"), title=_name(draft, session))
    except PortalError as error:
        return await _page_again(request, sign_in, form, error)
    return go_to(request, "organisers")


def _session(request: Request, draft: Draft) -> Session:
    """The session that the path names; 404 when the draft has none of that id."""
    for session in draft.event.sessions:
        if session.id == request.path_params["id"]:
            return session
    raise HTTPException(404)


async def _page_again(request: Request, sign_in: SignIn, form: Form, error: PortalError) -> Response:
    """The form as it was typed; where somebody else has changed the session, beside what stands there now."""
    draft = await services_of(request).store.draft()
    typed, theirs, seen = session_form.typed_in(form), NOTHING, form.get("seen", "")
    refusal = marked(request, error) if isinstance(error, EventFileError) else refused(request, error)
    if isinstance(error, DraftChanged):
        session = _session(request, draft)
        present = session_form.typed_in(session_form.fields_of(session))
        theirs = {name: text for name, text in present.items() if text != typed[name]}
        seen = session_form.fingerprint(session)
    return _page(request, sign_in, draft, typed, seen, refusal, theirs)


def _page(
    request: Request,
    sign_in: SignIn,
    draft: Draft,
    typed: Mapping[str, str],
    seen: str,
    refusal: Refusal = NOTHING_REFUSED,
    theirs: Mapping[str, str] = NOTHING,
) -> Response:
    """The form of a session as `typed`, for who has `seen` it in that state; `theirs` is what another put there."""
    session, language = _session(request, draft), language_of(request)
    rooms, themes = _choices(draft.event.rooms, language), _choices(draft.event.themes, language)
    names = dict(rooms + themes)
    return organisers_page(
        request,
        sign_in,
        "draft/session.html",
        "draft",
        refusal,
        id=session.id,
        session=session,
        faults=[fault for fault in faults_of(draft.event, language) if fault.session == session.id],
        typed=typed,
        theirs={name: names.get(text, text) for name, text in theirs.items()},
        seen=seen,
        room_choices=rooms,
        theme_choices=themes,
    )


def _name(draft: Draft, session: Session) -> str:
    """The title of a session, in the language of the event."""
    return session.title.in_language(draft.event.language)


def _choices(parts: Sequence[Room | Theme], language: Language) -> list[tuple[str, str]]:
    """The id and the name of each."""
    return [(part.id, part.name.in_language(language)) for part in parts]
