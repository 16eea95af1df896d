"""The preview of an edition, or of the draft: its public pages, rendered one at a time."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from portal.domain.draft.presentable import presentable
from portal.domain.edition.change import Change
from portal.domain.edition.changes import changes
from portal.domain.edition.edition import Edition, HistoryEntry
from portal.domain.event.event import Event
from portal.domain.event.event_file import problems_of
from portal.domain.organisers.organiser import SignIn
from portal.domain.times import whole_minute
from portal.routes.context import page_language_of, services_of
from portal.routes.error_pages import render_error
from portal.routes.organisers.draft.next_edition import addresses_of
from portal.routes.organisers.editions.history import edition_in_path
from portal.site.files import File
from portal.site.paths import PageName, page_path, root_of
from portal.site.render import Preview, Renderer, file_at
from portal.web.headers import policy_of

_INDEX: Final = "index.html"


async def show_edition(request: Request, sign_in: SignIn) -> Response:
    """Show a file of an edition, as the public saw it."""
    edition = await edition_in_path(request)
    if edition is None:
        return render_error(request, 404)
    back = _link(request, "edition_view", "editions")
    return await _file(request, Renderer(edition, Preview(back)))


async def show_draft(request: Request, sign_in: SignIn) -> Response:
    """Show a file of the edition that the draft would become, as far as it can be rendered."""
    services = services_of(request)
    draft, present = await services.store.draft(), await services.store.edition()
    draft_preview = await anyio.to_thread.run_sync(_draft_preview, draft.event, present.event if present else None)
    number = present.number + 1 if present else 1
    minute = whole_minute(services.clock())
    history = (HistoryEntry(number, minute, "", draft_preview.changes), *(present.history if present else ()))
    edition = Edition(number, minute, "", addresses_of(services, present), draft_preview.event, history)
    back = _link(request, "draft_view", "edition")
    return await _file(request, Renderer(edition, Preview(back, is_draft=True, has_faults=draft_preview.has_faults)))


@dataclass(frozen=True, slots=True)
class _DraftPreview:
    """The preview of a draft: the `event` as far as it can be rendered, and what it `changes`."""

    event: Event
    has_faults: bool
    changes: tuple[Change, ...]


@lru_cache(maxsize=2)
def _draft_preview(draft: Event, in_force: Event | None) -> _DraftPreview:
    """Compare the draft with the edition in force, once for all pages of the preview."""
    changed = changes(in_force, draft) if in_force else ()
    return _DraftPreview(presentable(draft), bool(problems_of(draft)), changed)


async def _file(request: Request, renderer: Renderer) -> Response:
    """Show the file that the path names below the root of the preview, under the policy of its own style."""
    path: str = request.path_params["path"]
    is_page = path == "" or path.endswith("/")
    found = await anyio.to_thread.run_sync(file_at, renderer, path + _INDEX if is_page else path)
    if found is not None:
        return _answer(found, renderer.style_hash)
    if not is_page and await anyio.to_thread.run_sync(file_at, renderer, f"{path}/{_INDEX}") is not None:
        return Response(status_code=308, headers={"location": f"./{path.rpartition('/')[2]}/"})
    if path == f"{page_language_of(request)}/":
        return Response(status_code=303, headers={"location": "../"})  # the page of a language that it does not have
    return render_error(request, 404)


def _answer(file: File, style_hash: str) -> Response:
    headers = {"content-type": file.media_type, "content-security-policy": policy_of(style_hash)}
    return Response(file.content, headers=headers)


def _link(request: Request, here: PageName, there: PageName) -> str:
    """Return the link from the root of the preview `here` to a page of the organisers."""
    language = page_language_of(request)
    return root_of(page_path(here, language, request.path_params.get("id", ""))) + page_path(there, language)
