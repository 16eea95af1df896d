"""The feed: what RFC 4287 asks for, the same ids for ever, and nothing of the host that it is read from."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urljoin
from xml.etree import ElementTree

import pytest
from hypothesis import given

from portal.domain.edition.announcement_changes import ANNOUNCED, WITHDRAWN
from portal.domain.edition.change import DESCRIBED, Change, changed
from portal.domain.edition.change import NAMED as NAMES_CHANGED
from portal.domain.edition.edition import Addresses, Edition, HistoryEntry
from portal.domain.event.event import Event
from portal.domain.event.languages import languages_of
from portal.domain.language import Text
from portal.domain.limits import EDITIONS_A_PAGE
from portal.domain.text import stable_id
from portal.site.catalogue import translated
from portal.site.feed import ATOM, event_feed
from portal.site.render import render
from tests.factories.document import Document
from tests.factories.editions import RENAMED, edition_of, long_history, step
from tests.factories.events import events
from tests.factories.sample import EVENT, edition, news

NAMES: Final = {"": "http://www.w3.org/2005/Atom", "a": "http://www.w3.org/2005/Atom"}
LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:00Z")
URN: Final = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
NAMED: Final = changed(RENAMED, old=Text("Outils", "Tools"), new=Text("Nos outils", "<b>Our</b> & tools"))
TWO: Final = edition_of(step(2, "Un nom <plus> clair.", NAMED), step(1, "Première édition."))


def read(edition: Edition, language: str = "fr") -> ElementTree.Element:
    return ElementTree.fromstring(event_feed(edition, "fr" if language == "fr" else "en"))


def texts(parent: ElementTree.Element, path: str) -> list[str]:
    return [element.text or "" for element in parent.findall(path, NAMES)]


def links(parent: ElementTree.Element) -> dict[str, str]:
    return {link.attrib["rel"]: link.attrib["href"] for link in parent.findall("a:link", NAMES)}


@pytest.mark.parametrize(("path", "language"), [("fr/nouvelles.atom", "fr"), ("en/news.atom", "en")])
def test_feed_is_a_file_of_the_edition_and_every_page_names_it(path: str, language: str) -> None:
    files = render(TWO)
    assert files[path].media_type == ATOM == "application/atom+xml; charset=utf-8"
    for page, file in files.items():
        if page.startswith(f"{language}/") and page.endswith("/index.html"):
            document = Document(file.content.decode())
            feeds = [
                link.attributes
                for link in document.all("link")
                if link.attributes.get("type") == "application/atom+xml"
            ]
            assert [(feed["rel"], urljoin(page, feed["href"])) for feed in feeds] == [("alternate", path)]


def test_feed_has_what_the_standard_asks_for() -> None:
    feed = read(TWO)
    assert (feed.tag, feed.attrib) == (f"{{{NAMES['']}}}feed", {LANG: "fr"})
    assert (texts(feed, "a:title"), texts(feed, "a:author/a:name")) == ([EVENT.name["fr"]], [EVENT.collective.name])
    assert texts(feed, "a:updated") == ["2026-11-01T10:00:00Z"]
    assert links(feed) == {
        "self": "https://event.example/fr/nouvelles.atom",
        "alternate": "https://event.example/fr/nouveautes/",
    }
    for entry in feed.findall("a:entry", NAMES):
        assert [len(entry.findall(f"a:{name}", NAMES)) for name in ("id", "title", "updated", "link")] == [1, 1, 1, 1]


def test_entries_are_the_editions_with_their_changes() -> None:
    newest, first = read(TWO, "en").findall("a:entry", NAMES)
    title, content = newest.find("a:title", NAMES), newest.find("a:content", NAMES)
    assert title is not None
    assert content is not None
    assert (title.text, title.attrib) == ("Un nom <plus> clair.", {LANG: "fr"})
    html = "<p>Edition 2</p><ul><li>“Tools” is now called “&lt;b&gt;Our&lt;/b&gt; &amp; tools”.</li></ul>"
    assert (content.attrib, content.text) == ({"type": "html"}, html)
    assert links(newest) == {"alternate": "https://event.example/en/news/#edition-2"}
    assert texts(first, "a:title") == ["Première édition."]


def test_announcement_in_force_is_an_entry_and_its_edition_is_none() -> None:
    announcement = replace(news(1), text=Text("Voir [la séance](session:outils).", ""))
    comment = translated("fr", ANNOUNCED, {"title": announcement.title["fr"]})
    edition = edition_of(
        step(3, comment, changed(ANNOUNCED, title=announcement.title)),
        step(2, "", changed(WITHDRAWN, title=Text("Ancienne", "Old"))),
        step(1),
        event=replace(EVENT, announcements=(announcement,)),
    )
    feed = read(edition)
    assert texts(feed, "a:entry/a:title") == [announcement.title["fr"], "Changement 2", "Changement 1"]
    entry = feed.findall("a:entry", NAMES)[0]
    assert texts(entry, "a:content") == [
        '<p>Voir <a href="https://event.example/fr/seances/outils/">la séance</a>.</p>\n'
    ]
    assert (texts(entry, "a:updated"), links(entry)["alternate"]) == (
        ["2026-11-23T09:01:00Z"],
        "https://event.example/fr/#announcement-news-1",
    )
    assert (edition.history[0].published, len(edition.history)) == (datetime(2026, 11, 1, 11, 0, tzinfo=UTC), 3)


def test_withdrawal_alone_is_told_in_the_language_of_the_feed() -> None:
    title = Text("Grève", "Strike")
    edition = edition_of(
        step(2, translated("fr", WITHDRAWN, {"title": "Grève"}), changed(WITHDRAWN, title=title)), step(1)
    )
    assert texts(read(edition, "en"), "a:entry/a:title")[0] == "Announcement withdrawn: “Strike”."


def test_ids_stay_from_edition_to_edition_and_differ_among_all_entries() -> None:
    before, after = (long_history(number, 1) for number in (EDITIONS_A_PAGE, EDITIONS_A_PAGE + 1))
    ids = {language: texts(read(before, language), ".//a:id") for language in languages_of(EVENT)}
    assert len({*ids["fr"], *ids["en"]}) == 2 * (1 + EDITIONS_A_PAGE)
    assert all(URN.fullmatch(id) for id in ids["fr"])
    later = texts(read(after), ".//a:id")
    assert (later[0], later[2:]) == (ids["fr"][0], ids["fr"][1:-1])


def test_feed_tells_as_many_editions_as_a_page() -> None:
    assert len(read(long_history(45, 2)).findall("a:entry", NAMES)) == EDITIONS_A_PAGE


def test_links_lead_to_what_is_there_wherever_a_site_without_an_address_is() -> None:
    files, mount = render(replace(TWO, addresses=Addresses())), "http://copy.example/below/"
    for path in ("fr/nouvelles.atom", "en/news.atom"):
        for href in re.findall(r'href="([^"#]*)', files[path].content.decode()):
            inside = urljoin(mount + path, href).removeprefix(mount)
            assert (f"{inside}index.html" if inside.endswith("/") else inside) in files


CORRECTED: Final = replace(news(1), text=Text("Venez à pied.", "Walk."))
CORRECTIONS: Final = {
    "another text": (changed(DESCRIBED.in_several, title=CORRECTED.title), "2026-12-04T08:00:00Z"),
    "another name": (
        changed(NAMES_CHANGED.in_several, title=CORRECTED.title, old=Text("X"), new=CORRECTED.title),
        "2026-12-04T08:00:00Z",
    ),
    "no change but its publication": (changed(ANNOUNCED, title=CORRECTED.title), "2026-11-23T09:01:00Z"),
    "a change of another one": (changed(DESCRIBED.in_several, title=Text("Autre", "Other")), "2026-11-23T09:01:00Z"),
}


@pytest.mark.parametrize(("change", "updated"), CORRECTIONS.values(), ids=CORRECTIONS)
def test_announcement_is_updated_by_the_edition_with(change: Change, updated: str) -> None:
    published = datetime(2026, 12, 4, 8, tzinfo=UTC)
    correction = HistoryEntry(3, published, "Correction.", (change,))
    (older, first), event = TWO.history, replace(EVENT, announcements=(CORRECTED,))
    feed = read(replace(TWO, number=3, published=published, event=event, history=(correction, older, first)))
    entries = {entry.findtext("a:id", None, NAMES): entry for entry in feed.findall("a:entry", NAMES)}
    entry = entries[stable_id(EVENT.id, "fr", "announcement", "news-1")]
    assert (texts(entry, "a:published"), texts(entry, "a:updated")) == (["2026-11-23T09:01:00Z"], [updated])


def test_ids_of_a_portal_that_goes_on_from_a_file_are_new_but_for_what_it_announces() -> None:
    event = replace(EVENT, uid="0b5c21f4", announcements=(news(1),))
    before = replace(TWO, event=event)
    (first,) = (replace(step, published=datetime(2027, 1, 2, tzinfo=UTC)) for step in TWO.history[1:])
    after = replace(TWO, event=event, number=1, published=first.published, history=(first,))
    old, new = (texts(read(edition), ".//a:id") for edition in (before, after))
    assert sorted(set(old) & set(new)) == sorted(
        [stable_id("0b5c21f4", "fr", "feed"), stable_id("0b5c21f4", "fr", "announcement", "news-1")]
    )
    assert len({*old, *new}) == len(old) + len(new) - 2


@given(event=events)
def test_any_event_makes_a_feed_that_is_read_back(event: Event) -> None:
    for language in languages_of(EVENT):
        feed = read(replace(edition(event), addresses=edition().addresses), language)
        assert all(MOMENT.fullmatch(moment) for moment in texts(feed, ".//a:updated"))
        titles = [announcement.title.in_language(language) for announcement in event.announcements]
        assert len(feed.findall("a:entry", NAMES)) == len(titles) + len(edition().history)
