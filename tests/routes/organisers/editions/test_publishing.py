"""An organiser publishes the draft: everybody reads it at once."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pytest

from portal.domain.edition.edition import Addresses
from portal.domain.language import Text
from portal.services import OnionView
from portal.settings import Settings
from tests.factories.draft_forms import ticked_rooms
from tests.factories.page import Page
from tests.factories.portal import Harness, open_harness
from tests.factories.sample import news

pytestmark = pytest.mark.anyio

PATH: Final = "/en/organisers/publish/"
SESSION: Final = "/en/organisers/sessions/outils/"
ONION: Final = "http://" + "a" * 56 + ".onion"
COMMENT: Final = "Our tools have another name."


async def edited(harness: Harness, **typed: str) -> None:
    """Save the session in the draft."""
    page = await harness.get(SESSION)
    assert (await harness.send(SESSION, page.fields("outils/") | typed)).status == 303


async def published(harness: Harness, **typed: str) -> Page:
    """Send the form that publishes."""
    return await harness.send(PATH, (await harness.get(PATH)).fields("publish/") | {"comment": COMMENT} | typed)


async def test_publishing_shows_first_what_changes() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await edited(harness, title_en="Tools of ours", start="11:45")
        page = await harness.get(PATH)
        changes = [str(item.text_content()) for item in page.found("//main//li")]
        assert changes == [
            "In English, “Our tools” is now called “Tools of ours”.",
            "“Tools of ours” moves from 11:30 – 12:30 to 11:45 – 12:30.",
            "Tools of ours: part of it in French may be out of date: it was changed in another language since.",
        ]


async def test_published_edition_is_read_by_everybody_at_once() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await edited(harness, title_en="Tools of ours")
        harness.clock.turn(minutes=5, seconds=30)
        answer = await published(harness)
        edition = await harness.store.edition()
        assert edition is not None
        assert (answer.status, edition.number, edition.comment) == (303, 2, COMMENT)
        assert edition.published == datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
        assert "Tools of ours" in (await harness.get("/en/programme/")).text
        assert "In force: edition 2" in (await harness.get("/en/organisers/")).text


async def test_publishing_says_so_on_the_page_that_follows() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await edited(harness, title_en="Tools of ours")
        answer = await published(harness)
        assert "?" not in answer.response.headers["location"]
        assert (
            (await harness.follow(answer))
            .text_of("//*[@role='status']")
            .startswith("Edition 2 is published: everybody reads it from now on.")
        )
        assert (await harness.get(PATH)).text_of("//*[@role='status']") == ""


async def test_draft_can_be_looked_at_before_it_is_published() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await edited(harness, title_en="Tools of ours")
        page = await harness.get(PATH)
        (link,) = [element.get("href", "") for element in page.found("//main//a") if "view/" in element.get("href", "")]
        preview = await harness.get(f"{page.response.request.url.join(link).path}sessions/outils/")
        assert (preview.status, preview.heading) == (200, "Tools of ours")


async def test_nothing_is_published_when_nothing_changed() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await harness.get(PATH)
        assert (page.heading, page.has_form("publish/")) == ("Nothing to publish", False)


async def test_publishing_twice_publishes_once() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await edited(harness, title_en="Tools of ours")
        form = (await harness.get(PATH)).fields("publish/") | {"comment": COMMENT}
        first, second = await harness.send(PATH, form), await harness.send(PATH, form)
        assert (first.status, second.status, len(await harness.store.editions())) == (303, 409, 2)
        assert "there is nothing to publish" in second.text


COMMENTS: Final = {
    "none": ("  ", "Say in a sentence"),
    "too long": ("x" * 501, "at most 500"),
    "with a sign that cannot be shown": ("A\x07B", "U+0007"),
}


@pytest.mark.parametrize(("comment", "words"), COMMENTS.values(), ids=COMMENTS.keys())
async def test_comment_that_cannot_be_taken_is_told_beside_its_field(comment: str, words: str) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await edited(harness, title_en="Tools of ours")
        page = await published(harness, comment=comment)
        assert page.status == 422
        assert words in page.error("comment")
        assert (page.fields("publish/")["comment"], len(await harness.store.editions())) == (comment, 1)


async def test_draft_changed_while_it_was_read_is_shown_again_before_it_is_published() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await edited(harness, title_en="Tools of ours")
        form = (await harness.get(PATH)).fields("publish/") | {"comment": COMMENT}
        await edited(harness, title_en="Tools of theirs")
        page = await harness.send(PATH, form)
        assert page.status == 409
        assert "Tools of theirs" in page.text
        assert (page.fields("publish/")["comment"], len(await harness.store.editions())) == (COMMENT, 1)
        assert (await harness.send(PATH, page.fields("publish/"))).status == 303


async def test_draft_that_is_not_in_order_is_not_published() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await edited(harness, title_en="Tools of ours")
        form = (await harness.get(PATH)).fields("publish/") | {"comment": COMMENT}
        await edited(harness, **ticked_rooms("petite"))
        page = await harness.get(PATH)
        assert "overlaps" in page.text
        assert not page.has_form("publish/")
        form["revision"] = str((await harness.store.draft()).revision)
        page_errors = await harness.send(PATH, form)
        assert (page_errors.status, len(await harness.store.editions())) == (409, 1)


async def test_addresses_of_the_portal_go_with_the_edition() -> None:
    settings = Settings(public_url="http://event.example", onion="auto")
    async with open_harness(settings=settings) as harness:
        await harness.sign_in()
        harness.onion = OnionView("published", ONION)
        assert (await published(harness)).status == 303
        edition = await harness.store.edition()
        assert edition is not None
        assert edition.addresses == Addresses("http://event.example", ONION)
        assert f"{ONION}/en/ticket/" not in (await harness.get("/en/ticket/")).text
        assert ONION in (await harness.get("/en/mirrors/")).text


async def test_overview_says_that_an_edition_with_the_onion_address_is_due() -> None:
    due = "The public pages do not name the onion address yet"
    async with open_harness(settings=Settings(onion="auto")) as harness:
        assert due not in (await harness.sign_in_by_form()).text
        harness.onion = OnionView("published", ONION)
        assert due in (await harness.get("/en/organisers/")).text
        await published(harness)
        overview = await harness.get("/en/organisers/")
        assert due not in overview.text
        assert ONION in overview.text_of("//footer")


async def test_onion_out_of_reach_keeps_its_place_in_the_next_edition() -> None:
    async with open_harness(settings=Settings(onion="auto")) as harness:
        await harness.sign_in()
        harness.onion = OnionView("published", ONION)
        await published(harness)
        harness.onion = OnionView("waiting", None)
        await edited(harness, title_en="Tools of ours")
        await published(harness)
        edition = await harness.store.edition()
        assert edition is not None
        assert (edition.number, edition.addresses.onion) == (3, ONION)


async def test_onion_turned_off_leaves_the_next_edition() -> None:
    async with open_harness(settings=Settings(onion="auto")) as harness:
        await harness.sign_in()
        harness.onion = OnionView("published", ONION)
        await published(harness)
        harness.settings, harness.onion = Settings(onion="off"), OnionView("off", None)
        cookies = harness.client.cookies
        await harness.enter()
        harness.client.cookies = cookies
        await published(harness)
        edition = await harness.store.edition()
        assert edition is not None
        assert (edition.number, edition.addresses) == (3, Addresses())


async def test_edition_is_published_despite_warnings_which_lead_to_what_they_are_about() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await edited(harness, abstract_fr="", abstract_en="")
        page = await harness.get(PATH)
        (link,) = page.found("//details//a")
        assert page.text_of("//details/summary") == "1 point to check"
        assert page.text_of("//details//li") == "Our tools: it has no description."
        assert link.get("href", "").endswith("organisers/sessions/outils/")
        assert (await published(harness)).status == 303


async def test_many_warnings_do_not_stand_in_the_way() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        draft = await harness.store.draft()
        sessions = tuple(
            replace(session, title=Text(session.title["fr"]), abstract=Text()) for session in draft.event.sessions
        )
        await harness.store.save_draft(replace(draft.event, sessions=sessions), draft.revision)
        page = await harness.get(PATH)
        assert page.text_of("//details[not(@open)]/summary") == "9 points to check"
        assert (await published(harness)).status == 303


async def test_fault_of_an_announcement_leads_to_the_announcements() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        draft = await harness.store.draft()
        await harness.store.save_draft(replace(draft.event, announcements=(news(1), news(1))), draft.revision)
        (link,) = [
            element for element in (await harness.get(PATH)).found("//main//a") if element.text_content() == "News 1"
        ]
        assert link.get("href", "").endswith("organisers/announcements/")
