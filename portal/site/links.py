"""Links from a text to another page of the site, by what it is: `session:accueil`, `theme:libre`, `page:practical`.

Such an address names no language and no path, so that it holds in every language, on every page and on any mirror.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from itertools import chain
from typing import Final, NamedTuple

from portal.domain.draft.part import Part, entries_of, with_entries
from portal.domain.errors import Problem
from portal.domain.event.event import Event
from portal.domain.event.schedule import entry
from portal.domain.language import N_, Text
from portal.site.markdown import linked_addresses
from portal.site.paths import PageName
from portal.site.speakers import speakers_of


class LinkTarget(NamedTuple):
    """A page of the site, and the id of the session, theme, room or speaker that it shows."""

    page: PageName
    id: str


class ForeignAddress(Exception):
    """An address that is not of this site."""


_PARTS: Final[Mapping[str, tuple[PageName, Callable[[Event], Iterator[str]]]]] = {
    "session": ("session", lambda event: (session.id for session in event.sessions)),
    "theme": ("theme", lambda event: (theme.id for theme in event.themes)),
    "room": ("room", lambda event: (room.id for room in event.rooms)),
    "speaker": ("speaker", lambda event: (speaker.id for speaker in speakers_of(event, event.sessions))),
}

PAGES: Final[tuple[PageName, ...]] = (
    "programme",
    "programme_full",
    "my_programme",
    "now",
    "speakers",
    "assembly",
    "practical",
    "registration",
    "ticket",
    "privacy",
    "mirrors",
    "news",
)
"""The pages that a text can lead to, as `page:practical`."""


def link_target(event: Event, address: str) -> LinkTarget | None:
    """Return the page that `address` leads to, None for none. Raises `ForeignAddress`."""
    kind, _, name = address.partition(":")
    if kind == "page":
        return next((LinkTarget(page, "") for page in PAGES if page == name), None)
    if kind not in _PARTS:
        raise ForeignAddress
    page, ids = _PARTS[kind]
    return LinkTarget(page, name) if name in ids(event) else None


def broken_links(event: Event) -> tuple[Problem, ...]:
    """Return every address of ours in the texts of `event` that leads nowhere; what is cancelled still has its page."""
    return tuple(
        Problem(table, f"{key}.{language}", N_("the link “%(address)s” leads nowhere"), (("address", address),), id)
        for table, id, key, text in _long_texts(event)
        for language in text.languages
        for address in linked_addresses(text[language])
        if _is_broken(event, address)
    )


def links_broken_by(event: Event, part: Part) -> tuple[Problem, ...]:
    """Return the addresses of ours that lead nowhere once the entry `part` is gone, in the texts that stay."""
    rest = with_entries(event, part.table, tuple(each for each in entries_of(event, part.table) if each.id != part.id))
    address = f"{part.table.removesuffix('s')}:{part.id}"
    return tuple(link for link in broken_links(rest) if ("address", address) in link.details)


def _is_broken(event: Event, address: str) -> bool:
    try:
        return link_target(event, address) is None
    except ForeignAddress:
        return False


def _long_texts(event: Event) -> Iterator[tuple[str, str, str, Text]]:
    """Yield every text in Markdown, in the order of the event's file: table, id of the entry, key, text."""
    return chain(
        (("texts", "", field.name, getattr(event.texts, field.name)) for field in fields(event.texts)),
        (
            (entry("sessions", n), session.id, key, text)
            for n, session in enumerate(event.sessions, 1)
            for key, text in (("abstract", session.abstract), ("description", session.description))
        ),
        ((entry("speakers", n), each.id, "biography", each.biography) for n, each in enumerate(event.speakers, 1)),
        ((entry("announcements", n), news.id, "text", news.text) for n, news in enumerate(event.announcements, 1)),
    )
