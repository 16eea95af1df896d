"""Pages that follow from a query or from the moment, rendered by whoever shows the edition: origin or mirror.

At each of their paths the edition has a signed file as well, which is sent where the address has no query, and is all
that a folder of files can send. Nothing else enters the answer: no host, no cookie.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from portal.domain.event.languages import languages_of, own_language_of
from portal.domain.language import N_, Language
from portal.domain.limits import NOW_RENEWED_MINUTES
from portal.site.calendar import CALENDAR, sessions_calendar
from portal.site.catalogue import translated
from portal.site.choice import choice_of
from portal.site.files import File
from portal.site.now import moment_of
from portal.site.paths import PageName, page_path
from portal.site.render import HTML, Renderer

MY_PROGRAMME: Final = N_("My programme")
"""The name of the calendar of a choice."""
STILL: Final = "still"
"""Query of the page of the moment that does not renew itself."""


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """The file that answers a query, and after how many seconds a browser is to renew it, None for never."""

    file: File
    renewed_seconds: int | None = None


def query_answer(renderer: Renderer, path: str, query: str, now: datetime) -> QueryAnswer | None:
    """Return the answer to `query` at `path` (no leading slash) at `now`; None where there is no such page."""
    for language in languages_of(renderer.edition.event):
        for page, answer in _ANSWERS.items():
            if path == page_path(page, language):
                return answer(renderer, language, query, now)
    return None


def _choice(renderer: Renderer, language: Language, query: str, now: datetime) -> QueryAnswer:
    choice, programme = choice_of(renderer.programme, query), renderer.programme
    page: PageName = "my_programme_choice"
    content = renderer.page(
        "public/my_programme.html",
        page_path(page, language),
        language,
        page,
        choice=choice,
        clashes=programme.clashes(choice.sessions),
        query=choice.query,
    )
    return QueryAnswer(File(content, HTML))


def _calendar(renderer: Renderer, language: Language, query: str, now: datetime) -> QueryAnswer:
    sessions = choice_of(renderer.programme, query).sessions
    name = translated(own_language_of(renderer.edition.event, language), MY_PROGRAMME)
    return QueryAnswer(File(sessions_calendar(renderer.edition, language, sessions, name), CALENDAR))


def _now(renderer: Renderer, language: Language, query: str, now: datetime) -> QueryAnswer:
    moment = moment_of(renderer.programme, now)
    renewed = NOW_RENEWED_MINUTES if moment.is_renewed and query != STILL else None
    content = renderer.page(
        "public/now.html",
        page_path("now", language),
        language,
        "now",
        shown=moment,
        renewed_minutes=renewed,
        query=STILL if query == STILL else "now",
    )
    return QueryAnswer(File(content, HTML), renewed and renewed * 60)


_ANSWERS: Final[Mapping[PageName, Callable[[Renderer, Language, str, datetime], QueryAnswer]]] = {
    "my_programme_choice": _choice,
    "my_programme_calendar": _calendar,
    "now": _now,
}
