"""The whole route table: every page that is made for one person, what it does at each method, in each language."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.domain.language import LANGUAGES
from portal.domain.limits import IMPORT_BODY_KIB
from portal.routes.context import Handler
from portal.routes.organisers.admin import account, account_setup, dashboard, journal, login, team
from portal.routes.organisers.attendance import check_in, invitations, policy, registrations
from portal.routes.organisers.auth import by_action, for_organisers, from_organisers
from portal.routes.organisers.draft import file as draft_file
from portal.routes.organisers.draft import lists as draft_lists
from portal.routes.organisers.draft import speakers as draft_speakers
from portal.routes.organisers.draft.adding import actions_of_new, show_new
from portal.routes.organisers.draft.kinds import KINDS
from portal.routes.organisers.draft.part import actions_of, show
from portal.routes.organisers.editions import announcements, history, preview, publishing, restore
from portal.routes.public import mirrors, registration, ticket, ticket_actions
from portal.site.paths import PageName, is_of_organisers, page_path


def _pages_of_parts() -> Iterator[tuple[PageName, Mapping[str, Handler]]]:
    """The pages on which the parts of the draft are edited, kind by kind."""
    for kind in KINDS:
        shown, done = for_organisers(partial(show, kind)), by_action(actions_of(kind))
        yield kind.page, {"GET": shown, "POST": from_organisers(kind.page, done)}
        if kind.new:
            blank, adding = for_organisers(partial(show_new, kind)), by_action(actions_of_new(kind))
            yield kind.new, {"GET": blank, "POST": from_organisers(kind.new, adding)}
        if kind.words.moved:
            entries, moving = for_organisers(partial(draft_lists.show_list, kind)), partial(draft_lists.move, kind)
            yield kind.listed, {"GET": entries, "POST": from_organisers(kind.listed, moving)}


PAGES: Final[Mapping[PageName, Mapping[str, Handler]]] = {
    "registration": {"GET": registration.show_form, "POST": registration.register},
    "ticket": {"GET": ticket.show_form, "POST": ticket.open_ticket},
    "ticket_pseudonym": {"POST": ticket_actions.change_pseudonym},
    "ticket_passphrase": {"POST": ticket_actions.change_passphrase},
    "ticket_cancel": {"POST": ticket_actions.cancel},
    "mirrors_status": {"GET": mirrors.show_status},
    "organisers": {
        "GET": dashboard.show,
        "POST": from_organisers("organisers", by_action(dashboard.ACTIONS)),
    },
    "sign_in": {"POST": login.open_sign_in},
    "sign_out": {"POST": from_organisers("sign_out", login.close_sign_in)},
    "welcome": {"GET": account_setup.show, "POST": account_setup.set_up},
    "team": {
        "GET": for_organisers(team.show),
        "POST": from_organisers("team", by_action(team.ACTIONS)),
    },
    "account": {
        "GET": for_organisers(account.show),
        "POST": from_organisers("account", by_action(account.ACTIONS)),
    },
    "policy": {
        "GET": for_organisers(policy.show),
        "POST": from_organisers("policy", by_action(policy.ACTIONS)),
    },
    "check_in": {
        "GET": for_organisers(check_in.show),
        "POST": from_organisers("check_in", by_action(check_in.ACTIONS)),
    },
    "check_in_help": {"GET": for_organisers(check_in.show_help)},
    "registrations": {
        "GET": for_organisers(registrations.show),
        "POST": from_organisers("registrations", by_action(registrations.ACTIONS)),
    },
    "invitations": {
        "GET": for_organisers(invitations.show),
        "POST": from_organisers("invitations", by_action(invitations.ACTIONS)),
    },
    "announcements": {
        "GET": for_organisers(announcements.show),
        "POST": from_organisers("announcements", by_action(announcements.ACTIONS)),
    },
    "journal": {"GET": for_organisers(journal.show)},
    "draft_programme": {"GET": for_organisers(draft_lists.show_programme)},
    "draft_texts": {"GET": for_organisers(draft_lists.show_texts)},
    "draft_speakers": {
        "GET": for_organisers(draft_speakers.show),
        "POST": from_organisers("draft_speakers", by_action(draft_speakers.ACTIONS)),
    },
    **dict(_pages_of_parts()),
    "edition": {
        "GET": for_organisers(publishing.show_next),
        "POST": from_organisers("edition", publishing.publish),
    },
    "editions": {"GET": for_organisers(history.show)},
    "edition_file": {"GET": for_organisers(history.download)},
    "edition_restored": {
        "GET": for_organisers(restore.ask),
        "POST": from_organisers("edition_restored", restore.take_back),
    },
    "draft_file": {"GET": for_organisers(draft_file.download)},
    "draft_import": {
        "GET": for_organisers(draft_file.show),
        "POST": from_organisers("draft_import", by_action(draft_file.ACTIONS), IMPORT_BODY_KIB),
    },
}

PREVIEWS: Final[Mapping[PageName, Mapping[str, Handler]]] = {
    "edition_view": {"GET": for_organisers(preview.show_edition)},
    "draft_view": {"GET": for_organisers(preview.show_draft)},
}
"""Whole sites below a path: what follows it is the path of a file of that site."""


def _route(path: str, name: str, handlers: Mapping[str, Handler]) -> Route:
    """One route for all the methods of a path, so that a refused one is told which there are."""

    async def handle(request: Request) -> Response:
        return await handlers["GET" if request.method == "HEAD" else request.method](request)

    return Route(path, handle, methods=list(handlers), name=name)


def _routes(pages: Iterable[PageName], table: Mapping[PageName, Mapping[str, Handler]], below: str = "") -> list[Route]:
    """The routes of those of `pages` that are in `table`; `below` is what may follow each path."""
    return [
        _route(f"/{page_path(page, language, '{id}')}{below}", page, table[page])
        for page in pages
        if page in table
        for language in LANGUAGES
    ]


_PUBLIC: Final = [page for page in PAGES if not is_of_organisers(page)]
_SIGNATURES: Final = _route("/tuf/signatures", "signatures", {"POST": mirrors.take})
PUBLIC_ROUTES: Final = [*_routes(_PUBLIC, PAGES), _SIGNATURES]
"""Those at a door where nothing of the organisers is: a key holder's signature needs no other right."""
ROUTES: Final = [*_routes(PAGES, PAGES), *_routes(PREVIEWS, PREVIEWS, "{path:path}"), _SIGNATURES]
