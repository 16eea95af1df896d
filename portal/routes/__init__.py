"""The route table: every page that is rendered for one person, its handler for each method, in each language."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.routes.context import Handler, is_path_of
from portal.routes.organisers.admin import account, account_setup, dashboard, journal, login, team
from portal.routes.organisers.attendance import check_in, invitations, policy, registrations
from portal.routes.organisers.auth import FormPage, View, for_organisers, from_organisers
from portal.routes.organisers.draft import days as draft_days
from portal.routes.organisers.draft import file as draft_file
from portal.routes.organisers.draft import lists as draft_lists
from portal.routes.organisers.draft import programme_list
from portal.routes.organisers.draft import speakers as draft_speakers
from portal.routes.organisers.draft.adding import form_page_of_new
from portal.routes.organisers.draft.kinds import KINDS
from portal.routes.organisers.draft.part import form_page_of
from portal.routes.organisers.editions import announcements, history, preview, publishing, restore
from portal.routes.public import mirrors, registration, ticket, ticket_actions
from portal.site.paths import PageName, is_of_organisers, path_patterns


def _form_pages_of_parts() -> Iterator[tuple[PageName, FormPage]]:
    """Yield the pages on which the parts of the draft are edited, kind by kind."""
    for kind in KINDS:
        yield kind.page, form_page_of(kind)
        if kind.new:
            yield kind.new, form_page_of_new(kind)
        if kind.words.moved:
            yield kind.listed, draft_lists.list_page(kind)


FORM_PAGES: Final[Mapping[PageName, FormPage]] = {
    "organisers": dashboard.FORM_PAGE,
    "sign_out": FormPage(dashboard.page, {"": login.close_sign_in}),
    "team": team.FORM_PAGE,
    "account": account.FORM_PAGE,
    "policy": policy.FORM_PAGE,
    "check_in": check_in.FORM_PAGE,
    "registrations": registrations.FORM_PAGE,
    "invitations": invitations.FORM_PAGE,
    "announcements": announcements.FORM_PAGE,
    "draft_days": draft_days.FORM_PAGE,
    "draft_speakers": draft_speakers.FORM_PAGE,
    **dict(_form_pages_of_parts()),
    "edition": publishing.FORM_PAGE,
    "edition_restore": restore.FORM_PAGE,
    "draft_import": draft_file.FORM_PAGE,
}
"""The organisers' pages with a form."""

_VIEWS: Final[Mapping[PageName, View]] = {
    "check_in_help": check_in.show_help,
    "journal": journal.show,
    "draft_programme": programme_list.show,
    "draft_texts": draft_lists.show_texts,
    "editions": history.show,
    "edition_file": history.download,
    "draft_file": draft_file.download,
}
"""The organisers' pages without a form."""


def _form_handlers(name: PageName, form_page: FormPage) -> Mapping[str, Handler]:
    return {"GET": for_organisers(form_page.show or form_page.page), "POST": from_organisers(name, form_page)}


PAGES: Final[Mapping[PageName, Mapping[str, Handler]]] = {
    "registration": {"GET": registration.show_form, "POST": registration.register},
    "ticket": {"GET": ticket.show_form, "POST": ticket.open_ticket},
    "ticket_pseudonym": {"POST": ticket_actions.change_pseudonym},
    "ticket_passphrase": {"POST": ticket_actions.change_passphrase},
    "ticket_cancel": {"POST": ticket_actions.cancel},
    "mirrors_status": {"GET": mirrors.show_status},
    "account_setup": {"GET": account_setup.show, "POST": account_setup.set_up},
    "sign_in": {"POST": login.open_sign_in},
    **{name: _form_handlers(name, form_page) for name, form_page in FORM_PAGES.items()},
    "organisers": {"GET": dashboard.show, "POST": from_organisers("organisers", dashboard.FORM_PAGE)},
    "sign_out": {"POST": from_organisers("sign_out", FORM_PAGES["sign_out"])},
    **{name: {"GET": for_organisers(view)} for name, view in _VIEWS.items()},
}

PREVIEWS: Final[Mapping[PageName, Mapping[str, Handler]]] = {
    "edition_view": {"GET": for_organisers(preview.show_edition)},
    "draft_view": {"GET": for_organisers(preview.show_draft)},
}
"""Whole sites below a path, which is followed by the path of a file of the site."""


def _route(path: str, name: str, handlers: Mapping[str, Handler]) -> Route:
    """Return one route for all methods of a path, so that the response to another method lists them."""

    async def handle(request: Request) -> Response:
        return await handlers["GET" if request.method == "HEAD" else request.method](request)

    return Route(path, handle, methods=list(handlers), name=name)


def _routes(pages: Iterable[PageName], table: Mapping[PageName, Mapping[str, Handler]], below: str = "") -> list[Route]:
    """Return the routes of those `pages` that are in `table`; `below` is the pattern of what may follow each path.

    There is one for every language: those of the event may change while the portal runs.
    """
    return [
        _route(f"/{pattern}{below}", page, _of_the_event(page, pattern, table[page]))
        for page in pages
        if page in table
        for pattern in path_patterns(page, "{id}")
    ]


def _of_the_event(page: PageName, pattern: str, handlers: Mapping[str, Handler]) -> Mapping[str, Handler]:
    """Return `handlers` of the route of `page` at `pattern`, which answer in the languages of the shown event alone."""

    def checked(handler: Handler) -> Handler:
        async def handle(request: Request) -> Response:
            if not is_path_of(request, page, pattern):
                raise HTTPException(404)
            return await handler(request)

        return handle

    return {method: checked(handler) for method, handler in handlers.items()}


_PUBLIC: Final = [page for page in PAGES if not is_of_organisers(page)]
_SIGNATURES: Final = _route("/tuf/signatures", "signatures", {"POST": mirrors.take_signature})
PUBLIC_ROUTES: Final = [*_routes(_PUBLIC, PAGES), _SIGNATURES]
"""The routes of a listener without the organisers' pages: a key holder's signature needs no other right."""
ROUTES: Final = [*_routes(PAGES, PAGES), *_routes(PREVIEWS, PREVIEWS, "{path:path}"), _SIGNATURES]
