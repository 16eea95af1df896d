"""Organisers who can read pseudonyms: by their passphrase, by a set-up code, by another organiser, by nothing else."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import httpx
import pytest

from portal.domain.organisers.organiser import JournalEntry, Organiser, with_passphrase
from portal.origin.app import at_listener
from portal.web.hashing_pool import ThreadedHasher
from portal.web.listeners import clearnet_listener
from tests.factories.page import Page
from tests.factories.portal import ORGANISER, PASSPHRASE, SETTINGS, Clock, Harness, open_harness, open_harness_on
from tests.factories.reading import TEAM, UNREADABLE, on_team, pseudonyms, register
from tests.factories.tickets import CHEAP, ORGANISERS_KEY, hashed

pytestmark = pytest.mark.anyio

BY_HTTPS: Final = "https://event.example"
ADA: Final = "HUTEMVRWE"
BEA: Final = "UCVA6RJT6"
OTHERS: Final = "words that only Sacha knows"
NEW: Final = "words that nobody else has seen"
WELCOME: Final = "/en/organisers/welcome/"


async def enter_as(harness: Harness, name: str, passphrase: str) -> Page:
    """Sign in anew."""
    harness.client.cookies.clear()
    page = await harness.get("/en/organisers/")
    return await harness.send(page.action(), page.fields() | {"name": name, "passphrase": passphrase})


async def welcomed(harness: Harness, code: str, passphrase: str) -> Page:
    """Use a set-up code, in another browser."""
    harness.client.cookies.clear()
    page = await harness.get(WELCOME)
    return await harness.send(WELCOME, page.fields("welcome/") | {"code": code, "passphrase": passphrase})


async def set_up_code(harness: Harness, name: str) -> str:
    """Give a set-up code."""
    page = await on_team(harness, name=name)
    return str(page.found("//p[contains(@class, 'once')]")[0].text_content())


async def test_organiser_reads_by_their_passphrase() -> None:
    async with open_harness() as harness:
        await register(harness, ADA, "Ada")
        await harness.sign_in()
        assert await pseudonyms(harness) == ["Ada"]


async def test_organiser_reads_by_https() -> None:
    async with open_harness(settings=replace(SETTINGS, public_url=BY_HTTPS)) as harness:
        await register(harness, ADA, "Ada")
        app_at = httpx.ASGITransport(at_listener(harness.app, clearnet_listener(BY_HTTPS)))
        async with httpx.AsyncClient(transport=app_at, base_url=BY_HTTPS) as browser:
            harness.client = browser
            await harness.add_organiser(ORGANISER)
            page = await harness.get("/en/organisers/")
            fields = page.fields() | {"name": ORGANISER, "passphrase": PASSPHRASE}
            assert (await harness.send(page.action(), fields, origin=BY_HTTPS)).status == 303
            assert await pseudonyms(harness) == ["Ada"]


async def test_sign_in_reads_on_after_a_restart_of_the_portal(tmp_path: Path) -> None:
    clock = Clock()
    async with open_harness_on(tmp_path, clock) as harness:
        await register(harness, ADA, "Ada")
        await harness.sign_in()
        cookies = dict(harness.client.cookies)
    async with open_harness_on(tmp_path, clock) as harness:
        harness.client.cookies.update(cookies)
        assert await pseudonyms(harness) == ["Ada"]


async def test_newcomer_with_a_set_up_code_reads_at_once_and_by_their_own_passphrase() -> None:
    async with open_harness() as harness:
        await register(harness, ADA, "Ada")
        await harness.sign_in()
        code = await set_up_code(harness, "Sacha")
        assert (await welcomed(harness, code, OTHERS)).status == 303
        assert await pseudonyms(harness) == ["Ada"]
        assert (await welcomed(harness, code, OTHERS)).status == 303  # the form was sent twice
        assert await pseudonyms(harness) == ["Ada"]
        assert (await enter_as(harness, "Sacha", OTHERS)).status == 303
        assert await pseudonyms(harness) == ["Ada"]


async def test_organiser_of_a_shell_reads_once_another_lets_them() -> None:
    async with open_harness() as harness:
        await register(harness, ADA, "Ada")
        await harness.add_organiser(ORGANISER)
        await harness.add_organiser("Sacha", OTHERS, can_read=False)
        await enter_as(harness, "Sacha", OTHERS)
        sachas = harness.client
        assert await pseudonyms(harness) == [UNREADABLE]
        sentence = "You can do everything an organiser does, except read the pseudonyms"
        assert sentence in (await harness.get(TEAM)).text
        harness.client = harness.another_browser()
        await harness.sign_in()
        page = await harness.get(TEAM)
        assert page.text_of("//main//li[1]/span") == "Camille (you)"
        assert page.text_of("//main//li[2]/span").startswith("Sacha cannot read pseudonyms")
        page = await on_team(harness, action="let read", name="Sacha")
        assert "“Sacha” may read the pseudonyms, from their next sign-in on." in page.text
        assert "cannot read pseudonyms" not in page.text
        entry = JournalEntry(
            harness.clock().date(), ORGANISER, "“%(name)s” may read the pseudonyms", (("name", "Sacha"),)
        )
        assert await harness.store.journal() == (entry,)
        harness.client = sachas
        assert await pseudonyms(harness) == [UNREADABLE]
        assert "You may read the pseudonyms: sign out, and sign in again." in (await harness.get(TEAM)).text
        await enter_as(harness, "Sacha", OTHERS)
        assert await pseudonyms(harness) == ["Ada"]


async def test_form_that_lets_somebody_read_and_is_sent_twice_ends_well() -> None:
    async with open_harness() as harness:
        await harness.add_organiser("Sacha", OTHERS, can_read=False)
        await harness.sign_in()
        statuses = [(await on_team(harness, action="let read", name="Sacha")).status for _ in range(2)]
        assert (statuses, len(await harness.store.journal())) == ([200, 200], 1)


@pytest.mark.parametrize("name", ["Nobody", "Alix"], ids=["one who is gone", "one who has never signed in"])
async def test_who_has_no_key_of_their_own_cannot_be_let_read(name: str) -> None:
    async with open_harness() as harness:
        await harness.store.add_organiser(Organiser("Alix", "$argon2id$"))
        await harness.sign_in()
        page = await on_team(harness, action="let read", name=name)
        sentence = f"“{name}” has to sign in once before you can let them read the pseudonyms. Nothing was changed."
        assert (page.status, page.text_of("//*[@role='alert']")) == (409, sentence)
        assert await harness.store.readers() == (ORGANISER,)


async def test_organiser_who_cannot_read_lets_nobody() -> None:
    async with open_harness() as harness:
        await register(harness, ADA, "Ada")
        await harness.add_organiser(ORGANISER)
        for name in ("Sacha", "Noa"):
            await harness.add_organiser(name, OTHERS, can_read=False)
        await enter_as(harness, "Sacha", OTHERS)
        assert not (await harness.get(TEAM)).found("//button[@value='let read']")
        assert (await on_team(harness, action="let read", name="Noa")).status == 409
        assert (await on_team(harness, action="make key")).status == 200
        assert await harness.store.readers() == (ORGANISER,)
        code = await set_up_code(harness, "Alix")
        await welcomed(harness, code, NEW)
        assert await pseudonyms(harness) == [UNREADABLE]


async def test_page_of_a_code_says_that_the_newcomer_will_not_read() -> None:
    sentence = "You cannot read the pseudonyms, so the newcomer cannot either"
    async with open_harness() as harness:
        await harness.add_organiser("Sacha", OTHERS, can_read=False)
        await harness.sign_in()
        assert sentence not in (await on_team(harness, name="Noa")).text
        await enter_as(harness, "Sacha", OTHERS)
        assert sentence in (await on_team(harness, name="Alix")).text


async def test_own_passphrase_that_is_changed_goes_on_reading() -> None:
    async with open_harness() as harness:
        await register(harness, ADA, "Ada")
        await harness.sign_in()
        token = (await harness.get("/en/organisers/me/")).fields("me/")["csrf_token"]
        fields = {"csrf_token": token, "present_passphrase": PASSPHRASE, "passphrase": NEW}
        assert (await harness.send("/en/organisers/me/", fields)).status == 303
        assert await pseudonyms(harness) == ["Ada"]
        await enter_as(harness, ORGANISER, NEW)
        assert await pseudonyms(harness) == ["Ada"]


async def test_hash_that_is_made_anew_goes_on_reading() -> None:
    async with open_harness() as harness:
        await register(harness, ADA, "Ada")
        old = with_passphrase(Organiser(ORGANISER, ""), hashed(PASSPHRASE), ORGANISERS_KEY)
        await harness.store.add_organiser(old)
        harness.organisers_hasher = harness.known_browsers_hasher = ThreadedHasher(replace(CHEAP, passes=2), cores=1)
        await harness.enter()
        for _ in range(2):
            assert (await enter_as(harness, ORGANISER, PASSPHRASE)).status == 303
            assert await pseudonyms(harness) == ["Ada"]
        anew = await harness.store.organiser(ORGANISER)
        assert anew is not None
        assert {anew.passphrase_hash, anew.public_key, anew.wrapped_key}.isdisjoint(
            {old.passphrase_hash, old.public_key, old.wrapped_key}
        )


async def test_last_who_can_read_is_removed_only_with_the_number_of_what_is_lost() -> None:
    async with open_harness() as harness:
        await register(harness, ADA, "Ada")
        await register(harness, BEA, "Béa")
        await harness.add_organiser("Sacha", OTHERS, can_read=False)
        await harness.sign_in()
        await enter_as(harness, "Sacha", OTHERS)
        question = await on_team(harness, action="remove", name=ORGANISER)
        assert "No organiser could ever read the pseudonyms of 2 registrations again." in question.text
        for typed in ("", "1"):
            again = await harness.send(TEAM, question.fields("team/") | {"number": typed})
            sentence = "Nothing was changed. To confirm, type the number of registrations: 2."
            assert (again.status, again.error("number")) == (422, sentence)
        assert await harness.store.readers() == (ORGANISER,)
        done = await harness.send(TEAM, question.fields("team/") | {"number": " 2 "})
        assert (done.status, await harness.store.organisers()) == (303, ("Sacha",))


async def test_last_who_can_read_is_removed_without_a_number_where_nothing_is_lost() -> None:
    async with open_harness() as harness:
        await harness.add_organiser("Sacha", OTHERS, can_read=False)
        await harness.sign_in()
        question = await on_team(harness, action="remove", name=ORGANISER)
        assert "registrations again" not in question.text
        answer = await harness.send(TEAM, question.fields("team/"))
        assert (answer.status, await harness.store.organisers()) == (303, ("Sacha",))


async def test_another_key_opens_what_is_given_from_then_on() -> None:
    async with open_harness() as harness:
        await register(harness, ADA, "Ada")
        await harness.sign_in()
        code = await set_up_code(harness, "Noa")
        await harness.add_organiser("Sacha", OTHERS, can_read=False)
        await harness.store.remove_organiser(ORGANISER, loses_readers=True)
        await enter_as(harness, "Sacha", OTHERS)
        page = await harness.get(TEAM)
        assert "Nobody can read the pseudonyms any more" in page.text
        page = await on_team(harness, action="make key")
        assert "You may read the pseudonyms: sign out, and sign in again." in page.text
        await register(harness, BEA, "Béa")
        await enter_as(harness, "Sacha", OTHERS)
        assert await pseudonyms(harness) == ["Béa", UNREADABLE]
        assert (await welcomed(harness, code, NEW)).status == 403
        journal = [entry.action for entry in await harness.store.journal()]
        assert journal[0] == "Another key made for the pseudonyms: nobody had the one before it"
