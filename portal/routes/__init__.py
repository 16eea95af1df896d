"""The whole route table: every page that is made for one person, what it does at each method, in each language."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.domain.language import LANGUAGES
from portal.routes import registration, ticket
from portal.site.paths import PageName, page_path

Handler = Callable[[Request], Awaitable[Response]]

PAGES: Final[Mapping[PageName, Mapping[str, Handler]]] = {
    "registration": {"GET": registration.show_form, "POST": registration.register},
    "ticket": {"GET": ticket.show_form, "POST": ticket.open_ticket},
    "ticket_cancel": {"POST": ticket.cancel},
}


def _route(path: str, name: str, handlers: Mapping[str, Handler]) -> Route:
    """One route for all the methods of a path, so that a refused one is told which there are."""

    async def handle(request: Request) -> Response:
        return await handlers["GET" if request.method == "HEAD" else request.method](request)

    return Route(path, handle, methods=list(handlers), name=name)


ROUTES: Final = [
    _route(f"/{page_path(page, language, '{id}')}", page, handlers)
    for page, handlers in PAGES.items()
    for language in LANGUAGES
]
