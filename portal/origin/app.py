"""Composition of the application of the origin, and of its layers at each listener."""

from collections.abc import Sequence
from functools import lru_cache, partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.domain.edition.edition import Edition
from portal.domain.errors import PortalError
from portal.routes import PUBLIC_ROUTES, ROUTES
from portal.routes.current_edition import CurrentEdition
from portal.routes.error_pages import (
    PUBLIC_METHODS,
    handle_http_exception,
    handle_portal_error,
    render_error,
    render_fault,
)
from portal.routes.flash import Flash
from portal.routes.organisers.attendance.shown_list import ShownList
from portal.routes.organisers.draft.sent_file import KeptFiles
from portal.routes.organisers.pseudonym_index import PseudonymIndex
from portal.routes.query_pages import QueryPagesLayer
from portal.services import Services
from portal.site.edition_files import NO_CACHE, SkeletonCache
from portal.web.error_log import ServerErrorLayer
from portal.web.headers import ListenerHeaders, SecurityHeadersLayer
from portal.web.listeners import THROUGH_TOR, Listener, ListenerLayer, ProofLayer
from portal.web.rate_limit import rate_limits
from portal.web.static_files import StaticFilesLayer


def create_app(services: Services, edition: Edition, skeletons: SkeletonCache = NO_CACHE) -> Starlette:
    """Return the application, which shows `edition`, made of `skeletons` where they are of it.

    Its requests come in `at_listener`.
    """
    app = _starlette(ROUTES)
    app.state.services = services
    settings, secret = services.settings, services.rng.randbytes(32)
    app.state.rate_limits = rate_limits(services.clock, settings.registrations_per_minute, secret, cores=settings.cores)
    app.state.flash = Flash()
    app.state.kept_files = KeptFiles()
    app.state.pseudonym_index = PseudonymIndex()
    app.state.shown_list = ShownList()
    app.state.current = CurrentEdition(edition, is_dynamic, services.signatures, skeletons)
    app.state.without_organisers = without = _starlette(PUBLIC_ROUTES)
    without.state = app.state
    return app


def _starlette(routes: Sequence[Route]) -> Starlette:
    app = Starlette(
        routes=routes,
        middleware=[Middleware(ServerErrorLayer, page=render_fault)],
        exception_handlers={HTTPException: handle_http_exception, PortalError: handle_portal_error},
    )
    app.router.redirect_slashes = False  # it would copy the request's Host into Location
    return app


@lru_cache(maxsize=32_768)  # whoever makes an edition ready asks of each path several times
def is_dynamic(path: str) -> bool:
    """Return whether the route table answers at `path`, `/fr/billet/`."""
    scope = {"type": "http", "method": "GET", "path": path}
    return any(route.matches(scope)[0] is not Match.NONE for route in ROUTES)


def at_listener(app: Starlette, listener: Listener) -> ASGIApp:
    """Wrap `app` for `listener`: the host is checked, static files are sent, the rest goes to the routes.

    At the onion listener the portal also answers its own proof of being reachable through Tor.
    """
    current: CurrentEdition = app.state.current
    services: Services = app.state.services
    listener_headers = ListenerHeaders(listener, lambda: services.onion().address)
    protected = partial(
        SecurityHeadersLayer,
        listener_headers=listener_headers,
        security_headers=lambda: current.shown.pages.security_headers,
        is_public=lambda path: path in current.shown.pages.public_paths,
    )
    misdirected, malformed = protected(_refusing(app, 421)), protected(_refusing(app, 400))
    not_allowed = protected(_refusing(app, 405, PUBLIC_METHODS))
    routed = app if listener.shows_organisers else app.state.without_organisers
    ready = StaticFilesLayer(protected(routed), listener_headers, lambda: current.shown.pages, not_allowed)
    answering = QueryPagesLayer(ready, lambda: current.renderer, services.clock, protected)
    proven = ProofLayer(answering, services.proof) if listener.name in THROUGH_TOR else answering
    return ListenerLayer(proven, listener, misdirected, malformed)


def _refusing(app: Starlette, status: int, headers: dict[str, str] | None = None) -> ASGIApp:
    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = app
        await render_error(Request(scope), status, headers)(scope, receive, send)

    return refuse
