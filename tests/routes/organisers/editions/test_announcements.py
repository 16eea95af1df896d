"""Announcements: published at once as an edition of their own, and withdrawn as easily."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pytest

from portal.domain.edition.edition import Addresses
from portal.domain.event.event import Announcement
from portal.domain.language import Text
from portal.domain.limits import ANNOUNCEMENTS
from portal.domain.organisers.organiser import JournalEntry
from tests.factories.page import Page
from tests.factories.portal import ORGANISER, Harness, open_harness
from tests.factories.sample import EVENT

pytestmark = pytest.mark.anyio

PAGE: Final = "/en/organisers/announcements/"
STRIKE: Final = {"title_fr": "Grève du métro", "title_en": "Strike", "text_fr": "Venez\r\nà vélo.", "important": "yes"}


async def form_of(harness: Harness) -> Page:
    """Open the form of a new announcement, as a new organiser."""
    await harness.sign_in()
    return await harness.get(PAGE)


async def published(harness: Harness, page: Page, **typed: str) -> Page:
    return await harness.send(PAGE, page.fields("announcements/") | typed)


async def test_announcement_is_published_at_once_and_the_draft_stays_a_draft() -> None:
    async with open_harness() as harness:
        page = await form_of(harness)
        await harness.store.save_draft(replace(EVENT, name=Text("Autre", "Other")), 1)
        harness.clock.turn(seconds=90)
        answer = await published(harness, page, **STRIKE)
        assert (answer.status, answer.response.headers["location"]) == (303, "../../../en/organisers/announcements/")
        home, other = await harness.get("/en/"), await harness.get("/fr/programme/")
        assert "Strike" in home.text_of("//article")
        assert "Grève du métro" in other.text_of("//aside")
        assert "A day for the commons" in home.heading
        edition = await harness.store.edition()
        assert edition is not None
        (announcement,) = edition.event.announcements
        moment = datetime(2026, 11, 23, 9, 1, tzinfo=UTC)
        text = Text("Venez\nà vélo.")
        assert announcement == Announcement(
            announcement.id, Text("Grève du métro", "Strike"), text, moment, important=True
        )
        assert (edition.number, edition.published) == (2, moment)
        assert edition.comment.replace("\N{NO-BREAK SPACE}", " ") == "Annonce : « Grève du métro »."


async def test_announcement_sent_twice_is_published_once() -> None:
    async with open_harness() as harness:
        page = await form_of(harness)
        answers = await asyncio.gather(*(published(harness, page, **STRIKE) for _ in range(3)))
        assert [answer.status for answer in answers] == [303, 303, 303]
        assert (len(await harness.store.editions()), len(await harness.store.journal())) == (2, 1)


async def test_announcement_is_withdrawn_from_every_page() -> None:
    async with open_harness() as harness:
        await published(harness, await form_of(harness), **STRIKE)
        page = await harness.get(PAGE)
        (button,) = page.found("//article//button")
        id = page.found("//article//input[@name='id']")[0].get("value", "")
        token = page.fields("announcements/")["csrf_token"]
        question = await harness.send(PAGE, {"csrf_token": token, "id": id, "action": button.get("value", "")})
        assert question.heading == "Withdraw this announcement?"
        assert "edition 3 is published without it" in question.text
        assert "Venez" in question.text_of("//article")
        assert "Strike" in (await harness.get("/en/")).text
        fields = question.fields("announcements/")
        assert (await harness.send(PAGE, fields)).status == 303
        assert "Strike" not in (await harness.get("/en/")).text
        assert (await harness.store.draft()).event == EVENT
        assert (await harness.send(PAGE, fields)).status == 303
        assert len(await harness.store.editions()) == 3


async def withdrawn(harness: Harness, id: str) -> Page:
    """Withdraw one, and see the page that follows."""
    token = (await harness.get(PAGE)).fields("announcements/")["csrf_token"]
    question = await harness.send(PAGE, {"csrf_token": token, "id": id, "action": "withdraw"})
    return await harness.follow(await harness.send(PAGE, question.fields("announcements/")))


async def in_force(harness: Harness) -> tuple[Announcement, ...]:
    edition = await harness.store.edition()
    assert edition is not None
    return edition.event.announcements


async def test_withdrawn_announcement_comes_back_as_the_text_of_the_form() -> None:
    async with open_harness() as harness:
        ends = {"until": "2026-12-15T18:00"}
        await published(harness, await form_of(harness), **STRIKE, **ends)
        (gone,) = await in_force(harness)
        page = await withdrawn(harness, gone.id)
        (button,) = page.found("//main//button[@value='again']")
        assert (button.get("aria-label"), await in_force(harness)) == ("Publish “Strike” again…", ())
        again_form = {"csrf_token": page.fields("announcements/")["csrf_token"], "action": "again", "id": gone.id}
        again = await harness.send(PAGE, again_form)
        form = again.fields("announcements/")
        assert {name: form.get(name) for name in (*STRIKE, *ends)} == {**STRIKE, "text_fr": "Venez\nà vélo."} | ends
        assert "The text of “Strike” is in the form again." in again.text_of("//*[@role='status']")
        assert form["id"] != gone.id
        assert await in_force(harness) == ()
        assert (await harness.send(PAGE, form)).status == 303
        assert await in_force(harness) == (replace(gone, id=form["id"]),)
        assert (await harness.get(PAGE)).found("//main//button[@value='again']") == []


async def test_end_that_has_passed_does_not_come_back() -> None:
    async with open_harness() as harness:
        await published(harness, await form_of(harness), **STRIKE, until="2026-11-23T11:00")
        (gone,) = await in_force(harness)
        page = await withdrawn(harness, gone.id)
        harness.clock.turn(minutes=29)
        await harness.get(PAGE)
        harness.clock.turn(minutes=29)
        await harness.get(PAGE)
        harness.clock.turn(minutes=3)
        again_form = {"csrf_token": page.fields("announcements/")["csrf_token"], "action": "again", "id": gone.id}
        assert (await harness.send(PAGE, again_form)).fields("announcements/")["until"] == ""


async def test_announcement_that_changed_meanwhile_is_asked_about_again() -> None:
    async with open_harness() as harness:
        await published(harness, await form_of(harness), **STRIKE)
        (announcement,) = await in_force(harness)
        token = (await harness.get(PAGE)).fields("announcements/")["csrf_token"]
        question = await harness.send(PAGE, {"csrf_token": token, "id": announcement.id, "action": "withdraw"})
        draft = await harness.store.draft()
        reworded = replace(draft.event, announcements=(replace(announcement, text=Text("Tout est annulé.")),))
        draft = await harness.store.save_draft(reworded, draft.revision)
        await harness.store.publish(draft.revision, "", Addresses(), harness.clock())
        again = await harness.send(PAGE, question.fields("announcements/"))
        assert again.status == 409
        assert "Tout est annulé." in again.text_of("//article")
        assert (await harness.send(PAGE, again.fields("announcements/"))).status == 303
        assert await in_force(harness) == ()


async def test_announcements_are_noted_by_their_titles() -> None:
    async with open_harness() as harness:
        await published(harness, await form_of(harness), **STRIKE)
        today = datetime(2026, 11, 23, tzinfo=UTC).date()
        assert await harness.store.journal() == (
            JournalEntry(today, ORGANISER, "Announcement: “%(title)s”.", (("title", "Grève du métro"),)),
        )


WRONG: Final[dict[str, tuple[dict[str, str], str, str]]] = {
    "no title": ({"text_fr": "Venez."}, "title_fr", "It is empty."),
    "a title that is too long": ({"title_en": "a" * 101}, "title_en", "At most 100 characters are taken"),
    "an end that has passed": ({"title_en": "a", "until": "2026-11-23T09:59"}, "until", "This time has passed"),
    "an end that is none": ({"title_en": "a", "until": "soon"}, "until", "Enter a day and a time"),
    "a text that is too long": ({"title_en": "a", "text_en": "a" * 801}, "text_en", "At most 800 characters are taken"),
}


@pytest.mark.parametrize(("typed", "field", "words"), WRONG.values(), ids=WRONG.keys())
async def test_announcement_is_refused_beside_its_field_and_kept(typed: dict[str, str], field: str, words: str) -> None:
    async with open_harness() as harness:
        page = await published(harness, await form_of(harness), **typed)
        assert page.status == 422
        assert words in page.error(field)
        kept = page.fields("announcements/")
        assert {name: kept[name] for name in typed} == typed
        assert len(await harness.store.editions()) == 1


async def test_announcement_with_an_id_of_no_form_is_refused() -> None:
    async with open_harness() as harness:
        page = await published(harness, await form_of(harness), id="../a", title_fr="Grève")
        assert (page.status, len(await harness.store.editions())) == (422, 1)


@pytest.mark.slow
async def test_announcements_are_not_without_number() -> None:
    async with open_harness() as harness:
        for number in range(ANNOUNCEMENTS):
            await published(harness, await form_of(harness), title_fr=f"Nouvelle {number}")
        page = await published(harness, await form_of(harness), **STRIKE)
        assert page.status == 409
        assert "There are 10 announcements already." in page.text_of("//p[@role='alert']")
        assert page.fields("announcements/")["title_fr"] == "Grève du métro"


async def test_page_tells_the_announcements_in_force_the_newest_first() -> None:
    async with open_harness() as harness:
        for number in (1, 2):
            harness.clock.turn(minutes=1)
            await published(harness, await form_of(harness), title_en=f"News {number}")
        titles = [element.text_content() for element in (await harness.get(PAGE)).found("//article/h3")]
        assert titles == ["News 2", "News 1"]


async def test_page_tells_until_when_and_no_public_one_does() -> None:
    async with open_harness() as harness:
        await published(harness, await form_of(harness), **STRIKE, until="2026-12-15T18:00")
        edition = await harness.store.edition()
        assert edition is not None
        assert edition.event.announcements[0].until == datetime(2026, 12, 15, 17, 0, tzinfo=UTC)
        assert "until Tuesday 15 December 2026, 18:00" in (await harness.get(PAGE)).text_of("//article")
        assert "18:00" not in (await harness.get("/en/")).text_of("//article")


async def test_portal_itself_is_named_in_the_journal() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        day, action = datetime(2026, 11, 23, tzinfo=UTC).date(), "Announcement withdrawn at its end: “%(title)s”."
        await harness.store.note(JournalEntry(day, "", action, (("title", "G"),)))
        (line,) = (await harness.get("/fr/organisation/journal/")).found("//ul[@class='journal']/li")
        assert " ".join(line.text_content().split()) == "Le portail Annonce retirée à son terme : « G »."
