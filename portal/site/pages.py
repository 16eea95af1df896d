"""The public pages of an edition."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from portal.domain.edition.edition import Edition
from portal.site.changelog import older_pages
from portal.site.paths import PageName
from portal.site.speakers import speakers_of


class PublicPage(NamedTuple):
    """A page of the edition: its name, the id of what it shows (a session, a day, a page of news), and its template."""

    page: PageName
    id: str
    template: str


_SINGLE_PAGES: Final[tuple[PageName, ...]] = (
    "home",
    "programme",
    "programme_by_theme",
    "programme_by_room",
    "programme_grid",
    "programme_full",
    "speakers",
    "my_programme",
    "my_programme_choice",
    "now",
    "assembly",
    "practical",
    "registration",
    "ticket",
    "privacy",
    "mirrors",
    "mirrors_status",
    "news",
)

OF_ONE_EDITION: Final[frozenset[PageName]] = frozenset({"home", "mirrors", "news", "older_news"})
"""The pages that show more of an edition than its `EditionBase`. All others are the same from edition to edition, but
for templates/parts, as long as neither the programme nor an address changes."""


def public_pages(edition: Edition) -> Iterator[PublicPage]:
    """Return every page of the edition, in each of which the language is yet to be chosen."""
    event = edition.event
    for page in _SINGLE_PAGES:
        yield PublicPage(page, "", f"site/{page}.html")
    for day in event.days if len(event.days) > 1 else ():
        yield PublicPage("programme_day", day.date.isoformat(), "site/programme.html")
        yield PublicPage("programme_grid_day", day.date.isoformat(), "site/programme_grid.html")
    for speaker in speakers_of(event, event.sessions):
        yield PublicPage("speaker", speaker.id, "site/speaker.html")
    for session in event.sessions:
        yield PublicPage("session", session.id, "site/session.html")
    for theme in event.themes:
        yield PublicPage("theme", theme.id, "site/theme.html")
    for room in event.rooms:
        yield PublicPage("room", room.id, "site/room.html")
    for number in older_pages(edition):
        yield PublicPage("older_news", str(number), "site/older_news.html")
