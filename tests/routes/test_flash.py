"""Flash messages are shown once, on the page that follows, to the organiser who acted."""

import pytest

from portal.routes.flash import Flash, FlashMessage
from tests.factories.portal import open_harness

pytestmark = pytest.mark.anyio

ROOM = "/en/organisers/rooms/grande/"
STATUS = "//*[@role='status']"


async def test_change_is_said_once_on_the_page_that_follows() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await harness.get(ROOM)
        answer = await harness.send(ROOM, page.fields("grande/") | {"name_fr": "Théâtre"})
        following = str(answer.response.request.url.join(answer.response.headers["location"]))
        assert "?" not in following
        assert (await harness.get(following)).text_of(STATUS) == "Room changed in the draft: Grande salle"
        assert (await harness.get(following)).text_of(STATUS) == ""


async def test_change_is_said_in_the_language_of_the_page_that_follows() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await harness.get("/fr/organisation/salles/grande/")
        await harness.send("/fr/organisation/salles/grande/", page.fields("grande/") | {"name_fr": "Théâtre"})
        flash = (await harness.get("/fr/organisation/salles/")).text_of(STATUS)
        assert flash == "Salle modifiée dans le brouillon : Grande salle"


async def test_change_is_said_to_nobody_else() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await harness.get(ROOM)
        await harness.send(ROOM, page.fields("grande/") | {"name_fr": "Théâtre"})
        mine = dict(harness.client.cookies)
        await harness.sign_in("Sacha")
        assert (await harness.get("/en/organisers/rooms/")).text_of(STATUS) == ""
        harness.client.cookies.clear()
        harness.client.cookies.update(mine)
        assert (await harness.get("/en/organisers/rooms/")).text_of(STATUS) != ""


def test_lines_that_nobody_comes_for_are_dropped_the_oldest_first() -> None:
    flash = Flash()
    for number in range(300):
        flash.flash(str(number), FlashMessage("No %(what)s", {"what": number}))
    messages = [flash.take(id).translated("en") for id in ("0", "43", "44", "299", "299")]
    assert messages == ["", "", "No 44", "No 299", ""]
