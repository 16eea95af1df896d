"""The files of an edition, with and without the skeletons of an earlier one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError

from portal.domain.edition.edition import Addresses, Edition, HistoryEntry
from portal.domain.event.event import Announcement
from portal.domain.event.languages import languages_of
from portal.domain.language import Text
from portal.site.edition_files import base_key, edition_files
from portal.site.pages import public_pages
from portal.site.paths import page_path
from portal.site.render import Renderer
from portal.site.schedule_files import schedule_json, schedule_xml
from tests.factories.sample import EVENT, edition

TITLES = st.text("abé “&<>'\"%{}", min_size=1, max_size=8)
MINUTES = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds it
ANNOUNCEMENTS = st.lists(
    st.builds(
        Announcement, st.sampled_from("abc"), st.builds(Text, TITLES, TITLES), st.just(Text()), MINUTES, st.booleans()
    ),
    max_size=3,
    unique_by=lambda announcement: announcement.id,
)


class KeptSkeletons:
    """A cache in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, Mapping[str, bytes]] = {}

    def read(self, key: str) -> Mapping[str, bytes]:
        return self.kept.get(key, {})

    def write(self, key: str, skeletons: Mapping[str, bytes]) -> None:
        self.kept = {key: skeletons}


CACHE = KeptSkeletons()
"""Filled by the first edition, and read by each that follows: all have the same programme."""


@pytest.mark.slow
@settings(max_examples=15)
@given(st.integers(1, 40), MINUTES, TITLES, ANNOUNCEMENTS)
def test_skeletons_of_another_edition_give_the_very_same_files(
    number: int, published: datetime, comment: str, announcements: list[Announcement]
) -> None:
    event = replace(EVENT, announcements=tuple(announcements))
    history = tuple(HistoryEntry(each, published, comment) for each in range(number, 0, -1))
    made = Edition(number, published, comment, Addresses(), event, history)
    files, renderer = edition_files(made, CACHE), Renderer(made)
    assert list(CACHE.kept) == [base_key(made)]
    whole = {
        f"{path}index.html": renderer.page(template, path, language, page, id=id)
        for language in languages_of(event)
        for page, id, template in public_pages(made)
        for path in [page_path(page, language, id)]
    } | {"schedule.json": schedule_json(made), "schedule.xml": schedule_xml(made)}
    assert {path: files[path].content for path in whole} == whole
    assert files == edition_files(made)


def test_announcement_renders_no_page_of_the_programme_again(monkeypatch: pytest.MonkeyPatch) -> None:
    cache = KeptSkeletons()
    edition_files(edition(), cache)
    monkeypatch.setattr(Renderer, "skeleton", None)
    told = Announcement("a", Text("Salle"), Text(), datetime(2026, 12, 1, tzinfo=UTC), important=True)
    announced = replace(edition(), number=3, event=replace(EVENT, announcements=(told,)))
    pages = [file.content for path, file in edition_files(announced, cache).items() if path.endswith(".html")]
    assert [b">Salle<" in page for page in pages] == [True] * len(pages)


OTHER_BASES: Mapping[str, Edition] = {
    "an address has changed": edition(clearnet="https://other.example"),
    "a session has changed": replace(edition(), event=replace(EVENT, sessions=EVENT.sessions[1:])),
    "the name has changed": replace(edition(), event=replace(EVENT, name=Text("Autre"))),
}


@pytest.mark.parametrize("other", OTHER_BASES.values(), ids=OTHER_BASES.keys())
def test_skeletons_have_another_key_where(other: Edition) -> None:
    assert base_key(other) != base_key(edition())


def test_another_program_has_other_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    before = base_key(edition())
    monkeypatch.setattr("portal.site.edition_files.program_hash", lambda: b"another program")
    assert base_key(edition()) != before


def test_page_that_shows_the_number_of_its_edition_has_no_skeleton() -> None:
    with pytest.raises(UndefinedError):
        Renderer(edition()).skeleton("site/mirrors.html", "fr/miroirs/", "fr", "mirrors", "")
