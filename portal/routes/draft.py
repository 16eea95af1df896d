"""The draft: an organiser edits one of its sessions."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal.domain import session_form
from portal.domain.edition import Draft
from portal.domain.errors import DraftChanged, EventFileError, PortalError
from portal.domain.event import Session
from portal.domain.organiser import SignIn
from portal.routes.answers import go_to, language_of
from portal.routes.asked import services_of
from portal.routes.next_edition import faults_of
from portal.routes.organiser_forms import Form, organisers_page
from portal.routes.refusals import NOTHING_REFUSED, Refusal, refused
from portal.site.catalogue import translated


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
        await store.save_draft(session_form.edited(draft.event, session.id, form), draft.revision)
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
    typed, theirs, seen = session_form.typed_in(form), dict[str, str](), form.get("seen", "")
    refusal = _marked(request, error) if isinstance(error, EventFileError) else refused(request, error)
    if isinstance(error, DraftChanged):
        session = _session(request, draft)
        theirs = {name: text for name, text in session_form.fields_of(session).items() if text != typed[name]}
        seen = session_form.fingerprint(session)
    return _page(request, sign_in, draft, typed, seen, refusal, theirs)


def _marked(request: Request, error: EventFileError) -> Refusal:
    """Each problem beside its field."""
    language = language_of(request)
    marks = {
        session_form.field_of(problem): translated(language, problem.text, dict(problem.details))
        for problem in reversed(error.problems)
    }
    return Refusal(errors=marks, status=422)


def _page(
    request: Request,
    sign_in: SignIn,
    draft: Draft,
    typed: Mapping[str, str],
    seen: str,
    refusal: Refusal = NOTHING_REFUSED,
    theirs: Mapping[str, str] | None = None,
) -> Response:
    """The form of a session as `typed`, for who has `seen` it in that state; `theirs` is what another put there."""
    session = _session(request, draft)
    faults = [one for one in faults_of(draft.event, language_of(request)) if one.session == session.id]
    return organisers_page(
        request,
        sign_in,
        "draft/session.html",
        "draft",
        refusal,
        id=session.id,
        draft=draft.event,
        session=session,
        faults=faults,
        typed=typed,
        theirs=theirs or {},
        seen=seen,
    )
