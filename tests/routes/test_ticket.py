"""The ticket: opened again with its code and its passphrase, shown, and told to nobody who only guesses."""

import random
import statistics
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

import pytest

from portal.domain.edition import Addresses
from portal.domain.errors import BusyError, StorageError
from portal.domain.event import Announcement
from portal.domain.hashing import argon2id
from portal.domain.language import Text
from portal.domain.registration import Policy, Registration, State
from portal.domain.ticket_code import locator, new_code
from portal.site.calendar import CALENDAR
from portal.site.qr import qr_image
from portal.storage.embedded import EmbeddedStore
from portal.web.hashing import ThreadedHasher
from tests.routes.house import KEYS, House, open_house
from tests.routes.page import Page

pytestmark = pytest.mark.anyio

FORM: Final = "/en/ticket/"
CODE: Final = "HUTEMVRWE"
OTHER_CODE: Final = "UCVA6RJT6"
PUBLISHED: Final = datetime(2026, 12, 14, 8, 0, tzinfo=UTC)
PASSPHRASE: Final = "blanc cheval lune vent pluie mer"


async def register(house: House, code: str = CODE, pseudonym: str = "Nausicaä") -> str:
    """Keep a registration for `code`; its id."""
    id = locator(house.keys.event, code)
    await house.store.register(id, pseudonym, await house.hasher.hash(PASSPHRASE), house.clock())
    return id


async def opened(house: House, code: str = CODE, passphrase: str = PASSPHRASE) -> Page:
    return await house.send(FORM, {"code": code, "passphrase": passphrase})


WRITINGS: Final = {
    "as it is shown": "HUT-EMV-RWE",
    "in one piece": "HUTEMVRWE",
    "in small letters with blanks": " hut emv rwe ",
    "with the dashes of a word processor": "HUT–EMV—RWE",
}


@pytest.mark.parametrize("typed", WRITINGS.values(), ids=WRITINGS.keys())
async def test_ticket_opens_however_its_code_is_typed(typed: str) -> None:
    async with open_house() as house:
        await register(house)
        page = await opened(house, typed)
        assert (page.status, page.heading, page.said("//*[@class='code']")) == (200, "You have a seat", "HUT-EMV-RWE")


async def test_ticket_says_who_when_and_where() -> None:
    async with open_house() as house:
        await register(house)
        page = await opened(house)
        assert page.facts() == {
            "Code": "HUT-EMV-RWE",
            "Pseudonym": "Nausicaä",
            "When": "Tuesday 15 December 2026, 11:00 – 17:30",
            "Where": "The Common House, 1 rue des Lilas",
        }


async def test_ticket_without_a_pseudonym_leaves_it_out() -> None:
    async with open_house() as house:
        await register(house, pseudonym="")
        assert "Pseudonym" not in (await opened(house)).facts()


HEADINGS: Final = {
    State.SEATED: "You have a seat",
    State.WAITING: "You are on the waiting list",
    State.ARRIVED: "You have arrived",
}


class AtTheDoor(EmbeddedStore):
    """A store in which everybody has arrived."""

    async def registration(self, id: str) -> Registration | None:
        found = await super().registration(id)
        return replace(found, state=State.ARRIVED) if found else None


@pytest.mark.parametrize("state", State)
async def test_ticket_says_where_its_registration_stands(state: State) -> None:
    kind = AtTheDoor if state is State.ARRIVED else EmbeddedStore
    async with open_house(Policy(capacity=0 if state is State.WAITING else 1), kind=kind) as house:
        await register(house)
        assert (await opened(house)).heading == HEADINGS[state]


REFUSALS: Final[dict[str, tuple[str, str, int, str]]] = {
    "a sign that is none": ("HUT-EMV-RW@", "code", 422, "is part of no code"),
    "a sign too few": ("HUT-EMV-RW", "code", 422, "here there are 8"),
    "two signs that changed places": ("HUT-EMV-REW", "code", 422, "two have changed places"),
    "no code": ("", "code", 422, "here there are 0"),
}


@pytest.mark.parametrize(("code", "field", "status", "words"), REFUSALS.values(), ids=REFUSALS.keys())
async def test_code_that_cannot_be_one_is_told_as_such(code: str, field: str, status: int, words: str) -> None:
    async with open_house() as house:
        page = await opened(house, code)
        assert (page.status, words in page.error(field)) == (status, True)
        assert page.fields() == {"code": code, "passphrase": ""}


async def test_unknown_code_and_wrong_passphrase_are_told_alike() -> None:
    async with open_house() as house:
        await register(house)
        unknown, wrong = await opened(house, OTHER_CODE), await opened(house, passphrase="not the one of this ticket")
        assert (unknown.status, unknown.said("//*[@role='alert']")) == (
            403,
            "No ticket has this code with this passphrase. Check both and try again.",
        )
        assert unknown.response.content.replace(OTHER_CODE.encode(), CODE.encode()) == wrong.response.content
        assert unknown.status == wrong.status
        assert unknown.response.headers == wrong.response.headers


class CountingHasher(ThreadedHasher):
    """A cheap hasher that counts what it is asked for."""

    def __init__(self) -> None:
        super().__init__(argon2id(memory_kib=64, passes=1), cores=2)
        self.works = 0

    async def verify(self, passphrase_hash: str | None, passphrase: str) -> bool:
        self.works += 1
        return await super().verify(passphrase_hash, passphrase)


@pytest.mark.parametrize("code", [CODE, OTHER_CODE])
async def test_one_hash_is_worked_out_whether_the_code_is_known_or_not(code: str) -> None:
    hasher = CountingHasher()
    async with open_house(hasher=hasher) as house:
        await register(house)
        await opened(house, code, "not the one of this ticket")
        assert hasher.works == 1


async def test_code_of_another_event_opens_nothing() -> None:
    async with open_house(keys=replace(KEYS, event=b"o" * 32)) as other, open_house() as house:
        await register(other)
        assert (await opened(other)).status == 200
        assert (await opened(house)).status == 403


async def test_ticket_leaves_no_cookie_and_is_kept_by_nobody() -> None:
    async with open_house() as house:
        await register(house)
        headers = (await opened(house)).response.headers
        assert (headers["cache-control"], "set-cookie" in headers) == ("no-store", False)


async def test_ticket_carries_its_code_alone_in_an_image_of_the_page_itself() -> None:
    async with open_house() as house:
        await register(house)
        (image,) = (await opened(house)).found("//main//img")
        assert image.get("src") == qr_image(CODE)
        assert image.get("alt") == "The code of this ticket, to be scanned at the door"


async def test_ticket_leads_to_the_calendar_of_the_edition() -> None:
    async with open_house() as house:
        await register(house)
        page = await opened(house)
        (link,) = page.found("//main//a[contains(., 'calendar')]")
        answer = await house.client.get(page.response.request.url.join(link.get("href", "")))
        assert (answer.status_code, answer.headers["content-type"]) == (200, CALENDAR)


async def test_ticket_tells_the_announcements_of_the_edition() -> None:
    async with open_house() as house:
        await register(house)
        text = Text("Au *premier*.", "On the *first* floor.")
        news = Announcement("salle", Text("Autre salle", "Another room"), text, PUBLISHED)
        await house.store.announce(news, "Another room", Addresses(), PUBLISHED)
        await house.client.aclose()
        await house.enter()
        page = await opened(house)
        assert page.said("//*[@id='announcement-salle']//h3") == "Another room"
        assert page.said("//*[@id='announcement-salle']//em") == "first"


async def test_page_that_asks_for_the_ticket_tells_that_everything_was_erased() -> None:
    async with open_house() as house:
        await register(house)
        assert "erased" not in (await house.get(FORM)).text
        await house.store.erase_all_registrations(date(2026, 12, 22))
        told = "the portal erased everything that it kept about the people who had registered: 1 registration."
        assert told in (await house.get(FORM)).text
        assert "Tuesday 22 December 2026" in (await opened(house)).text


class GrownHasher(ThreadedHasher):
    """A hasher whose passes were one when the tickets were made, and are two now."""

    def __init__(self, fault: Exception | None = None) -> None:
        super().__init__(argon2id(memory_kib=64, passes=2), cores=2)
        self.fault = fault

    async def hash(self, passphrase: str) -> str:
        if self.fault is not None:
            raise self.fault
        return await super().hash(passphrase)


async def made_before(house: House) -> str:
    """A ticket made with the parameters of before; its id."""
    id = locator(house.keys.event, CODE)
    await house.store.register(id, "Ada", argon2id(memory_kib=64, passes=1).hash(PASSPHRASE), house.clock())
    return id


async def hash_of(house: House, id: str) -> str:
    registration = await house.store.registration(id)
    assert registration is not None
    return registration.passphrase_hash


async def test_hash_is_made_anew_when_its_parameters_have_grown_and_only_then() -> None:
    async with open_house(hasher=GrownHasher()) as house:
        id = await made_before(house)
        assert (await opened(house)).status == 200
        anew = await hash_of(house, id)
        assert (",t=2," in anew, await house.hasher.verify(anew, PASSPHRASE)) == (True, True)
        assert (await opened(house)).has_form("/ticket/cancel/")
        assert await hash_of(house, id) == anew


async def test_hash_is_not_made_anew_for_a_wrong_passphrase() -> None:
    async with open_house(hasher=GrownHasher()) as house:
        before = await hash_of(house, await made_before(house))
        assert (await opened(house, passphrase="not the one of this ticket")).status == 403
        assert await hash_of(house, locator(house.keys.event, CODE)) == before


@pytest.mark.parametrize("fault", [BusyError(5), StorageError()], ids=["too many hashes", "a full disk"])
async def test_ticket_opens_though_its_hash_cannot_be_made_anew(fault: Exception) -> None:
    async with open_house(hasher=GrownHasher(fault)) as house:
        id = await made_before(house)
        page = await opened(house)
        assert (page.status, page.heading, ",t=1," in await hash_of(house, id)) == (200, "You have a seat", True)


class ChangedMeanwhile(GrownHasher):
    """A hasher during whose work somebody changes the passphrase."""

    house: House

    async def hash(self, passphrase: str) -> str:
        id = locator(self.house.keys.event, CODE)
        await self.house.store.amend_registration(id, passphrase_hash=await super().hash("the new one, set elsewhere"))
        return await super().hash(passphrase)


async def test_hash_made_anew_never_undoes_a_passphrase_changed_meanwhile() -> None:
    hasher = ChangedMeanwhile()
    async with open_house(hasher=hasher) as house:
        hasher.house = house
        id = await made_before(house)
        assert (await opened(house)).status == 403
        assert await house.hasher.verify(await hash_of(house, id), "the new one, set elsewhere")


async def test_unknown_code_and_wrong_passphrase_take_the_same_time() -> None:
    """Ranks, not durations: a busy machine slows down both. Without the work for nothing every rank would differ."""
    argon2 = argon2id(memory_kib=4096, passes=1)
    async with open_house(hasher=ThreadedHasher(argon2, cores=1)) as house:
        chance, kept = random.Random(7), argon2.hash(PASSPHRASE)
        codes = [new_code(chance) for _ in range(160)]
        for code in codes[::2]:
            await house.store.register(locator(house.keys.event, code), "", kept, house.clock())
        seconds: tuple[list[float], list[float]] = ([], [])
        for number, code in enumerate(codes):
            start = time.perf_counter()
            assert (await opened(house, code, "not the one of this ticket")).status == 403
            seconds[number % 2].append(time.perf_counter() - start)
        known, unknown = seconds
        slower = statistics.mean(one > other for one in known for other in unknown)
        assert 0.3 < slower < 0.7, "how often a wrong passphrase takes longer than an unknown code"
