"""Organisers sign in and out."""

from datetime import timedelta
from typing import Final

import pytest

from portal.domain.limits import SIGN_IN_IDLE_MINUTES, SIGN_IN_TOTAL_HOURS
from portal.settings import Settings
from portal.web.sign_in_cookie import stored_id
from tests.factories.accounts import OVERVIEW, send_sign_in
from tests.factories.portal import ORGANISER, PASSPHRASE, open_harness
from tests.factories.ticket_pages import CODE
from tests.fakes.hashers import CountingHasher, NoHasher

pytestmark = pytest.mark.anyio

REFUSED: Final = "No organiser has this name with this passphrase. Check both and try again."


async def test_organiser_signs_in_and_sees_the_overview() -> None:
    async with open_harness() as harness:
        overview = await harness.sign_in_by_form()
        assert overview.heading == "Overview"
        assert "Signed in as Camille" in overview.text


async def test_organiser_signs_in_while_the_public_fills_the_queue() -> None:
    async with open_harness(hasher=NoHasher()) as harness:
        ticket = await harness.get("/en/ticket/")
        busy = await harness.send(ticket.action(), ticket.fields() | {"code": CODE, "passphrase": PASSPHRASE})
        assert (busy.status, (await harness.sign_in_by_form()).heading) == (503, "Overview")


async def test_sign_in_is_kept_to_the_minute() -> None:
    async with open_harness() as harness:
        harness.clock.turn(seconds=42.000017)
        await harness.sign_in()
        kept = await harness.store.sign_in(stored_id(harness.client.cookies["sign_in"]), harness.clock())
        minute = harness.clock().replace(second=0, microsecond=0)
        assert kept is not None
        assert (kept.started, kept.seen) == (minute, minute)


@pytest.mark.parametrize("name", [ORGANISER, f"  {ORGANISER} "])
async def test_name_may_have_blanks_around_it(name: str) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        harness.client.cookies.clear()
        assert (await send_sign_in(harness, name, PASSPHRASE)).status == 303


@pytest.mark.parametrize(
    ("name", "passphrase"),
    [(ORGANISER, "not the one of this person"), ("Nobody", PASSPHRASE), ("", PASSPHRASE), ("x" * 9_000, PASSPHRASE)],
    ids=["a wrong passphrase", "an unknown name", "no name", "an endless name"],
)
async def test_name_and_passphrase_are_refused_alike_after_the_same_work(name: str, passphrase: str) -> None:
    hasher = CountingHasher()
    async with open_harness() as harness:
        harness.organisers_hasher = hasher
        await harness.enter()
        await harness.sign_in()
        harness.client.cookies.clear()
        hasher.works = 0
        page = await send_sign_in(harness, name, passphrase)
        assert (page.status, page.text_of("//*[@role='alert']"), hasher.works) == (403, REFUSED, 1)
        assert page.fields() | {"csrf_token": ""} == {"csrf_token": "", "name": name, "passphrase": ""}
        assert "set-cookie" not in page.response.headers


async def test_cookie_is_for_this_host_alone_and_says_nothing() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        harness.client.cookies.clear()
        cookie = (await send_sign_in(harness, ORGANISER, PASSPHRASE)).response.headers["set-cookie"]
        name, _, rest = cookie.partition("=")
        id, _, attributes = rest.partition("; ")
        assert (name, len(id), attributes) == ("sign_in", 64, "HttpOnly; Path=/; SameSite=strict")
        assert await harness.store.sign_in(id, harness.clock()) is None
        assert await harness.store.sign_in(stored_id(id), harness.clock()) is not None


async def test_cookie_asks_for_https_where_the_portal_has_it() -> None:
    async with open_harness(settings=Settings(public_url="https://event.example", onion="off")) as harness:
        await harness.sign_in()
        harness.client.cookies.clear()
        sign_in_page = await harness.get(OVERVIEW)
        fields = sign_in_page.fields() | {"name": ORGANISER, "passphrase": PASSPHRASE}
        answer = await harness.send(sign_in_page.action(), fields, origin="https://event.example", host="event.example")
        assert answer.response.headers["set-cookie"].endswith("; Secure")


async def test_signing_in_changes_the_cookie_and_ends_what_it_opened_before() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        first = harness.client.cookies["sign_in"]
        sign_in_page = await harness.send("/en/organisers/registrations/", {})
        assert sign_in_page.status == 403
        harness.clock.turn(minutes=SIGN_IN_IDLE_MINUTES)
        again = await send_sign_in(harness, ORGANISER, PASSPHRASE)
        assert again.status == 303
        assert harness.client.cookies["sign_in"] != first
        assert await harness.store.sign_in(stored_id(first), harness.clock() - timedelta(minutes=30)) is None


async def test_session_ends_when_idle() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        harness.clock.turn(minutes=SIGN_IN_IDLE_MINUTES - 1)
        assert (await harness.get(OVERVIEW)).heading == "Overview"
        harness.clock.turn(minutes=SIGN_IN_IDLE_MINUTES)
        assert (await harness.get(OVERVIEW)).heading == "Organisers"


async def test_session_ends_after_its_time_however_busy() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        for _ in range(SIGN_IN_TOTAL_HOURS * 3 - 1):
            harness.clock.turn(minutes=20)
            assert (await harness.get(OVERVIEW)).heading == "Overview"
        harness.clock.turn(minutes=20)
        assert (await harness.get(OVERVIEW)).heading == "Organisers"


async def test_signing_out_ends_the_session_here_and_in_the_browser() -> None:
    async with open_harness() as harness:
        overview = await harness.sign_in_by_form()
        id = harness.client.cookies["sign_in"]
        answer = await harness.send(overview.action("sign-out/"), overview.fields("sign-out/"))
        assert answer.status == 303
        assert "Max-Age=0" in answer.response.headers["set-cookie"]
        assert await harness.store.sign_in(stored_id(id), harness.clock()) is None
        assert (await harness.get(OVERVIEW)).heading == "Organisers"


async def test_sign_in_form_that_is_too_old_comes_back_with_the_name() -> None:
    async with open_harness() as harness:
        sign_in_page = await harness.get(OVERVIEW)
        harness.clock.turn(hours=SIGN_IN_TOTAL_HOURS, seconds=1)
        page = await harness.send(
            sign_in_page.action(), sign_in_page.fields() | {"name": ORGANISER, "passphrase": PASSPHRASE}
        )
        assert (page.status, page.fields()["name"]) == (400, ORGANISER)
