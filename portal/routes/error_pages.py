"""Error pages, in the language of the visitor, with links that lead on."""

from collections.abc import Mapping
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from portal.domain.errors import PortalError
from portal.domain.language import N_
from portal.routes.context import language_of, render_page
from portal.routes.errors import page_errors
from portal.site.catalogue import translated

TEMPLATE: Final = "error.html"
PUBLIC_METHODS: Final = {"allow": "GET, HEAD"}

_MESSAGES: Final[Mapping[int, str]] = {
    405: N_("This page can be read, and nothing can be sent to it."),
    421: N_(
        "This portal does not answer under the address that you used. If it is yours to run: give that address as "
        "public_url in portal.toml, or add its name to hosts."
    ),
}


def render_error(request: Request, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """Render the page of an HTTP error."""
    text = _MESSAGES.get(status, "")
    message = translated(language_of(request), text) if text else ""
    return _page(request, status, message, headers or {})


def render_fault(request: Request) -> Response:
    """Render the page of an unforeseen error."""
    return render_error(request, 500)


async def handle_portal_error(request: Request, error: Exception) -> Response:
    """Render the page of an error of the portal that no form shows."""
    assert isinstance(error, PortalError)  # noqa: S101 - the application hands over no other
    errors = page_errors(request, error)
    message = errors.message or " ".join(errors.by_field.values())
    return _page(request, errors.status, message, errors.headers)


async def handle_http_exception(request: Request, error: Exception) -> Response:
    """Render the page of an error in routing; redirect where only the last slash lacks, or where a form alone goes."""
    assert isinstance(error, HTTPException)  # noqa: S101 - the application hands over no other
    if error.status_code == 404 and _lacks_slash(request):
        name, query = request.scope["path"].rpartition("/")[2], request.url.query
        return Response(status_code=308, headers={"location": f"./{name}/{'?' if query else ''}{query}"})
    if error.status_code == 405 and request.method in ("GET", "HEAD"):
        # A form alone goes there; its page is one level up.
        return Response(status_code=303, headers={"location": "../", "cache-control": "no-store"})
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    if "allow" in headers:
        headers["allow"] = ", ".join(sorted(headers["allow"].split(", ")))
    return render_error(request, error.status_code, headers)


def _lacks_slash(request: Request) -> bool:
    scope = {**request.scope, "path": f"{request.scope['path']}/"}
    return request.method in ("GET", "HEAD") and any(
        route.matches(scope)[0] is Match.FULL for route in request.app.routes
    )


def _page(request: Request, status: int, message: str, headers: Mapping[str, str]) -> Response:
    response = render_page(request, TEMPLATE, status=status, message=message)
    response.headers.update(headers)
    return response
