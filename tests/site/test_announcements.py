"""Announcements on the public pages: whole on the home page, by their titles on every other, important ones first."""

from dataclasses import replace
from typing import Final

import pytest

from portal.domain.language import Text
from portal.site.render import render
from tests.factories.document import Document
from tests.factories.sample import EVENT, edition, news

NEWS: Final = (news(1), news(3, important=True), news(2, important=True))
SITE: Final = render(edition(replace(EVENT, announcements=NEWS)))
WITHOUT: Final = render(edition(EVENT))


def page(path: str) -> Document:
    return Document(SITE[path].content.decode())


def test_home_tells_every_announcement_whole_the_newest_first() -> None:
    texts = [article.text.split() for article in page("en/index.html").all("article")]
    assert [" ".join(words) for words in texts] == [
        "News 3 Monday 23 November 2026, 10:03 Come by bike.",
        "News 2 Monday 23 November 2026, 10:02 Come by bike.",
        "News 1 Monday 23 November 2026, 10:01 Come by bike.",
    ]


HOMES: Final = ("index.html", "fr/index.html", "en/index.html")
PAGES: Final = sorted(path for path, file in SITE.items() if file.media_type.startswith("text/html"))


@pytest.mark.parametrize("path", [path for path in PAGES if path not in HOMES])
def test_every_other_page_leads_to_each_the_important_ones_first(path: str) -> None:
    links = [link.attributes["href"] for link in page(path).all("a") if "#" in link.attributes["href"]]
    news = [link.rpartition("#")[2] for link in links if "#announcement-" in link]
    assert news == ["announcement-news-3", "announcement-news-2", "announcement-news-1"]


@pytest.mark.parametrize("path", HOMES)
def test_home_is_where_they_lead(path: str) -> None:
    assert [article.attributes["id"] for article in page(path).all("article")] == [
        f"announcement-news-{n}" for n in (3, 2, 1)
    ]


def test_announcement_without_a_text_is_its_title() -> None:
    site = render(edition(replace(EVENT, announcements=(replace(news(1), text=Text()),))))
    (article,) = Document(site["en/index.html"].content.decode()).all("article")
    assert " ".join(article.text.split()) == "News 1 Monday 23 November 2026, 10:01"


def test_announcement_in_one_language_is_told_in_the_other_page_as_foreign() -> None:
    site = render(edition(replace(EVENT, announcements=(replace(news(1), title=Text("Grève"), text=Text("À vélo.")),))))
    found = Document(site["en/index.html"].content.decode())
    assert [
        element.text.strip()
        for element in found.elements
        if element.attributes.get("lang") == "fr" and element.tag != "a"
    ] == [
        "Grève",
        "À vélo.",
    ]


@pytest.mark.parametrize("path", PAGES)
def test_site_without_announcements_says_nothing_of_them(path: str) -> None:
    found = Document(WITHOUT[path].content.decode())
    assert [element for element in found.elements if element.attributes.get("class") in ("news", "alert")] == []
