"""The list of the published editions, each with its changes; the event of each as a file."""

import re
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.edition.edition import Edition, HistoryEntry
from portal.domain.limits import EDITIONS_LISTED
from portal.domain.organisers.organiser import SignIn
from portal.routes.context import current_edition_of, download_event, language_of, services_of
from portal.routes.error_pages import render_error
from portal.routes.organisers.draft.next_edition import in_words
from portal.routes.organisers.forms import organisers_page

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,6}")


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A page of the list, from 1: the `steps` on it, each with its changes in words, and how many `pages` there are."""

    page: int
    pages: int
    steps: tuple[tuple[HistoryEntry, tuple[str, ...]], ...]


async def show(request: Request, sign_in: SignIn) -> Response:
    """Show a page of the list, the newest edition first."""
    in_force = await services_of(request).store.edition()
    history = in_force.history if in_force is not None else ()
    pages = max(1, -(-len(history) // EDITIONS_LISTED))
    page = min(_number(request.query_params.get("page", "")) or 1, pages)
    first = (page - 1) * EDITIONS_LISTED
    event, language = current_edition_of(request).renderer.edition.event, language_of(request)
    steps = tuple((step, in_words(step.changes, event, language)) for step in history[first : first + EDITIONS_LISTED])
    signing, shown = services_of(request).signatures.signing(), HistoryPage(page, pages, steps)
    return organisers_page(
        request, sign_in, "organisers/editions/history.html", "editions", history=shown, signing=signing
    )


async def download(request: Request, sign_in: SignIn) -> Response:
    """Send the event of an edition as a file."""
    edition = await edition_in_path(request)
    if edition is None:
        return render_error(request, 404)
    return await download_event(edition.event, f"edition-{edition.number}")


async def edition_in_path(request: Request) -> Edition | None:
    """Return the edition whose number is in the path; None if there is none."""
    number = _number(request.path_params["id"])
    return None if number is None else await services_of(request).store.edition_numbered(number)


def _number(typed: str) -> int | None:
    return int(typed) if _NUMBER.fullmatch(typed) else None
