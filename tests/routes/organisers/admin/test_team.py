"""The team: codes for newcomers, shown once; removing an organiser ends everything of theirs at once."""

from datetime import date, timedelta
from typing import Final

import anyio
import httpx
import pytest

from portal.domain.organisers.organiser import JournalEntry, Organiser, SetUpCode, expiry, wrapped_for
from portal.domain.registration.hashing import Hasher, PassphraseKey
from portal.domain.registration.ticket_code import CodeDigest, CodeKeys, parse_code
from portal.origin.app import at_listener
from portal.settings import Settings
from portal.web.listeners import organisers_listener
from tests.factories.page import Page
from tests.factories.portal import ORGANISER, PASSPHRASE, Harness, cheap_hasher, open_harness
from tests.factories.tickets import ORGANISERS_KEY, set_up_keys

pytestmark = pytest.mark.anyio

TEAM: Final = "/en/organisers/team/"
TODAY: Final = date(2026, 11, 23)
OTHERS: Final = "words that only Sacha knows"


async def did(harness: Harness, **typed: str) -> Page:
    """Send a form of the page."""
    token = (await harness.get(TEAM)).fields("team/")["csrf_token"]
    return await harness.follow(await harness.send(TEAM, {"csrf_token": token, **typed}))


async def confirmed(harness: Harness, question: Page) -> Page:
    """Say yes on a page that asks."""
    return await harness.follow(await harness.send(TEAM, question.fields("team/")))


async def with_sacha(harness: Harness) -> httpx.AsyncClient:
    """Two organisers who are signed in: the browser of Sacha; the house's own is Camille's."""
    await harness.sign_in("Sacha", OTHERS)
    sachas = harness.client
    harness.client = harness.another_browser()
    await harness.sign_in()
    return sachas


async def test_set_up_code_is_shown_once_with_where_to_go_and_until_when() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await did(harness, name="  Sacha ")
        address, code, name = (str(element.text_content()) for element in page.found("//p[contains(@class, 'code')]"))
        assert (address, name) == ("http://127.0.0.1:8000/en/organisers/welcome/", "Sacha")
        assert "for 24 hours: until Tuesday 24 November 2026" in page.text
        (kept,) = await harness.store.set_up_codes(harness.clock())
        now = harness.clock().replace(second=0, microsecond=0)
        keys = set_up_keys(parse_code(code))
        wrapped = wrapped_for(ORGANISERS_KEY, keys.key)
        assert kept == SetUpCode(keys.id, "Sacha", ORGANISER, now + timedelta(hours=24), wrapped_key=wrapped)
        again = await harness.get(TEAM)
        assert "Sacha given by Camille" in again.text
        assert code not in again.response.text
        action, details = "Set-up code given to “%(name)s”", (("name", "Sacha"),)
        assert await harness.store.journal() == (JournalEntry(TODAY, ORGANISER, action, details),)


async def test_newcomer_needs_a_key_where_the_organisers_have_an_onion_of_their_own() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        kept, own = harness.client.cookies["sign_in"], f"http://{'b' * 56}.onion"
        assert "onion-key" not in (await did(harness, name="Sacha")).text
        transport = httpx.ASGITransport(at_listener(harness.app, organisers_listener(lambda: own)))
        async with httpx.AsyncClient(transport=transport, base_url=own, cookies={"sign_in": kept}) as browser:
            token = Page(await browser.get(TEAM)).fields("team/")["csrf_token"]
            page = Page(await browser.post(TEAM, data={"csrf_token": token, "name": "Noa"}))
        assert f"{own}/en/organisers/welcome/" in page.text
        assert 'portal organiser onion-key "Noa"' in page.text


async def test_set_up_code_leads_to_the_address_of_the_listener() -> None:
    async with open_harness(settings=Settings(public_url="http://event.example", onion="off")) as harness:
        await harness.sign_in()
        page = await did(harness, name="Sacha")
        assert "http://event.example/en/organisers/welcome/" in page.text


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("", 422, "one line of 1 to 64 characters"),
        ("x" * 65, 422, "one line of 1 to 64 characters"),
        (ORGANISER, 409, "There is already an organiser named “Camille”"),
        ("Sacha", 409, "There is already a set-up code for “Sacha”."),
    ],
)
async def test_name_that_cannot_be_is_told_beside_its_field(name: str, status: int, words: str) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await did(harness, name="Sacha")
        page = await did(harness, name=name)
        assert page.status == status
        assert words in page.text_of("//*[@id='name-error']")
        assert len(await harness.store.set_up_codes(harness.clock())) == 1


async def test_set_up_code_is_withdrawn_once() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await did(harness, name="Sacha")
        question = await did(harness, action="withdraw", name="Sacha")
        assert (question.heading, len(await harness.store.set_up_codes(harness.clock()))) == (
            "Withdraw this set-up code?",
            1,
        )
        done, gone = await confirmed(harness, question), await confirmed(harness, question)
        assert (done.status, await harness.store.set_up_codes(harness.clock())) == (200, ())
        assert "The set-up code of “Sacha” no longer works." in done.text
        assert gone.status == 409
        assert "There is no set-up code for “Sacha” any more" in gone.text
        actions = [entry.action for entry in await harness.store.journal()]
        assert actions == ["Set-up code of “%(name)s” withdrawn", "Set-up code given to “%(name)s”"]


async def test_another_code_for_the_name_is_not_withdrawn_unseen() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await did(harness, name="Sacha")
        question = await did(harness, action="withdraw", name="Sacha")
        await harness.store.withdraw_set_up_code("Sacha")
        await did(harness, name="Sacha")
        again = await confirmed(harness, question)
        assert (again.status, len(await harness.store.set_up_codes(harness.clock()))) == (409, 1)
        assert "has changed in the meantime" in again.text_of("//*[@role='alert']")
        assert "no longer works" in (await confirmed(harness, again)).text_of("//*[@role='status']")


async def test_organiser_is_removed_after_a_question_and_is_out_at_once() -> None:
    async with open_harness() as harness:
        sachas = await with_sacha(harness)
        await harness.store.give_set_up_code(SetUpCode("c", "Noa", "Sacha", expiry(harness.clock())), harness.clock())
        await harness.store.set_onion_key("Sacha", "key")
        question = await did(harness, action="remove", name="Sacha")
        assert (question.heading, [str(element.text_content()) for element in question.found("//main//li")]) == (
            "Remove “Sacha”?",
            [
                "1 browser that is signed in now is signed out.",
                "The onion key stops working within a minute.",
                "1 unused set-up code is withdrawn, for: Noa.",
            ],
        )
        assert "1 organiser is left." in question.text
        assert await harness.store.organisers() == (ORGANISER, "Sacha")
        done = await confirmed(harness, question)
        assert done.status == 200
        assert "“Sacha” is no organiser any more" in done.text
        assert Page(await sachas.get("/en/organisers/")).heading == "Organisers"
        assert (await harness.store.organisers(), await harness.store.set_up_codes(harness.clock())) == (
            (ORGANISER,),
            (),
        )
        entry = JournalEntry(TODAY, ORGANISER, "Organiser “%(name)s” removed", (("name", "Sacha"),))
        assert await harness.store.journal() == (entry,)
        again = await did(harness, action="remove", name="Sacha")
        assert (again.status, len(await harness.store.journal())) == (200, 1)


async def test_code_that_the_removed_one_gave_meanwhile_is_asked_about_again() -> None:
    async with open_harness() as harness:
        await with_sacha(harness)
        question = await did(harness, action="remove", name="Sacha")
        await harness.store.give_set_up_code(SetUpCode("c", "Noa", "Sacha", expiry(harness.clock())), harness.clock())
        again = await confirmed(harness, question)
        assert again.status == 409
        assert "is withdrawn, for: Noa." in again.text
        assert await harness.store.organisers() == (ORGANISER, "Sacha")
        assert "is no organiser any more" in (await confirmed(harness, again)).text


async def test_last_organiser_is_told_and_stays() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await did(harness, action="remove", name=ORGANISER)
        sentence = "“Camille” is the only organiser and was not removed: nobody could sign in any more."
        assert (page.status, page.text_of("//*[@role='alert']")) == (409, sentence)
        assert (await harness.get(TEAM)).heading == "Team"


async def test_organiser_who_leaves_is_signed_out() -> None:
    async with open_harness() as harness:
        await with_sacha(harness)
        question = await did(harness, action="remove", name=ORGANISER)
        answer = await harness.send(TEAM, question.fields("team/"))
        assert (question.heading, answer.status) == ("Leave the team?", 303)
        assert "Max-Age=0" in answer.response.headers["set-cookie"]
        assert await harness.store.organisers() == ("Sacha",)


async def test_two_who_remove_each_other_at_once_do_not_both_go() -> None:
    async with open_harness() as harness:
        sachas = await with_sacha(harness)
        forms, statuses = list[tuple[httpx.AsyncClient, dict[str, str]]](), list[int]()
        for browser, name in ((harness.client, "Sacha"), (sachas, ORGANISER)):
            token = Page(await browser.get(TEAM)).fields("team/")["csrf_token"]
            removal = {"csrf_token": token, "action": "remove", "name": name}
            forms.append((browser, Page(await browser.post(TEAM, data=removal)).fields("team/")))

        async def send(browser: httpx.AsyncClient, form: dict[str, str]) -> None:
            statuses.append((await browser.post(TEAM, data=form)).status_code)

        async with anyio.create_task_group() as group:
            for browser, form in forms:
                group.start_soon(send, browser, form)
        assert (sorted(statuses), len(await harness.store.organisers())) == ([303, 403], 1)


class Meanwhile:
    """A hasher during whose work somebody removes Sacha, or changes their passphrase."""

    def __init__(self, harness: Harness, hasher: Hasher, changed: Organiser | None) -> None:
        self.harness, self.hasher, self.changed = harness, hasher, changed

    async def hash(self, passphrase: str) -> PassphraseKey:
        return await self.hasher.hash(passphrase)

    async def locate(self, digest: CodeDigest) -> CodeKeys:
        return await self.hasher.locate(digest)

    def is_outgrown(self, passphrase_hash: str) -> bool:
        return self.hasher.is_outgrown(passphrase_hash)

    async def verify(self, passphrase_hash: str | None, passphrase: str) -> bytes | None:
        answer = await self.hasher.verify(passphrase_hash, passphrase)
        if self.changed is None:
            await self.harness.store.remove_organiser("Sacha")
        else:
            await self.harness.store.change_passphrase(self.changed, loses_readers=True)
        return answer


@pytest.mark.parametrize("what", ["removed", "another passphrase"])
async def test_sign_in_that_is_being_checked_meanwhile_does_not_come_in(what: str) -> None:
    async with open_harness() as harness:
        await with_sacha(harness)
        new = await cheap_hasher().hash("another passphrase of Sacha")
        changed = Organiser("Sacha", new.stored) if what == "another passphrase" else None
        harness.organisers_hasher = Meanwhile(harness, harness.organisers_hasher, changed)
        await harness.enter()
        sign_in_page = await harness.get("/en/organisers/")
        page = await harness.send(
            sign_in_page.action(), sign_in_page.fields() | {"name": "Sacha", "passphrase": OTHERS}
        )
        assert page.status == 403
        assert "set-cookie" not in page.response.headers
        assert await harness.store.sign_ins("Sacha", harness.clock()) == ()


async def test_team_page_knows_who_one_is() -> None:
    async with open_harness() as harness:
        await with_sacha(harness)
        names = [
            " ".join(str(element.text_content()).split())
            for element in (await harness.get(TEAM)).found("//main//li/span")
        ]
        assert names == ["Camille (you)", "Sacha"]
        assert PASSPHRASE not in (await harness.get(TEAM)).response.text
