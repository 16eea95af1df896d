"""Invitations: a sheet that is shown once, of which only hashes are kept."""

from base64 import b64decode
from datetime import UTC, datetime
from typing import Final

import pytest

from portal.domain.organisers.organiser import JournalEntry
from portal.domain.registration.registration import Mode, Policy
from portal.domain.registration.ticket_code import parse_code
from portal.services import OnionView
from portal.settings import Settings
from tests.factories.page import Page
from tests.factories.portal import ORGANISER, SETTINGS, Harness, open_harness
from tests.factories.tickets import invitation_id

pytestmark = pytest.mark.anyio

INVITATIONS: Final = "/en/organisers/invitations/"
ONION: Final = "http://" + "a" * 56 + ".onion"
TODAY: Final = datetime(2026, 11, 23, tzinfo=UTC).date()
PNG: Final = b"\x89PNG\r\n\x1a\n"


async def made(harness: Harness, number: str) -> Page:
    """Make so many, as a new organiser."""
    await harness.sign_in()
    page = await harness.get(INVITATIONS)
    return await harness.send(INVITATIONS, page.fields("invitations/") | {"number": number})


def codes(sheet: Page) -> list[str]:
    return [str(element.text_content()) for element in sheet.found("//li//p[@class='code']")]


async def test_sheet_shows_each_code_once_and_the_store_keeps_hashes_alone() -> None:
    async with open_harness() as harness:
        sheet = await made(harness, " 12 ")
        assert (sheet.status, sheet.heading, len(set(codes(sheet)))) == (200, "12 invitations to print", 12)
        assert sheet.response.headers["cache-control"] == "no-store"
        assert await harness.store.invitations() == 12
        again = await harness.get(INVITATIONS)
        assert "12 invitations have not been used." in again.text
        assert [code for code in codes(sheet) if code in again.response.text] == []


async def test_code_of_the_sheet_lets_one_person_register() -> None:
    async with open_harness(Policy(Mode.INVITATION)) as harness:
        code = parse_code(codes(await made(harness, "2"))[0])
        id = invitation_id(code)
        await harness.store.register("a" * 64, "", "$argon2id$", harness.clock(), id)
        assert await harness.store.invitations() == 1


ADDRESSES: Final[dict[str, tuple[Settings, OnionView, list[str], int]]] = {
    "both": (
        Settings(public_url="http://event.example"),
        OnionView("published", ONION),
        [f"With Tor Browser {ONION}/en/registration/", "With any browser http://event.example/en/registration/"],
        2,
    ),
    "the onion alone": (
        Settings(),
        OnionView("published", ONION),
        [f"With Tor Browser {ONION}/en/registration/"],
        2,
    ),
    "none": (SETTINGS, OnionView("off", None), [], 1),
}


@pytest.mark.parametrize(("settings", "onion", "links", "images"), ADDRESSES.values(), ids=ADDRESSES.keys())
async def test_card_has_the_addresses_that_are_known(
    settings: Settings, onion: OnionView, links: list[str], images: int
) -> None:
    async with open_harness(settings=settings) as harness:
        harness.onion = onion
        sheet = await made(harness, "1")
        assert [element.text_content() for element in sheet.found("//li//p[@class='link']")] == links
        shown = [element.get("src", "") for element in sheet.found("//li//img")]
        assert [b64decode(each.removeprefix("data:image/png;base64,"))[:8] for each in shown] == [PNG] * images
        assert ("does not know its own address" in sheet.text) == (links == [])


@pytest.mark.parametrize("number", ["", "0", "-1", "101", "1.5", "ten", "9" * 5_000, "٣"])
async def test_number_that_is_none_is_refused_beside_its_field(number: str) -> None:
    async with open_harness() as harness:
        page = await made(harness, number)
        assert (page.status, page.error("number")) == (
            422,
            "From 1 to 100 invitations are made at once. Make more sheets for more.",
        )
        assert (page.fields("invitations/")["number"], await harness.store.invitations()) == (number, 0)
        assert await harness.store.journal() == ()


async def test_invitations_that_are_left_are_withdrawn_after_a_question() -> None:
    async with open_harness() as harness:
        await made(harness, "3")
        page = await harness.get(INVITATIONS)
        token = page.fields("invitations/")["csrf_token"]
        question = await harness.send(INVITATIONS, {"csrf_token": token, "action": "withdraw"})
        assert (question.heading, await harness.store.invitations()) == ("Withdraw every invitation?", 3)
        assert question.text_of("//div[@class='long']//button") == "Yes, withdraw 3 invitations"
        done = await harness.follow(await harness.send(INVITATIONS, question.fields("invitations/")))
        assert (done.status, await harness.store.invitations()) == (200, 0)
        assert "3 invitations were withdrawn" in done.text
        assert await harness.store.journal() == (
            JournalEntry(TODAY, ORGANISER, "Invitations withdrawn: %(number)s", (("number", "3"),)),
            JournalEntry(TODAY, ORGANISER, "Invitations made: %(number)s", (("number", "3"),)),
        )


MEANWHILE: Final[dict[str, tuple[int, int, int]]] = {
    "one was made: more would be lost than was confirmed": (1, 409, 4),
    "nothing": (0, 303, 0),
    "one was used: less is lost": (-1, 303, 0),
}


@pytest.mark.parametrize(("more", "status", "left"), MEANWHILE.values(), ids=MEANWHILE.keys())
async def test_no_more_invitations_are_withdrawn_than_were_confirmed(more: int, status: int, left: int) -> None:
    async with open_harness(Policy(Mode.INVITATION)) as harness:
        code = parse_code(codes(await made(harness, "3"))[0])
        token = (await harness.get(INVITATIONS)).fields("invitations/")["csrf_token"]
        form = (await harness.send(INVITATIONS, {"csrf_token": token, "action": "withdraw"})).fields("invitations/")
        if more > 0:
            await harness.store.add_invitations(["f" * 64])
        if more < 0:
            await harness.store.register("a" * 64, "", "$argon2id$", harness.clock(), invitation_id(code))
        page = await harness.send(INVITATIONS, form)
        assert (page.status, await harness.store.invitations()) == (status, left)
        if status == 409:
            assert "has changed in the meantime" in page.text_of("//*[@role='alert']")
            assert page.text_of("//div[@class='long']//button") == "Yes, withdraw 4 invitations"
            assert (await harness.send(INVITATIONS, page.fields("invitations/"))).status == 303
            assert await harness.store.invitations() == 0


@pytest.mark.parametrize("seen", ["", "-1", "3.0", "٣", "9" * 5_000, "all"])
async def test_number_that_no_page_showed_confirms_nothing(seen: str) -> None:
    async with open_harness() as harness:
        await made(harness, "3")
        token = (await harness.get(INVITATIONS)).fields("invitations/")["csrf_token"]
        page = await harness.send(INVITATIONS, {"csrf_token": token, "action": "withdraw", "seen": seen})
        assert (page.status, await harness.store.invitations()) == (409, 3)


@pytest.mark.parametrize(
    ("mode", "words"), [(Mode.OPEN, "open to all"), (Mode.INVITATION, "by invitation"), (Mode.CLOSED, "closed")]
)
async def test_page_says_when_to_switch_and_how_registration_stands(mode: Mode, words: str) -> None:
    async with open_harness(Policy(mode)) as harness:
        await harness.sign_in()
        page = await harness.get(INVITATIONS)
        assert f"Registration is now: {words}." in page.text
        assert "Switch to invitations when" in page.text
