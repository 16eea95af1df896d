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
from portal.domain.organisers.journal import JournalEntry
from tests.factories.page import Page
from tests.factories.portal import ORGANISER, House, open_house
from tests.factories.sample import EVENT

pytestmark = pytest.mark.anyio

PAGE: Final = "/en/organisers/announcements/"
STRIKE: Final = {"title_fr": "Grève du métro", "title_en": "Strike", "text_fr": "Venez\r\nà vélo.", "important": "yes"}


async def form_of(house: House) -> Page:
    """The form of a new one, for a new organiser."""
    await house.sign_in()
    return await house.get(PAGE)


async def published(house: House, page: Page, **typed: str) -> Page:
    return await house.send(PAGE, page.fields("announcements/") | typed)


async def test_announcement_is_published_at_once_and_the_draft_stays_a_draft() -> None:
    async with open_house() as house:
        page = await form_of(house)
        await house.store.save_draft(replace(EVENT, name=Text("Autre", "Other")), 1)
        house.clock.turn(seconds=90)
        answer = await published(house, page, **STRIKE)
        assert (answer.status, answer.response.headers["location"]) == (303, "../../../en/organisers/announcements/")
        home, other = await house.get("/en/"), await house.get("/fr/programme/")
        assert "Strike" in home.said("//article")
        assert "Grève du métro" in other.said("//aside")
        assert "A day for the commons" in home.heading
        edition = await house.store.edition()
        assert edition is not None
        (one,) = edition.event.announcements
        moment = datetime(2026, 11, 23, 9, 1, tzinfo=UTC)
        text = Text("Venez\nà vélo.")
        assert one == Announcement(one.id, Text("Grève du métro", "Strike"), text, moment, important=True)
        assert (edition.number, edition.published) == (2, moment)
        assert edition.comment.replace("\N{NO-BREAK SPACE}", " ") == "Annonce : « Grève du métro »."


async def test_announcement_sent_twice_is_published_once() -> None:
    async with open_house() as house:
        page = await form_of(house)
        answers = await asyncio.gather(*(published(house, page, **STRIKE) for _ in range(3)))
        assert [answer.status for answer in answers] == [303, 303, 303]
        assert (len(await house.store.editions()), len(await house.store.journal())) == (2, 1)


async def test_announcement_is_withdrawn_from_every_page() -> None:
    async with open_house() as house:
        await published(house, await form_of(house), **STRIKE)
        page = await house.get(PAGE)
        (button,) = page.found("//article//button")
        id = page.found("//article//input[@name='id']")[0].get("value", "")
        token = page.fields("announcements/")["csrf_token"]
        question = await house.send(PAGE, {"csrf_token": token, "id": id, "action": button.get("value", "")})
        assert (question.heading, "edition 3 is published without it" in question.text) == (
            "Withdraw this announcement?",
            True,
        )
        assert ("Venez" in question.said("//article"), "Strike" in (await house.get("/en/")).text) == (True, True)
        fields = question.fields("announcements/")
        assert (await house.send(PAGE, fields)).status == 303
        assert "Strike" not in (await house.get("/en/")).text
        assert (await house.store.draft()).event == EVENT
        assert (await house.send(PAGE, fields)).status == 303
        assert len(await house.store.editions()) == 3


async def withdrawn(house: House, id: str) -> Page:
    """Withdraw one, and see the page that follows."""
    token = (await house.get(PAGE)).fields("announcements/")["csrf_token"]
    question = await house.send(PAGE, {"csrf_token": token, "id": id, "action": "withdraw"})
    return await house.follow(await house.send(PAGE, question.fields("announcements/")))


async def in_force(house: House) -> tuple[Announcement, ...]:
    edition = await house.store.edition()
    assert edition is not None
    return edition.event.announcements


async def test_withdrawn_announcement_comes_back_as_the_text_of_the_form() -> None:
    async with open_house() as house:
        ends = {"until": "2026-12-15T18:00"}
        await published(house, await form_of(house), **STRIKE, **ends)
        (gone,) = await in_force(house)
        page = await withdrawn(house, gone.id)
        (button,) = page.found("//main//button[@value='again']")
        assert (button.get("aria-label"), await in_force(house)) == ("Publish “Strike” again…", ())
        asked = {"csrf_token": page.fields("announcements/")["csrf_token"], "action": "again", "id": gone.id}
        again = await house.send(PAGE, asked)
        form = again.fields("announcements/")
        assert {name: form.get(name) for name in (*STRIKE, *ends)} == {**STRIKE, "text_fr": "Venez\nà vélo."} | ends
        assert "The text of “Strike” is in the form again." in again.said("//*[@role='status']")
        assert (form["id"] == gone.id, await in_force(house)) == (False, ())
        assert (await house.send(PAGE, form)).status == 303
        assert await in_force(house) == (replace(gone, id=form["id"]),)
        assert (await house.get(PAGE)).found("//main//button[@value='again']") == []


async def test_end_that_has_passed_does_not_come_back() -> None:
    async with open_house() as house:
        await published(house, await form_of(house), **STRIKE, until="2026-11-23T11:00")
        (gone,) = await in_force(house)
        page = await withdrawn(house, gone.id)
        house.clock.turn(minutes=29)
        await house.get(PAGE)
        house.clock.turn(minutes=29)
        await house.get(PAGE)
        house.clock.turn(minutes=3)
        asked = {"csrf_token": page.fields("announcements/")["csrf_token"], "action": "again", "id": gone.id}
        assert (await house.send(PAGE, asked)).fields("announcements/")["until"] == ""


async def test_announcement_that_changed_meanwhile_is_asked_about_again() -> None:
    async with open_house() as house:
        await published(house, await form_of(house), **STRIKE)
        (one,) = await in_force(house)
        token = (await house.get(PAGE)).fields("announcements/")["csrf_token"]
        question = await house.send(PAGE, {"csrf_token": token, "id": one.id, "action": "withdraw"})
        draft = await house.store.draft()
        reworded = replace(draft.event, announcements=(replace(one, text=Text("Tout est annulé.")),))
        draft = await house.store.save_draft(reworded, draft.revision)
        await house.store.publish(draft.revision, "", Addresses(), house.clock())
        again = await house.send(PAGE, question.fields("announcements/"))
        assert (again.status, "Tout est annulé." in again.said("//article")) == (409, True)
        assert (await house.send(PAGE, again.fields("announcements/"))).status == 303
        assert await in_force(house) == ()


async def test_announcements_are_noted_by_their_titles() -> None:
    async with open_house() as house:
        await published(house, await form_of(house), **STRIKE)
        today = datetime(2026, 11, 23, tzinfo=UTC).date()
        assert await house.store.journal() == (
            JournalEntry(today, ORGANISER, "Announcement: “%(title)s”.", (("title", "Grève du métro"),)),
        )


WRONG: Final[dict[str, tuple[dict[str, str], str, str]]] = {
    "no title": ({"text_fr": "Venez."}, "title_fr", "It is empty."),
    "a title that is too long": ({"title_en": "a" * 101}, "title_en", "At most 100 characters are taken"),
    "an end that has passed": ({"title_en": "a", "until": "2026-11-23T09:59"}, "until", "This moment is over already"),
    "an end that is none": ({"title_en": "a", "until": "soon"}, "until", "A day and a time are expected"),
    "a text that is too long": ({"title_en": "a", "text_en": "a" * 801}, "text_en", "At most 800 characters are taken"),
}


@pytest.mark.parametrize(("typed", "field", "words"), WRONG.values(), ids=WRONG.keys())
async def test_announcement_is_refused_beside_its_field_and_kept(typed: dict[str, str], field: str, words: str) -> None:
    async with open_house() as house:
        page = await published(house, await form_of(house), **typed)
        assert (page.status, words in page.error(field)) == (422, True)
        kept = page.fields("announcements/")
        assert {name: kept[name] for name in typed} == typed
        assert len(await house.store.editions()) == 1


async def test_announcement_with_an_id_of_no_form_is_refused() -> None:
    async with open_house() as house:
        page = await published(house, await form_of(house), id="../a", title_fr="Grève")
        assert (page.status, len(await house.store.editions())) == (422, 1)


@pytest.mark.slow
async def test_announcements_are_not_without_number() -> None:
    async with open_house() as house:
        for number in range(ANNOUNCEMENTS):
            await published(house, await form_of(house), title_fr=f"Nouvelle {number}")
        page = await published(house, await form_of(house), **STRIKE)
        assert (page.status, "There are 10 announcements already." in page.said("//p[@role='alert']")) == (409, True)
        assert page.fields("announcements/")["title_fr"] == "Grève du métro"


async def test_page_tells_the_announcements_in_force_the_newest_first() -> None:
    async with open_house() as house:
        for number in (1, 2):
            house.clock.turn(minutes=1)
            await published(house, await form_of(house), title_en=f"News {number}")
        titles = [one.text_content() for one in (await house.get(PAGE)).found("//article/h3")]
        assert titles == ["News 2", "News 1"]


async def test_page_tells_until_when_and_no_public_one_does() -> None:
    async with open_house() as house:
        await published(house, await form_of(house), **STRIKE, until="2026-12-15T18:00")
        edition = await house.store.edition()
        assert edition is not None
        assert edition.event.announcements[0].until == datetime(2026, 12, 15, 17, 0, tzinfo=UTC)
        assert "until Tuesday 15 December 2026, 18:00" in (await house.get(PAGE)).said("//article")
        assert "18:00" not in (await house.get("/en/")).said("//article")


async def test_portal_itself_is_named_in_the_journal() -> None:
    async with open_house() as house:
        await house.sign_in()
        day, action = datetime(2026, 11, 23, tzinfo=UTC).date(), "Announcement withdrawn at its end: “%(title)s”."
        await house.store.note(JournalEntry(day, "", action, (("title", "G"),)))
        (line,) = (await house.get("/fr/organisation/journal/")).found("//ul[@class='journal']/li")
        assert " ".join(line.text_content().split()) == "Le portail Annonce retirée à son terme : « G »."
