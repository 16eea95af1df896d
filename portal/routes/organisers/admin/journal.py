"""The journal: what the organisers did, by day, for one another."""

from itertools import groupby
from operator import attrgetter

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.language import N_, Language
from portal.domain.organisers.organiser import JournalEntry, SignIn
from portal.routes.context import language_of, services_of
from portal.routes.organisers.forms import organisers_page
from portal.site.catalogue import translated

Line = tuple[str, str, str]
"""The organiser, the action and the reason, which may be empty."""


async def show(request: Request, sign_in: SignIn) -> Response:
    """Show every entry, the newest day first."""
    entries, language = await services_of(request).store.journal(), language_of(request)
    days = [(day, [_line(entry, language) for entry in of_day]) for day, of_day in groupby(entries, attrgetter("day"))]
    return organisers_page(request, sign_in, "organisers/admin/journal.html", "journal", days=days)


def _line(entry: JournalEntry, language: Language) -> Line:
    reason = translated(language, entry.reason) if entry.reason else ""
    who = entry.organiser or translated(language, N_("The portal"))
    return who, translated(language, entry.action, dict(entry.details)), reason
