"""Answers to one person: a page made by the edition in force, or the way to another page, in the visitor's language."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from portal.domain.language import LANGUAGES, Language
from portal.routes.showing import Showing
from portal.site.paths import PageName, page_path, root_of


def showing_of(request: Request) -> Showing:
    """What the application shows."""
    showing: Showing = request.app.state.showing
    return showing


def language_of(request: Request) -> Language:
    """The language that the path begins with, or the event's own."""
    first = request.scope["path"].split("/", 2)[1]
    return next((one for one in LANGUAGES if one == first), showing_of(request).renderer.edition.event.language)


def answer(
    request: Request, template: str, page: PageName | None = None, status: int = 200, *, id: str = "", **context: object
) -> Response:
    """`template` made with `context`, as the page `page` (of `id`) in the language of the request's path."""
    path = request.scope["path"].removeprefix("/")
    renderer = showing_of(request).renderer
    return HTMLResponse(renderer.page(template, path, language_of(request), page, id=id, **context), status)


def go_to(request: Request, page: PageName, id: str = "") -> Response:
    """303 to another page in the same language, by a link that names no host (RFC 9110, clauses 10.2.2 and 15.4.4)."""
    path = request.scope["path"].removeprefix("/")
    location = root_of(path) + page_path(page, language_of(request), id)
    return Response(status_code=303, headers={"location": location})
