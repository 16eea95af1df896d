"""Organisers who can read pseudonyms: by their passphrase, by a set-up code, by another organiser, by nothing else."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import httpx
import pytest

from portal.domain.organisers.journal import JournalEntry
from portal.domain.organisers.organiser import Organiser
from portal.domain.organisers.organiser_access import with_passphrase
from portal.origin.app import through_door
from portal.web.hashing_pool import ThreadedHasher
from portal.web.listeners import clearnet_door
from tests.factories.page import Page
from tests.factories.portal import ORGANISER, PASSPHRASE, SETTINGS, Clock, House, open_house, open_house_on
from tests.factories.reading import TEAM, UNREADABLE, on_team, pseudonyms, register
from tests.factories.tickets import CHEAP, ORGANISERS_KEY, hashed

pytestmark = pytest.mark.anyio

BY_HTTPS: Final = "https://event.example"
ADA: Final = "HUTEMVRWE"
BEA: Final = "UCVA6RJT6"
OTHERS: Final = "words that only Sacha knows"
NEW: Final = "words that nobody else has seen"
WELCOME: Final = "/en/organisers/welcome/"


async def enter_as(house: House, name: str, passphrase: str) -> Page:
    """Sign in anew."""
    house.client.cookies.clear()
    page = await house.get("/en/organisers/")
    return await house.send(page.action(), page.fields() | {"name": name, "passphrase": passphrase})


async def welcomed(house: House, code: str, passphrase: str) -> Page:
    """Use a set-up code, in another browser."""
    house.client.cookies.clear()
    page = await house.get(WELCOME)
    return await house.send(WELCOME, page.fields("welcome/") | {"code": code, "passphrase": passphrase})


async def set_up_code(house: House, name: str) -> str:
    """Give a set-up code."""
    page = await on_team(house, name=name)
    return str(page.found("//p[contains(@class, 'once')]")[0].text_content())


async def test_organiser_reads_by_their_passphrase() -> None:
    async with open_house() as house:
        await register(house, ADA, "Ada")
        await house.sign_in()
        assert await pseudonyms(house) == ["Ada"]


async def test_organiser_reads_by_https() -> None:
    async with open_house(settings=replace(SETTINGS, public_url=BY_HTTPS)) as house:
        await register(house, ADA, "Ada")
        at_door = httpx.ASGITransport(through_door(house.app, clearnet_door(BY_HTTPS)))
        async with httpx.AsyncClient(transport=at_door, base_url=BY_HTTPS) as browser:
            house.client = browser
            await house.add_organiser(ORGANISER)
            page = await house.get("/en/organisers/")
            fields = page.fields() | {"name": ORGANISER, "passphrase": PASSPHRASE}
            assert (await house.send(page.action(), fields, origin=BY_HTTPS)).status == 303
            assert await pseudonyms(house) == ["Ada"]


async def test_sign_in_reads_on_after_a_restart_of_the_portal(tmp_path: Path) -> None:
    clock = Clock()
    async with open_house_on(tmp_path, clock) as house:
        await register(house, ADA, "Ada")
        await house.sign_in()
        cookies = dict(house.client.cookies)
    async with open_house_on(tmp_path, clock) as house:
        house.client.cookies.update(cookies)
        assert await pseudonyms(house) == ["Ada"]


async def test_newcomer_with_a_set_up_code_reads_at_once_and_by_their_own_passphrase() -> None:
    async with open_house() as house:
        await register(house, ADA, "Ada")
        await house.sign_in()
        code = await set_up_code(house, "Sacha")
        assert (await welcomed(house, code, OTHERS)).status == 303
        assert await pseudonyms(house) == ["Ada"]
        assert (await welcomed(house, code, OTHERS)).status == 303  # the form was sent twice
        assert await pseudonyms(house) == ["Ada"]
        assert (await enter_as(house, "Sacha", OTHERS)).status == 303
        assert await pseudonyms(house) == ["Ada"]


async def test_organiser_of_a_shell_reads_once_another_lets_them() -> None:
    async with open_house() as house:
        await register(house, ADA, "Ada")
        await house.add_organiser(ORGANISER)
        await house.add_organiser("Sacha", OTHERS, can_read=False)
        await enter_as(house, "Sacha", OTHERS)
        sachas = house.client
        assert await pseudonyms(house) == [UNREADABLE]
        told = "You can do everything an organiser does, except read the pseudonyms"
        assert told in (await house.get(TEAM)).text
        house.client = house.another_browser()
        await house.sign_in()
        page = await house.get(TEAM)
        assert page.said("//main//li[1]/span") == "Camille (you)"
        assert page.said("//main//li[2]/span").startswith("Sacha cannot read pseudonyms")
        page = await on_team(house, action="let read", name="Sacha")
        assert "“Sacha” may read the pseudonyms, from their next sign-in on." in page.text
        assert "cannot read pseudonyms" not in page.text
        entry = JournalEntry(
            house.clock().date(), ORGANISER, "“%(name)s” may read the pseudonyms", (("name", "Sacha"),)
        )
        assert await house.store.journal() == (entry,)
        house.client = sachas
        assert await pseudonyms(house) == [UNREADABLE]
        assert "You may read the pseudonyms: sign out, and sign in again." in (await house.get(TEAM)).text
        await enter_as(house, "Sacha", OTHERS)
        assert await pseudonyms(house) == ["Ada"]


async def test_form_that_lets_somebody_read_and_is_sent_twice_ends_well() -> None:
    async with open_house() as house:
        await house.add_organiser("Sacha", OTHERS, can_read=False)
        await house.sign_in()
        statuses = [(await on_team(house, action="let read", name="Sacha")).status for _ in range(2)]
        assert (statuses, len(await house.store.journal())) == ([200, 200], 1)


@pytest.mark.parametrize("name", ["Nobody", "Alix"], ids=["one who is gone", "one who has never signed in"])
async def test_who_has_no_key_of_their_own_cannot_be_let_read(name: str) -> None:
    async with open_house() as house:
        await house.store.add_organiser(Organiser("Alix", "$argon2id$"))
        await house.sign_in()
        page = await on_team(house, action="let read", name=name)
        told = f"“{name}” has to sign in once before you can let them read the pseudonyms. Nothing was changed."
        assert (page.status, page.said("//*[@role='alert']")) == (409, told)
        assert await house.store.readers() == (ORGANISER,)


async def test_organiser_who_cannot_read_lets_nobody() -> None:
    async with open_house() as house:
        await register(house, ADA, "Ada")
        await house.add_organiser(ORGANISER)
        for name in ("Sacha", "Noa"):
            await house.add_organiser(name, OTHERS, can_read=False)
        await enter_as(house, "Sacha", OTHERS)
        assert not (await house.get(TEAM)).found("//button[@value='let read']")
        assert (await on_team(house, action="let read", name="Noa")).status == 409
        assert (await on_team(house, action="make key")).status == 200
        assert await house.store.readers() == (ORGANISER,)
        code = await set_up_code(house, "Alix")
        await welcomed(house, code, NEW)
        assert await pseudonyms(house) == [UNREADABLE]


async def test_page_of_a_code_says_that_the_newcomer_will_not_read() -> None:
    told = "You cannot read the pseudonyms, so the newcomer cannot either"
    async with open_house() as house:
        await house.add_organiser("Sacha", OTHERS, can_read=False)
        await house.sign_in()
        assert told not in (await on_team(house, name="Noa")).text
        await enter_as(house, "Sacha", OTHERS)
        assert told in (await on_team(house, name="Alix")).text


async def test_own_passphrase_that_is_changed_goes_on_reading() -> None:
    async with open_house() as house:
        await register(house, ADA, "Ada")
        await house.sign_in()
        token = (await house.get("/en/organisers/me/")).fields("me/")["csrf_token"]
        fields = {"csrf_token": token, "present_passphrase": PASSPHRASE, "passphrase": NEW}
        assert (await house.send("/en/organisers/me/", fields)).status == 303
        assert await pseudonyms(house) == ["Ada"]
        await enter_as(house, ORGANISER, NEW)
        assert await pseudonyms(house) == ["Ada"]


async def test_hash_that_is_made_anew_goes_on_reading() -> None:
    async with open_house() as house:
        await register(house, ADA, "Ada")
        old = with_passphrase(Organiser(ORGANISER, ""), hashed(PASSPHRASE), ORGANISERS_KEY)
        await house.store.add_organiser(old)
        house.organisers_hasher = house.familiar_hasher = ThreadedHasher(replace(CHEAP, passes=2), cores=1)
        await house.enter()
        for _ in range(2):
            assert (await enter_as(house, ORGANISER, PASSPHRASE)).status == 303
            assert await pseudonyms(house) == ["Ada"]
        anew = await house.store.organiser(ORGANISER)
        assert anew is not None
        assert {anew.passphrase_hash, anew.public_key, anew.wrapped_key}.isdisjoint(
            {old.passphrase_hash, old.public_key, old.wrapped_key}
        )


async def test_last_who_can_read_is_removed_only_with_the_number_of_what_is_lost() -> None:
    async with open_house() as house:
        await register(house, ADA, "Ada")
        await register(house, BEA, "Béa")
        await house.add_organiser("Sacha", OTHERS, can_read=False)
        await house.sign_in()
        await enter_as(house, "Sacha", OTHERS)
        question = await on_team(house, action="remove", name=ORGANISER)
        assert "No organiser could ever read the pseudonyms of 2 registrations again." in question.text
        for typed in ("", "1"):
            again = await house.send(TEAM, question.fields("team/") | {"number": typed})
            told = "Nothing was changed. To confirm, type the number of registrations: 2."
            assert (again.status, again.error("number")) == (422, told)
        assert await house.store.readers() == (ORGANISER,)
        done = await house.send(TEAM, question.fields("team/") | {"number": " 2 "})
        assert (done.status, await house.store.organisers()) == (303, ("Sacha",))


async def test_last_who_can_read_is_removed_without_a_number_where_nothing_is_lost() -> None:
    async with open_house() as house:
        await house.add_organiser("Sacha", OTHERS, can_read=False)
        await house.sign_in()
        question = await on_team(house, action="remove", name=ORGANISER)
        assert "registrations again" not in question.text
        answer = await house.send(TEAM, question.fields("team/"))
        assert (answer.status, await house.store.organisers()) == (303, ("Sacha",))


async def test_another_key_opens_what_is_given_from_then_on() -> None:
    async with open_house() as house:
        await register(house, ADA, "Ada")
        await house.sign_in()
        code = await set_up_code(house, "Noa")
        await house.add_organiser("Sacha", OTHERS, can_read=False)
        await house.store.remove_organiser(ORGANISER, loses_readers=True)
        await enter_as(house, "Sacha", OTHERS)
        page = await house.get(TEAM)
        assert "Nobody can read the pseudonyms that people gave" in page.text
        page = await on_team(house, action="make key")
        assert "You may read the pseudonyms: sign out, and sign in again." in page.text
        await register(house, BEA, "Béa")
        await enter_as(house, "Sacha", OTHERS)
        assert await pseudonyms(house) == ["Béa", UNREADABLE]
        assert (await welcomed(house, code, NEW)).status == 403
        journal = [entry.action for entry in await house.store.journal()]
        assert journal[0] == "Another key made for the pseudonyms: nobody had the one before it"
