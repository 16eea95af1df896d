"""What was done is said once, on the page that follows, to whoever did it."""

import pytest

from portal.routes.flash import Done, Said
from tests.factories.portal import open_house

pytestmark = pytest.mark.anyio

ROOM = "/en/organisers/rooms/grande/"
STATUS = "//*[@role='status']"


async def test_change_is_said_once_on_the_page_that_follows() -> None:
    async with open_house() as house:
        await house.sign_in()
        page = await house.get(ROOM)
        answer = await house.send(ROOM, page.fields("grande/") | {"name_fr": "Théâtre"})
        following = str(answer.response.request.url.join(answer.response.headers["location"]))
        assert "?" not in following
        assert (await house.get(following)).said(STATUS) == "Room changed in the draft: Grande salle"
        assert (await house.get(following)).said(STATUS) == ""


async def test_change_is_said_in_the_language_of_the_page_that_follows() -> None:
    async with open_house() as house:
        await house.sign_in()
        page = await house.get("/fr/organisation/salles/grande/")
        await house.send("/fr/organisation/salles/grande/", page.fields("grande/") | {"name_fr": "Théâtre"})
        said = (await house.get("/fr/organisation/salles/")).said(STATUS)
        assert said == "Salle modifiée dans le brouillon : Grande salle"


async def test_change_is_said_to_nobody_else() -> None:
    async with open_house() as house:
        await house.sign_in()
        page = await house.get(ROOM)
        await house.send(ROOM, page.fields("grande/") | {"name_fr": "Théâtre"})
        mine = dict(house.client.cookies)
        await house.sign_in("Sacha")
        assert (await house.get("/en/organisers/rooms/")).said(STATUS) == ""
        house.client.cookies.clear()
        house.client.cookies.update(mine)
        assert (await house.get("/en/organisers/rooms/")).said(STATUS) != ""


def test_lines_that_nobody_comes_for_are_dropped_the_oldest_first() -> None:
    said = Said()
    for number in range(300):
        said.say(str(number), Done("No %(what)s", {"what": number}))
    told = [said.take(id).in_words("en") for id in ("0", "43", "44", "299", "299")]
    assert told == ["", "", "No 44", "No 299", ""]
