"""The pseudonyms that are remembered while organisers look: until one of their sign-ins is ended, by whatever."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import pytest

from portal.routes.organisers.pseudonym_index import PseudonymIndex
from tests.factories.page import Page
from tests.factories.portal import PASSPHRASE, Harness, open_harness
from tests.factories.reading import TEAM, on_team, pseudonyms, register
from tests.factories.tickets import ORGANISERS_KEY

pytestmark = pytest.mark.anyio

ADA: Final = "HUTEMVRWE"
ME: Final = "/en/organisers/me/"


async def on_me(harness: Harness, **typed: str) -> Page:
    """Send a form of one's own page."""
    token = (await harness.get(ME)).fields("me/")["csrf_token"]
    return await harness.send(ME, {"csrf_token": token, **typed})


async def sign_out(harness: Harness) -> Page:
    page = await harness.get("/en/organisers/")
    return await harness.send(page.action("sign-out/"), page.fields("sign-out/"))


async def remove(harness: Harness) -> Page:
    question = await on_team(harness, action="remove", name="Sacha")
    return await harness.send(TEAM, question.fields("team/"))


ENDS: Final[dict[str, Callable[[Harness], Awaitable[Page]]]] = {
    "signing out": sign_out,
    "signing out other browsers": lambda harness: on_me(harness, action="end others"),
    "another passphrase": lambda harness: on_me(
        harness, present_passphrase=PASSPHRASE, passphrase="words that nobody else has seen"
    ),
    "removing an organiser": remove,
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
async def test_pseudonyms_are_remembered_until_a_sign_in_is_ended(end: Callable[[Harness], Awaitable[Page]]) -> None:
    async with open_harness() as harness:
        await register(harness, ADA, "Ada")
        await harness.sign_in("Sacha")
        await harness.sign_in()
        index: PseudonymIndex = harness.app.state.pseudonym_index
        assert (len(index), await pseudonyms(harness), len(index)) == (0, ["Ada"], 1)
        assert (await end(harness)).status == 303
        assert len(index) == 0


async def test_organiser_who_cannot_read_finds_nothing_of_what_is_remembered() -> None:
    async with open_harness() as harness:
        await register(harness, ADA, "Ada")
        registrations, index = await harness.store.registrations(), PseudonymIndex()
        assert [
            registration.pseudonym for registration in (await index.find(registrations, ORGANISERS_KEY, "ada")).page
        ] == ["Ada"]
        assert [registration.pseudonym for registration in (await index.find(registrations, None)).page] == [None]
        assert (await index.find(registrations, None, "ada")).total == 0


async def test_search_that_was_under_way_when_all_was_forgotten_remembers_nothing() -> None:
    async with open_harness() as harness:
        await register(harness, ADA, "Ada")
        registrations, index = await harness.store.registrations(), PseudonymIndex()
        search = asyncio.create_task(index.find(registrations, ORGANISERS_KEY))
        await asyncio.sleep(0)
        index.forget()
        assert ([each.pseudonym for each in (await search).page], len(index)) == (["Ada"], 0)
