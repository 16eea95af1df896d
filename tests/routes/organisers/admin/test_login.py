"""Organisers sign in and out."""

from datetime import timedelta
from typing import Final

import pytest

from portal.domain.limits import SIGN_IN_IDLE_MINUTES, SIGN_IN_TOTAL_HOURS
from portal.settings import Settings
from portal.web.sign_in_cookie import stored_id
from tests.factories.page import Page
from tests.factories.portal import ORGANISER, PASSPHRASE, House, open_house
from tests.routes.public.test_registration_opening import NoHasher
from tests.routes.public.test_ticket import CODE
from tests.routes.public.test_ticket_guessing import CountingHasher

pytestmark = pytest.mark.anyio

DOOR: Final = "/en/organisers/"
REFUSED: Final = "No organiser has this name with this passphrase. Check both and try again."


async def knocked(house: House, name: str, passphrase: str) -> Page:
    """Sign in with this name and this passphrase."""
    door = await house.get(DOOR)
    return await house.send(door.action(), door.fields() | {"name": name, "passphrase": passphrase})


async def test_organiser_signs_in_and_sees_the_overview() -> None:
    async with open_house() as house:
        overview = await house.sign_in()
        assert (overview.heading, "Signed in as Camille" in overview.text) == ("Overview", True)


async def test_organiser_signs_in_while_the_public_fills_the_queue() -> None:
    async with open_house(hasher=NoHasher()) as house:
        ticket = await house.get("/en/ticket/")
        busy = await house.send(ticket.action(), ticket.fields() | {"code": CODE, "passphrase": PASSPHRASE})
        assert (busy.status, (await house.sign_in()).heading) == (503, "Overview")


async def test_sign_in_is_kept_to_the_minute() -> None:
    async with open_house() as house:
        house.clock.turn(seconds=42.000017)
        await house.sign_in()
        kept = await house.store.sign_in(stored_id(house.client.cookies["sign_in"]), house.clock())
        minute = house.clock().replace(second=0, microsecond=0)
        assert kept is not None
        assert (kept.started, kept.seen) == (minute, minute)


@pytest.mark.parametrize("name", [ORGANISER, f"  {ORGANISER} "])
async def test_name_may_have_blanks_around_it(name: str) -> None:
    async with open_house() as house:
        await house.sign_in()
        house.client.cookies.clear()
        assert (await knocked(house, name, PASSPHRASE)).status == 303


@pytest.mark.parametrize(
    ("name", "passphrase"),
    [(ORGANISER, "not the one of this person"), ("Nobody", PASSPHRASE), ("", PASSPHRASE), ("x" * 9_000, PASSPHRASE)],
    ids=["a wrong passphrase", "an unknown name", "no name", "an endless name"],
)
async def test_name_and_passphrase_are_refused_alike_after_the_same_work(name: str, passphrase: str) -> None:
    hasher = CountingHasher()
    async with open_house() as house:
        house.organisers_hasher = hasher
        await house.enter()
        await house.sign_in()
        house.client.cookies.clear()
        hasher.works = 0
        page = await knocked(house, name, passphrase)
        assert (page.status, page.said("//*[@role='alert']"), hasher.works) == (403, REFUSED, 1)
        assert page.fields() | {"csrf_token": ""} == {"csrf_token": "", "name": name, "passphrase": ""}
        assert "set-cookie" not in page.response.headers


async def test_cookie_is_for_this_host_alone_and_says_nothing() -> None:
    async with open_house() as house:
        await house.sign_in()
        house.client.cookies.clear()
        cookie = (await knocked(house, ORGANISER, PASSPHRASE)).response.headers["set-cookie"]
        name, _, rest = cookie.partition("=")
        id, _, attributes = rest.partition("; ")
        assert (name, len(id), attributes) == ("sign_in", 64, "HttpOnly; Path=/; SameSite=strict")
        assert await house.store.sign_in(id, house.clock()) is None
        assert await house.store.sign_in(stored_id(id), house.clock()) is not None


async def test_cookie_asks_for_https_where_the_portal_has_it() -> None:
    async with open_house(settings=Settings(public_url="https://event.example", onion="off")) as house:
        await house.sign_in()
        house.client.cookies.clear()
        door = await house.get(DOOR)
        fields = door.fields() | {"name": ORGANISER, "passphrase": PASSPHRASE}
        answer = await house.send(door.action(), fields, origin="https://event.example", host="event.example")
        assert answer.response.headers["set-cookie"].endswith("; Secure")


async def test_signing_in_changes_the_cookie_and_ends_what_it_opened_before() -> None:
    async with open_house() as house:
        await house.sign_in()
        first = house.client.cookies["sign_in"]
        door = await house.send("/en/organisers/registrations/", {})
        assert door.status == 403
        house.clock.turn(minutes=SIGN_IN_IDLE_MINUTES)
        again = await knocked(house, ORGANISER, PASSPHRASE)
        assert (again.status, house.client.cookies["sign_in"] == first) == (303, False)
        assert await house.store.sign_in(stored_id(first), house.clock() - timedelta(minutes=30)) is None


async def test_session_ends_when_idle() -> None:
    async with open_house() as house:
        await house.sign_in()
        house.clock.turn(minutes=SIGN_IN_IDLE_MINUTES - 1)
        assert (await house.get(DOOR)).heading == "Overview"
        house.clock.turn(minutes=SIGN_IN_IDLE_MINUTES)
        assert (await house.get(DOOR)).heading == "Organisers"


async def test_session_ends_after_its_time_however_busy() -> None:
    async with open_house() as house:
        await house.sign_in()
        for _ in range(SIGN_IN_TOTAL_HOURS * 3 - 1):
            house.clock.turn(minutes=20)
            assert (await house.get(DOOR)).heading == "Overview"
        house.clock.turn(minutes=20)
        assert (await house.get(DOOR)).heading == "Organisers"


async def test_signing_out_ends_the_session_here_and_in_the_browser() -> None:
    async with open_house() as house:
        overview = await house.sign_in()
        id = house.client.cookies["sign_in"]
        answer = await house.send(overview.action("sign-out/"), overview.fields("sign-out/"))
        assert (answer.status, "Max-Age=0" in answer.response.headers["set-cookie"]) == (303, True)
        assert await house.store.sign_in(stored_id(id), house.clock()) is None
        assert (await house.get(DOOR)).heading == "Organisers"


async def test_sign_in_form_that_is_too_old_comes_back_with_the_name() -> None:
    async with open_house() as house:
        door = await house.get(DOOR)
        house.clock.turn(hours=SIGN_IN_TOTAL_HOURS, seconds=1)
        page = await house.send(door.action(), door.fields() | {"name": ORGANISER, "passphrase": PASSPHRASE})
        assert (page.status, page.fields()["name"]) == (400, ORGANISER)
