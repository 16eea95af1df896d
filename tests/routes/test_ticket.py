"""The ticket: opened again with its code and its passphrase, and given back for good."""

from dataclasses import replace
from typing import Final

import pytest

from portal.domain.registration import Counts, Policy, Registration, State
from portal.domain.ticket_code import locator
from portal.storage.embedded import EmbeddedStore
from tests.routes.house import KEYS, House, cheap_hasher, open_house
from tests.routes.page import Page

pytestmark = pytest.mark.anyio

FORM: Final = "/en/ticket/"
CODE: Final = "HUTEMVRWE"
OTHER_CODE: Final = "UCVA6RJT6"
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
        assert "Pseudonym" not in (await opened(house)).text


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


class CountingHasher:
    """A hasher that counts what it is asked for."""

    def __init__(self) -> None:
        self.hasher = cheap_hasher()
        self.works = 0

    async def hash(self, passphrase: str) -> str:
        return await self.hasher.hash(passphrase)

    async def verify(self, passphrase_hash: str | None, passphrase: str) -> bool:
        self.works += 1
        return await self.hasher.verify(passphrase_hash, passphrase)


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


async def test_cancelling_asks_first() -> None:
    async with open_house() as house:
        await register(house)
        ticket = await opened(house)
        question = await house.send(ticket.action(), ticket.fields())
        assert (question.status, question.heading) == (200, "Erase this ticket?")
        assert await house.store.counts() == Counts(seated=1)


async def cancelled(house: House, ticket: Page) -> Page:
    """Cancel `ticket` and confirm it."""
    question = await house.send(ticket.action(), ticket.fields())
    return await house.send(question.action(), question.fields())


async def test_cancelled_ticket_is_erased_and_opens_nothing_any_more() -> None:
    async with open_house() as house:
        id = await register(house)
        page = await cancelled(house, await opened(house))
        assert (page.status, page.heading, len(page.found("//main//li"))) == (200, "It is erased", 4)
        assert (await house.store.registration(id), (await opened(house)).status) == (None, 403)


async def test_cancelling_gives_the_seat_to_somebody_who_waits() -> None:
    async with open_house(Policy(capacity=1)) as house:
        await register(house)
        await register(house, OTHER_CODE)
        assert await house.store.counts() == Counts(seated=1, waiting=1)
        await cancelled(house, await opened(house))
        assert (await opened(house, OTHER_CODE)).heading == "You have a seat"


async def test_cancelling_touches_this_ticket_only() -> None:
    async with open_house() as house:
        await register(house)
        other = await register(house, OTHER_CODE)
        await cancelled(house, await opened(house))
        assert await house.store.registration(other) is not None


async def test_cancelling_twice_says_the_same_twice() -> None:
    async with open_house() as house:
        await register(house)
        ticket = await opened(house)
        first, second = await cancelled(house, ticket), await cancelled(house, ticket)
        assert (first.status, first.text) == (second.status, second.text)


async def test_cancelling_ten_minutes_after_the_ticket_was_opened_asks_for_it_again() -> None:
    async with open_house() as house:
        await register(house)
        ticket = await opened(house)
        house.clock.turn(minutes=10, seconds=1)
        page = await house.send(ticket.action(), ticket.fields() | {"confirmed": "yes"})
        assert (page.status, page.heading, await house.store.counts()) == (400, "My ticket", Counts(seated=1))


@pytest.mark.parametrize("token", ["", "forged", "of the form of registration"])
async def test_cancelling_with_a_token_of_something_else_changes_nothing(token: str) -> None:
    async with open_house() as house:
        await register(house)
        if token.startswith("of"):
            token = (await house.get("/en/registration/")).fields()["csrf_token"]
        page = await house.send("/en/ticket/cancel/", {"csrf_token": token, "confirmed": "yes"})
        assert (page.status, await house.store.counts()) == (403, Counts(seated=1))


async def test_ticket_leaves_no_cookie_and_is_kept_by_nobody() -> None:
    async with open_house() as house:
        await register(house)
        headers = (await opened(house)).response.headers
        assert (headers["cache-control"], "set-cookie" in headers) == ("no-store", False)
