"""The menu file of Giggity, which is there once an address is published."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from portal.domain.edition.edition import HistoryEntry
from portal.domain.event.event import Day
from portal.site.files import JSON
from portal.site.giggity import giggity_menu
from portal.site.render import render
from tests.factories.sample import CLEARNET, EVENT, ONION, edition

DAYS = (*EVENT.days, Day(date(2026, 12, 16), time(10), time(12)))


def test_menu_is_this_file() -> None:
    file = render(edition(replace(EVENT, days=DAYS)))["giggity.json"]
    assert file.media_type == JSON
    assert json.loads(file.content) == {
        "version": 2026120201,
        "schedules": [
            {
                "id": "journee",
                "version": 2026120201,
                "url": "https://event.example/schedule.xml",
                "refresh_interval": 1800,
                "title": "Une journée pour les communs",
                "start": "2026-12-15",
                "end": "2026-12-16",
                "timezone": "Europe/Paris",
                "metadata": {
                    "links": [
                        {"url": "https://event.example/fr/programme/", "title": "Programme"},
                        {"url": "https://event.example/fr/pratique/", "title": "Pratique"},
                    ]
                },
            }
        ],
    }


@pytest.mark.parametrize(
    ("clearnet", "onion", "url"),
    [(CLEARNET, ONION, f"{CLEARNET}/schedule.xml"), (None, ONION, f"{ONION}/schedule.xml")],
)
def test_schedule_is_at_the_address_that_is_published(clearnet: str | None, onion: str | None, url: str) -> None:
    (entry,) = json.loads(giggity_menu(edition(EVENT, clearnet, onion)))["schedules"]
    assert entry["url"] == url


def test_there_is_none_before_an_address_is_published() -> None:
    assert "giggity.json" not in render(edition(EVENT, None, None))


def test_version_grows_with_each_edition_of_a_day() -> None:
    first = datetime(2026, 12, 2, 8, tzinfo=UTC)
    steps = [HistoryEntry(number, first + timedelta(hours=number), "") for number in range(1, 5)]
    versions = [
        json.loads(giggity_menu(replace(edition(), published=step.published, history=tuple(reversed(steps[:number])))))
        for number, step in enumerate(steps, 1)
    ]
    assert [menu["version"] for menu in versions] == [2026120201, 2026120202, 2026120203, 2026120204]
