"""The page of news and the feed, as soon as an edition is published."""

from typing import Final
from xml.etree import ElementTree

import pytest

from tests.factories.portal import Harness, open_harness

pytestmark = pytest.mark.anyio

SESSION: Final = "/en/organisers/sessions/outils/"
PUBLISH: Final = "/en/organisers/publish/"
ANNOUNCEMENTS: Final = "/en/organisers/announcements/"
TITLES: Final = "{http://www.w3.org/2005/Atom}entry/{http://www.w3.org/2005/Atom}title"


async def published(harness: Harness) -> None:
    """Rename a session in the draft, and publish."""
    await harness.sign_in()
    draft = (await harness.get(SESSION)).fields("outils/") | {"title_fr": "Outils à nous", "title_en": "Tools of ours"}
    await harness.send(SESSION, draft)
    form = (await harness.get(PUBLISH)).fields("publish/") | {"comment": "Un autre nom."}
    assert (await harness.send(PUBLISH, form)).status == 303


async def titles(harness: Harness, path: str) -> list[str | None]:
    """Return the titles of the entries of a feed."""
    answer = await harness.client.get(path)
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return [element.text for element in ElementTree.fromstring(answer.content).findall(TITLES)]


async def test_published_edition_is_news_at_once_on_the_page_and_in_the_feed() -> None:
    async with open_harness() as harness:
        before = (await harness.client.get("/en/news.atom")).headers["etag"]
        await published(harness)
        text = (await harness.get("/en/news/")).text_of("//section[1]")
        assert "Edition 2" in text
        assert "Un autre nom. “Our tools” is now called “Tools of ours”." in text
        assert await titles(harness, "/fr/nouvelles.atom") == ["Un autre nom.", "Édition 1"]
        assert (await harness.client.get("/en/news.atom")).headers["etag"] != before


async def test_announcement_is_news_once_and_leaves_the_feed_when_it_is_withdrawn() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        form = (await harness.get(ANNOUNCEMENTS)).fields("announcements/") | {"title_fr": "Grève", "title_en": "Strike"}
        await harness.send(ANNOUNCEMENTS, form)
        assert await titles(harness, "/en/news.atom") == ["Strike", "Edition 1"]
        question = await harness.send(ANNOUNCEMENTS, form | {"action": "withdraw"})
        await harness.send(ANNOUNCEMENTS, question.fields("announcements/"))
        assert await titles(harness, "/en/news.atom") == ["Announcement withdrawn: “Strike”.", "Edition 1"]
        assert [element.text_content() for element in (await harness.get("/en/news/")).found("//section//li")] == [
            "Announcement withdrawn: “Strike”.",
            "Announcement: “Strike”.",
        ]


async def test_organisers_pages_lead_no_reader_to_the_feed() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        assert (await harness.get(ANNOUNCEMENTS)).found("//link[@rel='alternate']") == []
