"""An earlier edition, and the draft, looked at as the public would see them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import urljoin, urlsplit

import pytest

from portal.domain.edition.edition import Addresses, Edition
from portal.domain.event.event import Event
from portal.domain.event.languages import languages_of
from portal.domain.language import Text
from portal.site.pages import public_pages
from portal.site.paths import page_path
from portal.site.render import Renderer, render
from portal.web.headers import policy_of
from tests.factories.page import Page
from tests.factories.portal import Harness, open_harness
from tests.factories.sample import EVENT, edition

pytestmark = pytest.mark.anyio

OLD: Final = "/fr/organisation/editions/1/voir/"
DRAFT: Final = "/en/organisers/draft/view/"
WELCOME, TOOLS, *REST = EVENT.sessions
REPAINTED: Final = replace(
    EVENT,
    name=Text("Autre nom", "Another name"),
    colours=replace(EVENT.colours, accent="#123456"),
    sessions=(WELCOME, *REST),
)
FAULTY: Final = replace(
    EVENT,
    sessions=(
        replace(WELCOME, start=WELCOME.end, end=WELCOME.start),
        replace(TOOLS, rooms=("cave",), themes=("lune",)),
        replace(TOOLS, id="double"),
        replace(TOOLS, id="double"),
        *REST,
    ),
)
"""A session that ends before it starts, one in a room and a theme that are not there, two of one id at one time."""


async def with_draft(harness: Harness, event: Event, *, is_published: bool = False) -> None:
    """Keep `event` as the draft, or publish it, and sign in."""
    draft = await harness.store.save_draft(event, (await harness.store.draft()).revision)
    if is_published:
        await harness.store.publish(draft.revision, "", Addresses(), harness.clock())
        await harness.enter()
    await harness.sign_in()


def every_page(edition: Edition) -> Iterator[str]:
    """Return the path of each page below the root of a site."""
    yield ""
    for language in languages_of(EVENT):
        yield from (page_path(page, language, id) for page, id, _ in public_pages(edition))


def policies(page: Page) -> list[str]:
    return page.response.headers.get_list("content-security-policy")


async def test_earlier_edition_is_shown_whole_with_its_banner_and_under_its_own_policy() -> None:
    async with open_harness() as harness:
        await with_draft(harness, REPAINTED, is_published=True)
        first = await harness.store.edition_numbered(1)
        assert first is not None
        policy = policy_of(Renderer(first).style_hash)
        assert policies(await harness.get("/fr/organisation/")) != [policy]
        for path in every_page(first):
            page = await harness.get(OLD + path)
            assert (page.status, policies(page)) == (200, [policy]), path
            assert len(page.found("//aside[@class='preview']")) == 1, path
            assert page.response.headers.get_list("cache-control") == ["no-store"], path
        assert "Aperçu de l’édition 1" in (await harness.get(f"{OLD}fr/")).text_of("//aside")
        assert (await harness.get(f"{OLD}fr/seances/outils/")).heading == "Nos outils"


async def test_links_of_a_preview_stay_inside_it_and_one_leads_back() -> None:
    async with open_harness() as harness:
        await with_draft(harness, REPAINTED, is_published=True)
        for path in ("", "fr/", "fr/programme/grille/", "en/sessions/outils/"):
            page = await harness.get(OLD + path)
            links = [urlsplit(urljoin(OLD + path, element.get("href", ""))) for element in page.found("//a[@href]")]
            outside = [link.path for link in links if not link.netloc and not link.path.startswith(OLD)]
            assert outside == ["/fr/organisation/editions/"], path


async def test_public_files_that_are_no_pages_are_shown_with_their_media_type() -> None:
    async with open_harness() as harness:
        await with_draft(harness, REPAINTED, is_published=True)
        first = await harness.store.edition_numbered(1)
        assert first is not None
        for path, file in render(first).items():
            if not path.endswith(".html"):
                answer = await harness.client.get(OLD + path)
                assert (answer.headers["content-type"], answer.content) == (file.media_type, file.content)


async def test_draft_is_shown_as_the_next_edition() -> None:
    async with open_harness() as harness:
        await with_draft(harness, REPAINTED)
        page = await harness.get(f"{DRAFT}en/")
        assert page.heading == "Another name"
        assert "Preview of the draft" in page.text_of("//aside")
        assert "Edition 2" in page.text_of("//footer")
        assert (await harness.get("/en/")).heading == "A day for the commons"
        assert urljoin(f"{DRAFT}en/", page.found("//aside//a")[0].get("href", "")) == "/en/organisers/publish/"


async def test_draft_that_is_not_in_order_is_shown_as_far_as_it_can_be() -> None:
    async with open_harness() as harness:
        await with_draft(harness, FAULTY)
        for path in every_page(edition(FAULTY)):
            page = await harness.get(DRAFT + path)
            assert (page.status, len(page.found("//aside[@class='preview']"))) == (200, 1), path
        assert "still has problems" in (await harness.get(f"{DRAFT}en/")).text_of("//aside")


ELSEWHERE: Final = {
    "a session that the edition does not have": "fr/seances/nouvelle/",
    "a page that no edition has": "fr/rien/",
    "a page of the organisers": "fr/organisation/",
    "a folder above": "..%2F..%2F",
    "two slashes": "fr//programme/",
    "a slash too many": "fr/programme//",
    "a file that is not there": "portal.toml",
    "more folders than any page has": "fr/" * 40,
}


@pytest.mark.parametrize("path", ELSEWHERE.values(), ids=ELSEWHERE.keys())
async def test_what_the_edition_does_not_have_is_not_found(path: str) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        for root in (OLD, DRAFT):
            answer = await harness.get(root + path)
            assert (answer.status, answer.found("//aside[@class='preview']")) == (404, [])


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [(OLD.removesuffix("/"), OLD), (f"{OLD}fr", f"{OLD}fr/"), (f"{OLD}fr/programme", f"{OLD}fr/programme/")],
)
async def test_page_without_its_last_slash_is_shown_the_way(path: str, leads_to: str) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        answer = (await harness.get(path)).response
        assert (answer.status_code, urljoin(path, answer.headers["location"])) == (308, leads_to)


async def test_nothing_can_be_sent_to_a_preview() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        assert (await harness.send(f"{OLD}fr/inscription/", {})).status == 405


async def test_public_pages_have_no_banner() -> None:
    pages = [file.content for path, file in render(edition()).items() if path.endswith(".html")]
    assert [page for page in pages if b'class="preview"' in page] == []


async def test_preview_in_a_language_that_the_draft_has_no_more_begins_at_its_root() -> None:
    async with open_harness() as harness:
        await with_draft(harness, replace(EVENT, languages=("fr", "de")))
        answer = await harness.get(f"{DRAFT}en/")
        assert (answer.status, answer.response.headers["location"]) == (303, "../")
        assert (await harness.get(f"{DRAFT}en/programme/")).status == 404
        assert (await harness.get(f"{DRAFT}de/")).found("/html")[0].get("lang") == "de"
