"""An organiser changes a text in one language; the others are out of date until they follow or are confirmed."""

from typing import Final

import pytest

from portal.domain.edition.edition import OutdatedText
from tests.factories.page import Page
from tests.factories.portal import Harness, open_harness

pytestmark = pytest.mark.anyio

PATH: Final = "/en/organisers/rooms/petite/"
MARK: Final = OutdatedText("rooms", "petite", "name", "fr")
WARNING: Final = "art of it in French may be out of date: it was changed in another language since."
CONFIRM: Final = "confirm.name_fr"


async def saved(harness: Harness, **typed: str) -> Page:
    """Open the room and save it with what was `typed`."""
    page = await harness.get(PATH)
    return await harness.send(PATH, page.fields("petite/") | typed)


async def outdated(harness: Harness) -> tuple[OutdatedText, ...]:
    """Return what is out of date in the draft."""
    return (await harness.store.draft()).outdated


async def test_text_of_the_other_language_is_marked_beside_its_field_and_on_every_list() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await saved(harness, name_en="Cosy room")
        assert await outdated(harness) == (MARK,)
        for path in (PATH, "/en/organisers/rooms/", "/en/organisers/programme/", "/en/organisers/publish/"):
            assert WARNING in (await harness.get(path)).text
        (box,) = (await harness.get(PATH)).found(f"//input[@name='{CONFIRM}']")
        assert (box.get("type"), box.get("checked")) == ("checkbox", None)


async def test_text_is_up_to_date_once_it_is_confirmed() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await saved(harness, name_en="Cosy room")
        answer = await saved(harness, **{CONFIRM: "yes"})
        assert (answer.status, await outdated(harness)) == (303, ())
        page = await harness.get(PATH)
        assert WARNING not in page.text
        assert page.found(f"//input[@name='{CONFIRM}']") == []


async def test_text_is_up_to_date_once_it_has_followed() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await saved(harness, name_en="Cosy room")
        await saved(harness, name_fr="Salle douillette")
        assert await outdated(harness) == ()


async def test_confirmation_stays_ticked_when_the_form_comes_back() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await saved(harness, name_en="Cosy room")
        page = await saved(harness, name_en="a\nb", **{CONFIRM: "yes"})
        (box,) = page.found(f"//input[@name='{CONFIRM}']")
        assert (page.status, box.get("checked"), await outdated(harness)) == (422, "checked", (MARK,))


async def test_what_is_published_says_nothing_of_it() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await saved(harness, name_en="Cosy room")
        before = await harness.store.draft()
        page = await harness.get("/en/organisers/publish/")
        sent = page.fields("publish/") | {"comment": "Another name."}
        assert (await harness.send("/en/organisers/publish/", sent)).status == 303
        assert await harness.store.draft() == before


async def test_unknown_confirmation_changes_nothing() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        revision = (await harness.store.draft()).revision
        await saved(harness, **{"confirm.name_de": "yes", "confirm.": "yes", "confirm.x": "yes"})
        assert (await harness.store.draft()).revision == revision
