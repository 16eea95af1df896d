"""What the public reads of an edition as soon as it is published: the page of news and the feed."""

from typing import Final
from xml.etree import ElementTree

import pytest

from tests.factories.portal import House, open_house

pytestmark = pytest.mark.anyio

SESSION: Final = "/en/organisers/sessions/outils/"
PUBLISH: Final = "/en/organisers/publish/"
ANNOUNCEMENTS: Final = "/en/organisers/announcements/"
TITLES: Final = "{http://www.w3.org/2005/Atom}entry/{http://www.w3.org/2005/Atom}title"


async def published(house: House) -> None:
    """Rename a session in the draft, and publish."""
    await house.sign_in()
    draft = (await house.get(SESSION)).fields("outils/") | {"title_fr": "Outils à nous", "title_en": "Tools of ours"}
    await house.send(SESSION, draft)
    form = (await house.get(PUBLISH)).fields("publish/") | {"comment": "Un autre nom."}
    assert (await house.send(PUBLISH, form)).status == 303


async def titles(house: House, path: str) -> list[str | None]:
    """The titles of the entries of a feed."""
    answer = await house.client.get(path)
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return [one.text for one in ElementTree.fromstring(answer.content).findall(TITLES)]


async def test_published_edition_is_news_at_once_on_the_page_and_in_the_feed() -> None:
    async with open_house() as house:
        before = (await house.client.get("/en/news.atom")).headers["etag"]
        await published(house)
        told = (await house.get("/en/news/")).said("//section[1]")
        assert "Edition 2" in told
        assert "Un autre nom. “Our tools” is now called “Tools of ours”." in told
        assert await titles(house, "/fr/nouvelles.atom") == ["Un autre nom.", "Édition 1"]
        assert (await house.client.get("/en/news.atom")).headers["etag"] != before


async def test_announcement_is_news_once_and_leaves_the_feed_when_it_is_withdrawn() -> None:
    async with open_house() as house:
        await house.sign_in()
        form = (await house.get(ANNOUNCEMENTS)).fields("announcements/") | {"title_fr": "Grève", "title_en": "Strike"}
        await house.send(ANNOUNCEMENTS, form)
        assert await titles(house, "/en/news.atom") == ["Strike", "Edition 1"]
        question = await house.send(ANNOUNCEMENTS, form | {"action": "withdraw"})
        await house.send(ANNOUNCEMENTS, question.fields("announcements/"))
        assert await titles(house, "/en/news.atom") == ["Announcement withdrawn: “Strike”.", "Edition 1"]
        assert [one.text_content() for one in (await house.get("/en/news/")).found("//section//li")] == [
            "Announcement withdrawn: “Strike”.",
            "Announcement: “Strike”.",
        ]


async def test_organisers_pages_lead_no_reader_to_the_feed() -> None:
    async with open_house() as house:
        await house.sign_in()
        assert (await house.get(ANNOUNCEMENTS)).found("//link[@rel='alternate']") == []
