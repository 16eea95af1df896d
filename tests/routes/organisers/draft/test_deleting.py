"""An organiser deletes parts of the draft: asked first, told what hangs on them, and with nothing lost."""

from dataclasses import replace

import pytest

from portal.domain.event.event import Room
from portal.domain.language import Text
from tests.factories.draft_forms import ticked_rooms
from tests.factories.drafting import confirmation_page, deletion, draft_of, put, sent
from tests.factories.portal import open_harness
from tests.factories.sample import EVENT

pytestmark = pytest.mark.anyio


async def test_session_is_deleted_once_that_was_confirmed() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await confirmation_page(harness, "sessions/repas/")
        assert (page.status, page.heading, await draft_of(harness)) == (200, "Delete this session?", EVENT)
        form = deletion(page)
        assert (await harness.send("/en/organisers/sessions/repas/", form)).status == 303
        others = tuple(session for session in EVENT.sessions if session.id != "repas")
        assert await draft_of(harness) == replace(EVENT, sessions=others)
        status = (await harness.get("/en/organisers/programme/")).text_of("//*[@role='status']")
        assert status == "Session deleted from the draft: Repas"
        again = await harness.send("/en/organisers/sessions/repas/", form)
        assert (again.status, len(await harness.store.journal())) == (303, 1)


async def test_session_that_the_public_has_seen_is_rather_cancelled() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await confirmation_page(harness, "sessions/outils/")
        assert "Cancel it instead" in page.text
        assert page.fields("outils/")["action"] == "cancel"
        assert (await harness.send("/en/organisers/sessions/outils/", page.fields("outils/"))).status == 303
        cancelled = [session.id for session in (await draft_of(harness)).sessions if session.cancelled]
        assert (cancelled, len(EVENT.sessions)) == (["outils"], len((await draft_of(harness)).sessions))
        assert "Cancel it instead" not in (await confirmation_page(harness, "sessions/outils/")).text


async def test_session_that_the_public_has_never_seen_is_simply_deleted() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await sent(harness, "new-room/", name_fr="Cave")
        page = await confirmation_page(harness, "rooms/cave/")
        assert "The public has never seen it." in page.text
        assert (await harness.send("/en/organisers/rooms/cave/", deletion(page))).status == 303
        assert await draft_of(harness) == EVENT


async def test_room_in_use_is_deleted_when_its_sessions_have_another_place() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await confirmation_page(harness, "rooms/grande/")
        assert [str(element.text_content()) for element in page.found("//main//li")] == [
            "Our tools",
            "General assembly",
        ]
        page_errors = await harness.send("/en/organisers/rooms/grande/", deletion(page))
        assert (page_errors.status, page_errors.error("instead")) == (422, "Choose where these sessions go.")
        form = deletion(page_errors) | {"instead": "petite"}
        assert (await harness.send("/en/organisers/rooms/grande/", form)).status == 303
        event = await draft_of(harness)
        assert [room.id for room in event.rooms] == ["petite"]
        assert [session.rooms for session in event.sessions] == [(), ("petite",), ("petite",), (), ("petite",)]


async def test_question_says_how_many_sessions_use_a_room_and_which_links_lead_to_it() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        leading = replace(
            EVENT.texts, access=Text("Par [ici](room:grande).", "[Here](room:grande) and [there](room:x).")
        )
        await put(harness, lambda event: replace(event, texts=leading))
        page = await confirmation_page(harness, "rooms/grande/")
        assert "2 sessions use it:" in page.text
        assert "2 links in the texts will be broken:" in page.text
        sentence = "How to come: the link “room:grande” leads nowhere."
        assert [str(fault.text_content()) for fault in page.found("//ul[@class='faults']/li")] == [sentence, sentence]


async def test_question_says_which_speakers_go_with_a_session() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        welcome, tools, *rest = EVENT.sessions
        sessions = (replace(welcome, speakers=("Ada",)), replace(tools, speakers=("Ada", "Grace", "Alan")), *rest)
        await put(harness, lambda event: replace(event, sessions=sessions))
        page = await confirmation_page(harness, "sessions/outils/")
        sentence = "2 names are in no other session, and leave the programme with it: Alan, Grace."
        assert sentence in page.text
        assert "leave the programme" not in (await confirmation_page(harness, "sessions/accueil/")).text


async def test_link_that_was_written_meanwhile_is_told_before_its_page_is_deleted() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        form = deletion(await confirmation_page(harness, "sessions/repas/"))
        await put(
            harness, lambda event: replace(event, texts=replace(event.texts, access=Text("[Repas](session:repas)")))
        )
        page = await harness.send("/en/organisers/sessions/repas/", form)
        assert page.status == 409
        assert "1 link in the texts will be broken:" in page.text
        assert len((await draft_of(harness)).sessions) == len(EVENT.sessions)
        assert (await harness.send("/en/organisers/sessions/repas/", deletion(page))).status == 303


async def test_theme_in_use_can_be_deleted_to_none() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await confirmation_page(harness, "themes/libre/")
        await harness.send("/en/organisers/themes/libre/", deletion(page) | {"instead": "-"})
        assert [session.themes for session in (await draft_of(harness)).sessions] == [(), (), ("travail",), (), ()]


async def test_part_that_somebody_else_changed_is_not_deleted_before_that_was_seen() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        form = deletion(await confirmation_page(harness, "rooms/grande/")) | {"instead": "petite"}
        await put(harness, lambda event: replace(event, sessions=event.sessions[1:]))
        await sent(harness, "sessions/repas/", **ticked_rooms("grande"))
        page = await harness.send("/en/organisers/rooms/grande/", form)
        assert page.status == 409
        assert "Somebody else changed the programme" in page.text
        assert len((await draft_of(harness)).rooms) == 2
        assert "Lunch" in page.text
        assert (
            await harness.send("/en/organisers/rooms/grande/", deletion(page) | {"instead": "petite"})
        ).status == 303


async def test_text_about_a_room_that_somebody_else_deleted_is_offered_as_a_new_room() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await harness.get("/en/organisers/rooms/grande/")
        mine = page.fields("rooms/grande/") | {"description_en": "With a ramp."}
        await harness.send(
            "/en/organisers/rooms/grande/",
            deletion(await confirmation_page(harness, "rooms/grande/")) | {"instead": "-"},
        )
        for action in ("", "preview"):
            gone = await harness.send("/en/organisers/rooms/grande/", mine | {"action": action})
            assert (gone.status, gone.fields("new-room/")["description_en"]) == (409, "With a ramp.")
        await harness.send(gone.action("new-room/"), gone.fields("new-room/"))
        new = Room("grande-salle", Text("Grande salle", "Main room"), Text("Au rez-de-chaussée.", "With a ramp."))
        assert (await draft_of(harness)).rooms == (EVENT.rooms[1], new)
