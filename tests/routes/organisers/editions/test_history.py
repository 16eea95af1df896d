"""The list of the editions, an edition as a file, and an earlier one taken back as the draft."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from portal.domain.edition.edition import Addresses
from portal.domain.event.event import Event
from portal.domain.event.event_file import read_event
from portal.domain.language import Text
from portal.domain.limits import EDITIONS_LISTED
from tests.factories.portal import Harness, open_harness
from tests.factories.sample import EVENT, news

pytestmark = pytest.mark.anyio

LIST: Final = "/en/organisers/editions/"
ANNOUNCE: Final = "/en/organisers/announcements/"
TAKE_BACK: Final = "/en/organisers/editions/1/take-back/"
RENAMED: Final = replace(EVENT, name=Text("Autre nom", "Another name"))


async def publish(harness: Harness, event: Event, comment: str = "") -> None:
    """Publish `event`, and show it."""
    draft = await harness.store.save_draft(event, (await harness.store.draft()).revision)
    await harness.store.publish(draft.revision, comment, Addresses(), harness.clock())
    await harness.enter()
    await harness.sign_in()


async def test_list_tells_every_edition_the_newest_first() -> None:
    async with open_harness() as harness:
        await publish(harness, RENAMED, "We have another name.")
        page = await harness.get(LIST)
        texts = [" ".join(str(element.text_content()).split()) for element in page.found("//main//article")]
        assert texts == [
            "Edition 2 Monday 23 November 2026, 10:00 Everybody reads this one We have another name. "
            "The name of the event: “Une journée pour les communs” becomes “Another name”. "
            "View it (2) Restore as the draft… (2) Export (TOML) (2)".replace(
                "Une journée pour les communs", "A day for the commons"
            ),
            "Edition 1 Sunday 1 November 2026, 09:00 View it (1) Restore as the draft… (1) Export (TOML) (1)",
        ]


async def test_list_tells_an_announcement_once() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        form = (await harness.get(ANNOUNCE)).fields("announcements/") | {"title_en": "Strike"}
        await harness.send(ANNOUNCE, form)
        article = (await harness.get(LIST)).found("//main//article")[0]
        sentence = " ".join(str(article.text_content()).split())
        assert sentence.startswith(
            "Edition 2 Monday 23 November 2026, 10:00 Everybody reads this one Announcement: “Strike”. View"
        )


async def test_many_changes_are_folded_away() -> None:
    async with open_harness() as harness:
        await publish(harness, replace(EVENT, sessions=()))
        await publish(harness, replace(EVENT, themes=(), rooms=(), sessions=()))
        await publish(harness, EVENT)
        page = await harness.get(LIST)
        assert page.text_of("//summary") == "9 changes"
        assert len(page.found("//details//li")) == 9


async def test_edition_that_only_has_other_addresses_says_so() -> None:
    async with open_harness() as harness:
        await harness.store.publish(1, "", Addresses("https://event.example"), harness.clock())
        await harness.sign_in()
        assert (
            "Nothing changed but the addresses of the portal or the fingerprint of its signatures."
            in (await harness.get(LIST)).text
        )


async def test_list_of_hundreds_is_told_page_by_page() -> None:
    async with open_harness() as harness:
        for number in range(2, 2 * EDITIONS_LISTED + 2):
            named = replace(EVENT, name=Text(f"Nom {number}"))
            draft = await harness.store.save_draft(named, number - 1)
            await harness.store.publish(draft.revision, "", Addresses(), harness.clock() + timedelta(minutes=number))
        await harness.sign_in()
        first, last = await harness.get(LIST), await harness.get(f"{LIST}?page=3")
        assert [len(page.found("//main//article")) for page in (first, last)] == [EDITIONS_LISTED, 1]
        assert "Page 1 of 3" in first.text
        assert "Page 3 of 3" in last.text
        assert [element.get("href") for element in first.found("//main//nav//a")] == ["?page=2"]
        assert [element.get("href") for element in last.found("//main//nav//a")] == ["?page=2"]


@pytest.mark.parametrize(("typed", "shown"), [("0", 1), ("-1", 1), ("x", 1), ("99", 2), ("9" * 400, 1)])
async def test_page_that_is_not_there_is_the_nearest_one_that_is(typed: str, shown: int) -> None:
    async with open_harness() as harness:
        for number in range(2, EDITIONS_LISTED + 2):
            draft = await harness.store.save_draft(replace(EVENT, name=Text(f"Nom {number}")), number - 1)
            await harness.store.publish(draft.revision, "", Addresses(), harness.clock())
        await harness.sign_in()
        page = await harness.get(f"{LIST}?page={typed}")
        assert page.status == 200
        assert f"Page {shown} of 2" in page.text


async def test_edition_is_exported_as_the_file_that_portal_check_reads() -> None:
    async with open_harness() as harness:
        await publish(harness, RENAMED)
        answer = (await harness.get(f"{LIST}1/file/")).response
        assert answer.headers["content-disposition"] == 'attachment; filename="journee-edition-1.toml"'
        assert answer.headers["content-type"] == "application/toml; charset=utf-8"
        assert read_event(answer.content, "event.toml") == EVENT


@pytest.mark.parametrize("number", ["0", "2", "01", "x", "²", "9" * 40])
@pytest.mark.parametrize("page", ["view/", "view/en/", "file/", "take-back/"])
async def test_edition_that_never_was_is_found_nowhere(page: str, number: str) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        answer = await harness.get(f"{LIST}{number}/{page}")
        assert (answer.status, answer.heading) == (404, "This page does not exist")


async def test_taking_an_edition_back_tells_first_what_the_draft_would_lose() -> None:
    async with open_harness() as harness:
        await publish(harness, RENAMED)
        page = await harness.get(TAKE_BACK)
        assert "“Another name” becomes “A day for the commons”" in page.text_of("//main//ul")
        assert (await harness.store.draft()).event == RENAMED


LOST: Final[dict[str, tuple[Event, list[str]]]] = {
    "what was never published": (
        replace(RENAMED, lead=Text("Jamais publié", "Never published")),
        ["The sentence under the name: “Learn, debate, decide together.” becomes “Never published”."],
    ),
    "nothing, where the draft was published": (RENAMED, []),
}


@pytest.mark.parametrize(("draft", "lost"), LOST.values(), ids=LOST.keys())
async def test_question_tells_what_was_never_published(draft: Event, lost: list[str]) -> None:
    async with open_harness() as harness:
        await publish(harness, RENAMED)
        await harness.store.save_draft(draft, (await harness.store.draft()).revision)
        page = await harness.get(TAKE_BACK)
        texts = [
            str(element.text_content()) for element in page.found("//h2[.='What is lost']/following-sibling::ul[1]/li")
        ]
        words = "1 unpublished change in the draft" if lost else "Nothing: all that the draft changed"
        assert texts[: len(lost)] == lost
        assert words in page.text


async def test_edition_that_is_taken_back_is_the_draft_and_not_published() -> None:
    async with open_harness() as harness:
        await publish(harness, RENAMED)
        answer = await harness.send(TAKE_BACK, (await harness.get(TAKE_BACK)).fields("take-back/"))
        in_force = await harness.store.edition()
        assert in_force is not None
        assert (answer.status, (await harness.store.draft()).event) == (303, EVENT)
        assert (in_force.number, in_force.event) == (2, RENAMED)
        assert (await harness.store.journal())[0].action == "Edition %(number)s taken back as the draft"


async def test_announcements_stay_as_they_are_in_force_when_an_edition_is_taken_back() -> None:
    async with open_harness() as harness:
        await harness.store.announce(news(1), "", Addresses(), harness.clock())
        await harness.store.withdraw_announcement(news(1).id, "", Addresses(), harness.clock())
        await harness.store.announce(news(2), "", Addresses(), harness.clock())
        await publish(harness, replace(RENAMED, announcements=(news(2),)))
        page = await harness.get(f"{LIST}2/take-back/")
        await harness.send(page.action("take-back/"), page.fields("take-back/"))
        assert (await harness.store.draft()).event == replace(EVENT, announcements=(news(2),))


async def test_draft_that_somebody_else_saves_meanwhile_is_not_lost() -> None:
    async with open_harness() as harness:
        await publish(harness, RENAMED)
        form = (await harness.get(TAKE_BACK)).fields("take-back/")
        theirs = replace(RENAMED, lead=Text("Leur phrase", "Their sentence"))
        await harness.store.save_draft(theirs, int(form["revision"]))
        again = await harness.send(TAKE_BACK, form)
        assert again.status == 409
        assert "Their sentence" in again.text_of("//main//ul")
        assert (await harness.store.draft()).event == theirs
        assert (await harness.send(TAKE_BACK, again.fields("take-back/"))).status == 303
        assert (await harness.store.draft()).event == EVENT


async def test_edition_that_is_the_draft_already_is_not_to_be_taken_back() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await harness.get(TAKE_BACK)
        assert not page.has_form("take-back/")
        assert "there is nothing to change" in page.text
