"""An organiser's own access: another passphrase, and the browsers that are signed in."""

import httpx
import pytest

from portal.domain.organisers.organiser import Organiser
from tests.factories.accounts import ME, NEW, changed, send_sign_in
from tests.factories.page import Page
from tests.factories.portal import ORGANISER, PASSPHRASE, Harness, open_harness

pytestmark = pytest.mark.anyio


async def two_browsers(harness: Harness) -> httpx.AsyncClient:
    """Camille in two browsers: the other one, signed in twenty minutes before the house's own."""
    await harness.sign_in()
    other, harness.client = harness.client, harness.another_browser()
    harness.clock.turn(minutes=20)
    assert (await send_sign_in(harness, ORGANISER, PASSPHRASE)).status == 303
    return other


async def organiser(harness: Harness) -> Organiser:
    known = await harness.store.organiser(ORGANISER)
    assert known is not None
    return known


async def test_page_says_how_many_browsers_another_passphrase_signs_out() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        alone = (await harness.get(ME)).text
        await two_browsers(harness)
        sentence = "2 other browsers of yours are signed out."
        assert "of yours" not in alone
        assert sentence in (await harness.get(ME)).text


async def test_another_passphrase_is_proposed_and_the_present_one_asked_for() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await harness.get(ME)
        form = next(form for form in page.forms() if "passphrase" in form.fields)
        assert len(str(form.fields["passphrase"]).split()) == 6
        assert "made by a terminal" in page.text


async def test_changed_passphrase_is_ones_own_and_ends_every_other_browser() -> None:
    async with open_harness() as harness:
        other = await two_browsers(harness)
        page = await changed(harness)
        assert page.status == 200
        assert "Your new passphrase is in force." in page.text
        assert "made by a terminal" not in page.text
        known = await organiser(harness)
        key = await harness.hasher.verify(known.passphrase_hash, NEW)
        assert known.has_own_passphrase
        assert key is not None
        assert Page(await other.get("/en/organisers/")).heading == "Organisers"
        assert (await harness.get("/en/organisers/")).heading == "Overview"
        assert [entry.action for entry in await harness.store.journal()] == ["Own passphrase changed"]
        harness.client.cookies.clear()
        assert [(await send_sign_in(harness, ORGANISER, each)).status for each in (PASSPHRASE, NEW)] == [403, 303]


async def test_form_of_another_passphrase_that_is_sent_twice_ends_well() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        assert [(await changed(harness)).status for _ in range(2)] == [200, 200]
        assert len(await harness.store.journal()) == 1


@pytest.mark.parametrize(
    ("present", "new", "field", "words"),
    [
        ("not the present one", NEW, "present_passphrase", "This is not your present passphrase."),
        (PASSPHRASE, "short", "passphrase", "A passphrase has at least 12 characters."),
    ],
    ids=["a wrong present one", "a new one that is too short"],
)
async def test_passphrase_that_is_not_taken_is_told_beside_its_field(
    present: str, new: str, field: str, words: str
) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        before = await organiser(harness)
        page = await changed(harness, present, new)
        assert page.status == 422
        assert words in page.error(field)
        assert present not in page.response.text
        assert new not in page.response.text
        assert await organiser(harness) == before


async def test_own_browsers_are_listed_with_their_times() -> None:
    async with open_harness() as harness:
        await two_browsers(harness)
        await harness.sign_in("Sacha")
        await harness.get(ME)
        harness.client.cookies.clear()
        await send_sign_in(harness, ORGANISER, PASSPHRASE)
        rows = [
            " ".join(str(element.text_content()).split())
            for element in (await harness.get(ME)).found("//main//li/span")
        ]
        assert [row.partition(" since")[0] for row in rows].count("This browser") == 1
        assert len(rows) == 3
        assert "since Monday 23 November 2026" in rows[-1]


async def test_each_browser_can_be_signed_out() -> None:
    async with open_harness() as harness:
        other = await two_browsers(harness)
        page = await harness.get(ME)
        mine, theirs = (form for form in page.forms() if "id" in form.fields)
        done = await harness.follow(
            await harness.send(ME, {**{k: str(v) for k, v in theirs.fields.items()}, "action": "end"})
        )
        assert done.status == 200
        assert "Signed out." in done.text
        assert Page(await other.get("/en/organisers/")).heading == "Organisers"
        out = await harness.send(ME, {**{k: str(v) for k, v in mine.fields.items()}, "action": "end"})
        assert out.status == 303
        assert "Max-Age=0" in out.response.headers["set-cookie"]


async def test_all_others_can_be_signed_out_and_nobody_elses() -> None:
    async with open_harness() as harness:
        other = await two_browsers(harness)
        await harness.store.add_organiser(Organiser("Sacha", "s"))
        token = (await harness.get(ME)).fields("me/")["csrf_token"]
        done = await harness.follow(await harness.send(ME, {"csrf_token": token, "action": "end others"}))
        assert (done.status, len(await harness.store.sign_ins(ORGANISER, harness.clock()))) == (200, 1)
        assert Page(await other.get("/en/organisers/")).heading == "Organisers"
        assert (await harness.get("/en/organisers/")).heading == "Overview"


async def test_browser_of_another_organiser_is_not_signed_out() -> None:
    async with open_harness() as harness:
        await harness.sign_in("Sacha")
        (sachas,) = await harness.store.sign_ins("Sacha", harness.clock())
        await harness.sign_in()
        token = (await harness.get(ME)).fields("me/")["csrf_token"]
        await harness.send(ME, {"csrf_token": token, "action": "end", "id": sachas.id})
        assert await harness.store.sign_ins("Sacha", harness.clock()) == (sachas,)
