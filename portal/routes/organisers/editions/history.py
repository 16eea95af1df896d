"""The editions: every one that was published, what it changed, and the ways to look at it, keep it, take it back."""

import re
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.edition.edition import Edition, Step
from portal.domain.limits import EDITIONS_LISTED
from portal.domain.organisers.organiser import SignIn
from portal.routes.context import services_of
from portal.routes.error_pages import error_page
from portal.routes.organisers.draft.next_edition import in_words
from portal.routes.organisers.forms import organisers_page
from portal.routes.responses import file_of, language_of

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,6}")


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A page of the list, from 1: the `steps` on it, each with its changes in words, and how many `pages` there are."""

    page: int
    pages: int
    steps: tuple[tuple[Step, tuple[str, ...]], ...]


async def show(request: Request, sign_in: SignIn) -> Response:
    """A page of the list, the newest first."""
    in_force = await services_of(request).store.edition()
    every_step = in_force.history if in_force is not None else ()
    pages = max(1, -(-len(every_step) // EDITIONS_LISTED))
    page = min(_number(request.query_params.get("page", "")) or 1, pages)
    first = (page - 1) * EDITIONS_LISTED
    language = language_of(request)
    steps = tuple((one, in_words(one.changes, language)) for one in every_step[first : first + EDITIONS_LISTED])
    signing, history = services_of(request).signatures.signing(), HistoryPage(page, pages, steps)
    return organisers_page(
        request, sign_in, "organisers/editions/history.html", "editions", history=history, signing=signing
    )


async def download(request: Request, sign_in: SignIn) -> Response:
    """The event of an edition as a file."""
    edition = await edition_asked_for(request)
    if edition is None:
        return error_page(request, 404)
    return await file_of(edition.event, f"edition-{edition.number}")


async def edition_asked_for(request: Request) -> Edition | None:
    """The edition whose number is in the path; None where there is none."""
    number = _number(request.path_params["id"])
    return None if number is None else await services_of(request).store.edition_numbered(number)


def _number(typed: str) -> int | None:
    return int(typed) if _NUMBER.fullmatch(typed) else None
