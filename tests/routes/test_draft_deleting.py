"""An organiser deletes parts of the draft: asked first, told what hangs on them, and with nothing lost."""

from dataclasses import replace

import pytest

from portal.domain.event import Room
from portal.domain.language import Text
from tests.routes.drafting import asked, deletion, draft_of, put, sent
from tests.routes.house import open_house
from tests.site.sample import EVENT

pytestmark = pytest.mark.anyio


async def test_session_is_deleted_once_that_was_confirmed() -> None:
    async with open_house() as house:
        await house.sign_in()
        page = await asked(house, "sessions/repas/")
        assert (page.status, page.heading, await draft_of(house)) == (200, "Delete this session?", EVENT)
        form = deletion(page)
        assert (await house.send("/en/organisers/sessions/repas/", form)).status == 303
        others = tuple(one for one in EVENT.sessions if one.id != "repas")
        assert await draft_of(house) == replace(EVENT, sessions=others)
        said = (await house.get("/en/organisers/programme/")).said("//*[@role='status']")
        assert said == "Session deleted from the draft: Repas"
        again = await house.send("/en/organisers/sessions/repas/", form)
        assert (again.status, len(await house.store.journal())) == (303, 1)


async def test_session_that_the_public_has_seen_is_rather_cancelled() -> None:
    async with open_house() as house:
        await house.sign_in()
        page = await asked(house, "sessions/outils/")
        assert "Then cancel it rather" in page.text
        assert page.fields("outils/")["action"] == "cancel"
        assert (await house.send("/en/organisers/sessions/outils/", page.fields("outils/"))).status == 303
        cancelled = [one.id for one in (await draft_of(house)).sessions if one.cancelled]
        assert (cancelled, len(EVENT.sessions)) == (["outils"], len((await draft_of(house)).sessions))
        assert "cancel it rather" not in (await asked(house, "sessions/outils/")).text


async def test_session_that_the_public_has_never_seen_is_simply_deleted() -> None:
    async with open_house() as house:
        await house.sign_in()
        await sent(house, "new-room/", name_fr="Cave")
        page = await asked(house, "rooms/cave/")
        assert "The public has never seen it." in page.text
        assert (await house.send("/en/organisers/rooms/cave/", deletion(page))).status == 303
        assert await draft_of(house) == EVENT


async def test_room_in_use_is_deleted_when_its_sessions_have_another_place() -> None:
    async with open_house() as house:
        await house.sign_in()
        page = await asked(house, "rooms/grande/")
        assert [str(one.text_content()) for one in page.found("//main//li")] == ["Our tools", "General assembly"]
        refused = await house.send("/en/organisers/rooms/grande/", deletion(page))
        assert (refused.status, refused.error("instead")) == (422, "Choose where these sessions go.")
        form = deletion(refused) | {"instead": "petite"}
        assert (await house.send("/en/organisers/rooms/grande/", form)).status == 303
        event = await draft_of(house)
        assert [room.id for room in event.rooms] == ["petite"]
        assert [one.room for one in event.sessions] == [None, "petite", "petite", None, "petite"]


async def test_theme_in_use_can_be_deleted_to_none() -> None:
    async with open_house() as house:
        await house.sign_in()
        page = await asked(house, "themes/libre/")
        await house.send("/en/organisers/themes/libre/", deletion(page) | {"instead": "-"})
        assert [one.theme for one in (await draft_of(house)).sessions] == [None, None, "travail", None, None]


async def test_part_that_somebody_else_changed_is_not_deleted_before_that_was_seen() -> None:
    async with open_house() as house:
        await house.sign_in()
        form = deletion(await asked(house, "rooms/grande/")) | {"instead": "petite"}
        await put(house, lambda event: replace(event, sessions=event.sessions[1:]))
        await sent(house, "sessions/repas/", room="grande")
        page = await house.send("/en/organisers/rooms/grande/", form)
        assert (page.status, "Somebody else changed the programme" in page.text) == (409, True)
        assert len((await draft_of(house)).rooms) == 2
        assert "Lunch" in page.text
        assert (await house.send("/en/organisers/rooms/grande/", deletion(page) | {"instead": "petite"})).status == 303


async def test_text_about_a_room_that_somebody_else_deleted_is_offered_as_a_new_room() -> None:
    async with open_house() as house:
        await house.sign_in()
        page = await house.get("/en/organisers/rooms/grande/")
        mine = page.fields("rooms/grande/") | {"description_en": "With a ramp."}
        await house.send(
            "/en/organisers/rooms/grande/", deletion(await asked(house, "rooms/grande/")) | {"instead": "-"}
        )
        for action in ("", "preview"):
            gone = await house.send("/en/organisers/rooms/grande/", mine | {"action": action})
            assert (gone.status, gone.fields("new-room/")["description_en"]) == (409, "With a ramp.")
        await house.send(gone.action("new-room/"), gone.fields("new-room/"))
        new = Room("grande-salle", Text("Grande salle", "Main room"), Text("Au rez-de-chaussée.", "With a ramp."))
        assert (await draft_of(house)).rooms == (EVENT.rooms[1], new)
