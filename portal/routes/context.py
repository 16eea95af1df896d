"""Context of a request: what its application has for it, its language, and the responses that a handler gives.

These are a page rendered by the shown edition, a redirect, or a download.
"""

from collections.abc import Awaitable, Callable
from typing import Final

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from portal.domain.event.event import Event
from portal.domain.event.languages import languages_of, own_language_of
from portal.domain.language import Language
from portal.domain.registration.hashing import Hasher
from portal.domain.registration.ticket_code import code_digest
from portal.routes.current_edition import CurrentEdition
from portal.services import Services
from portal.site.event_toml import TOML, event_toml
from portal.site.paths import PageName, has_path, page_path, root_of
from portal.web.forms import Tokens, own_address
from portal.web.rate_limit import RateLimits

Handler = Callable[[Request], Awaitable[Response]]
"""Handler of the requests of a route."""

TOKEN_FIELD: Final = "csrf_token"  # noqa: S105 - a name, no secret
"""Hidden field with the token of a form, under the name that scanners look for."""
DEEPEST: Final = 16
"""Depth from which a path is cut off: no path of ours has as many parts."""


def services_of(request: Request) -> Services:
    """Return the services of the application."""
    services: Services = request.app.state.services
    return services


def rate_limits_of(request: Request) -> RateLimits:
    """Return the rate limits of the application."""
    rate_limits: RateLimits = request.app.state.rate_limits
    return rate_limits


def current_edition_of(request: Request) -> CurrentEdition:
    """Return the holder of the shown edition."""
    current: CurrentEdition = request.app.state.current
    return current


async def ticket_id(hasher: Hasher, services: Services, code: str) -> str:
    """Return the id of the registration that `code` opens, hashed by `hasher`. Raises `BusyError`."""
    return (await hasher.locate(code_digest(services.keys.event, code))).id


def tokens_of(request: Request) -> Tokens:
    """Return the issuer and verifier of the tokens of forms."""
    services = services_of(request)
    return Tokens(services.keys.forms, services.clock)


def page_language_of(request: Request) -> Language:
    """Return the language that the path begins with, if the event has it, else the main one of the event."""
    first, event = _path(request).partition("/")[0], current_edition_of(request).renderer.edition.event
    return first if first in languages_of(event) else event.language


def language_of(request: Request) -> Language:
    """Return the portal's own language in which a person is answered at the path of `request`."""
    return own_language_of(current_edition_of(request).renderer.edition.event, page_language_of(request))


def is_path_of(request: Request, page: PageName, pattern: str) -> bool:
    """Return whether the path of `request`, which `pattern` matches, is that of `page` in a language of the event."""
    language = _path(request).partition("/")[0]
    event = current_edition_of(request).renderer.edition.event
    return language in languages_of(event) and has_path(page, language, pattern)


def render_page(
    request: Request, template: str, page: PageName | None = None, status: int = 200, *, id: str = "", **context: object
) -> Response:
    """Render `template` with `context` as the page `page` (of `id`) in the language of the path, with `status`."""
    path, language = _path(request), page_language_of(request)
    context = {"own_address": own_address(request), **context}
    content = current_edition_of(request).renderer.page(template, path, language, page, id=id, status=status, **context)
    return HTMLResponse(content, status)


def redirect_to(request: Request, page: PageName) -> Response:
    """Redirect with 303 to `page` in the same language, by a relative link (RFC 9110 §10.2.2 and §15.4.4)."""
    location = root_of(_path(request)) + page_path(page, page_language_of(request))
    return Response(status_code=303, headers={"location": location})


def _path(request: Request) -> str:
    """Return the path of the request, without its leading slash."""
    return "/".join(request.scope["path"].removeprefix("/").split("/", DEEPEST)[:DEEPEST])


async def download_event(event: Event, version: str) -> Response:
    """Return `event` as a file named by its id and `version`, `onestla-2026-edition-3.toml` (RFC 6266; all ASCII)."""
    content = await anyio.to_thread.run_sync(event_toml, event)
    disposition = f'attachment; filename="{event.id}-{version}.toml"'
    return Response(content, headers={"content-type": TOML, "content-disposition": disposition})
