"""The event for the menu of Giggity, an app for conferences: `/giggity.json`.

Its format: https://github.com/Wilm0r/giggity, `tools/menu-schema.json`. Giggity fetches the schedule by its whole
address, so that the file is there only once an address is published.
"""

import json
from typing import Final

from portal.domain.edition.edition import Edition
from portal.domain.event.exported_ids import acronym
from portal.domain.event.languages import own_language_of, words_of
from portal.site.catalogue import translated
from portal.site.paths import SCHEDULE_XML, PageName
from portal.site.public_urls import page_url, public_url

_NAME_CHARACTERS: Final = 32
_REFRESH_SECONDS: Final = 1_800
"""Interval between fetches that Giggity takes from servers which answer 304 where nothing has changed."""
_LINKS: Final[tuple[tuple[PageName, str], ...]] = (("programme", "Programme"), ("practical", "Practical"))
_EDITIONS_A_DAY: Final = 99


def giggity_menu(edition: Edition) -> bytes:
    """Return a menu with the event alone; its address must be published."""
    event, version = edition.event, _version(edition)
    entry = {
        "id": acronym(event)[:_NAME_CHARACTERS],
        "version": version,
        "url": public_url(edition, SCHEDULE_XML),
        "refresh_interval": _REFRESH_SECONDS,
        "title": words_of(event, event.name, event.language),
        "start": event.days[0].date.isoformat(),
        "end": event.days[-1].date.isoformat(),
        "timezone": event.zone,
        "metadata": {"links": [_link(edition, page, title) for page, title in _LINKS]},
    }
    return json.dumps({"version": version, "schedules": [entry]}, ensure_ascii=False, indent=1).encode()


def _link(edition: Edition, page: PageName, title: str) -> dict[str, str | None]:
    event = edition.event
    words = translated(own_language_of(event, event.language), title)
    return {"url": page_url(edition, page, event.language), "title": words}


def _version(edition: Edition) -> int:
    """Return the date of the edition and its number among those of that date, `2026120201`."""
    date = edition.published.date()
    number = sum(entry.published.date() == date for entry in edition.history)
    return int(f"{date:%Y%m%d}") * 100 + min(number, _EDITIONS_A_DAY)
