"""Answers to one person: a page made by the edition in force, or the way to another page, in the visitor's language."""

from typing import Final

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from portal.domain.event.event import Event
from portal.domain.language import LANGUAGES, Language
from portal.routes.current_edition import CurrentEdition
from portal.site.event_toml import TOML, event_toml
from portal.site.paths import PageName, page_path, root_of
from portal.web.rewriting_proxy_check import own_address

DEEPEST: Final = 16
"""No path of ours has as many parts: of a deeper one, which only a program sends, the rest is not looked at."""


def current_edition_of(request: Request) -> CurrentEdition:
    """What the application shows."""
    current: CurrentEdition = request.app.state.current
    return current


def language_of(request: Request) -> Language:
    """The language that the path begins with, or the event's own."""
    first = _path(request).partition("/")[0]
    return next((one for one in LANGUAGES if one == first), current_edition_of(request).renderer.edition.event.language)


def render_page(
    request: Request, template: str, page: PageName | None = None, status: int = 200, *, id: str = "", **context: object
) -> Response:
    """`template` with `status` and `context`, as the page `page` (of `id`) in the language of the request's path."""
    path, language = _path(request), language_of(request)
    context = {"own_address": own_address(request), **context}
    content = current_edition_of(request).renderer.page(template, path, language, page, id=id, status=status, **context)
    return HTMLResponse(content, status)


def redirect_to(request: Request, page: PageName) -> Response:
    """303 to another page in the same language, by a link that names no host (RFC 9110 §10.2.2 and §15.4.4)."""
    location = root_of(_path(request)) + page_path(page, language_of(request))
    return Response(status_code=303, headers={"location": location})


def _path(request: Request) -> str:
    """The path of the request, without its leading slash."""
    return "/".join(request.scope["path"].removeprefix("/").split("/", DEEPEST)[:DEEPEST])


async def download_event(event: Event, which: str) -> Response:
    """`event` to be saved under its id and `which` it is, `onestla-2026-edition-3.toml` (RFC 6266; both are ASCII)."""
    content = await anyio.to_thread.run_sync(event_toml, event)
    disposition = f'attachment; filename="{event.id}-{which}.toml"'
    return Response(content, headers={"content-type": TOML, "content-disposition": disposition})
