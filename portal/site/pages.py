"""Which public pages an event has."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from portal.domain.event import Event
from portal.site.paths import PageName


class PublicPage(NamedTuple):
    """A page of the edition: its name, the id of the session, theme or room that it shows, and its template."""

    page: PageName
    id: str
    template: str


_SINGLE_PAGES: Final[tuple[PageName, ...]] = (
    "home",
    "programme",
    "programme_by_theme",
    "programme_by_room",
    "programme_grid",
    "assembly",
    "practical",
    "registration",
    "ticket",
    "privacy",
    "mirrors",
)


def public_pages(event: Event) -> Iterator[PublicPage]:
    """Every page of the event, in each of which the language is yet to be chosen."""
    for page in _SINGLE_PAGES:
        yield PublicPage(page, "", f"public/{page}.html")
    for session in event.sessions:
        yield PublicPage("session", session.id, "public/session.html")
    for theme in event.themes:
        yield PublicPage("theme", theme.id, "public/theme.html")
    for room in event.rooms:
        yield PublicPage("room", room.id, "public/room.html")
