"""What is done from the page of a ticket: each by a form that is good for ten minutes and for this ticket alone."""

from dataclasses import replace
from typing import Final

import pytest

from portal.domain.registration.registration import Counts, Policy
from portal.domain.registration.stored_fields import STORED_FIELDS
from portal.domain.registration.ticket_code import parse_code
from tests.factories.page import Page
from tests.factories.portal import House, cheap_hasher, open_house
from tests.factories.tickets import KEYS, unsealed
from tests.routes.public.test_ticket import CODE, OTHER_CODE, PASSPHRASE, opened, register

pytestmark = pytest.mark.anyio

PSEUDONYM: Final = "/ticket/pseudonym/"
SECRET: Final = "/ticket/passphrase/"
CANCEL: Final = "/ticket/cancel/"
ACTIONS: Final = (PSEUDONYM, SECRET, CANCEL)
NEW: Final = "a passphrase of their own"


async def act(house: House, page: Page, to: str, **typed: str) -> Page:
    """Send the form of `page` that goes to `to`, with what is typed into it."""
    return await house.send(page.action(to), page.fields(to) | typed)


async def pseudonym_of(house: House, id: str) -> str | None:
    registration = await house.store.registration(id)
    assert registration is not None
    return unsealed(registration.sealed_pseudonym)


@pytest.mark.parametrize(("typed", "kept"), [("  Ada ", "Ada"), ("", ""), ("Ἀσπασία", "Ἀσπασία")])
async def test_pseudonym_is_changed_and_the_page_says_so(typed: str, kept: str) -> None:
    async with open_house() as house:
        id = await register(house)
        page = await act(house, await opened(house), PSEUDONYM, pseudonym=typed)
        assert (page.status, page.said("//*[@role='status']")) == (200, "Your pseudonym is changed.")
        assert (page.facts().get("Pseudonym", ""), await pseudonym_of(house, id)) == (kept, kept)
        assert (await act(house, page, PSEUDONYM, pseudonym="again")).facts()["Pseudonym"] == "again"


async def test_pseudonym_that_cannot_be_kept_stays_in_the_field_beside_the_reason() -> None:
    async with open_house() as house:
        id = await register(house)
        page = await act(house, await opened(house), PSEUDONYM, pseudonym="a\u202eb")
        assert (page.status, "U+202E" in page.error("pseudonym")) == (422, True)
        assert (page.fields(PSEUDONYM)["pseudonym"], await pseudonym_of(house, id)) == ("a\u202eb", "Nausicaä")
        assert (await act(house, page, PSEUDONYM, pseudonym="Ada")).status == 200


async def test_pseudonym_sent_too_late_comes_along_to_the_ticket_that_is_opened_again() -> None:
    async with open_house() as house:
        id = await register(house)
        ticket = await opened(house)
        house.clock.turn(minutes=11)
        asked = await act(house, ticket, PSEUDONYM, pseudonym="Ada")
        assert (asked.status, asked.heading, asked.fields()["code"]) == (400, "My ticket", "HUT-EMV-RWE")
        again = await house.send(asked.action(), asked.fields() | {"passphrase": PASSPHRASE})
        assert "not kept yet" in again.said("//*[@role='status']")
        assert (again.fields(PSEUDONYM)["pseudonym"], await pseudonym_of(house, id)) == ("Ada", "Nausicaä")
        assert (await act(house, again, PSEUDONYM)).facts()["Pseudonym"] == "Ada"


async def test_passphrase_is_proposed_first_and_changes_nothing_yet() -> None:
    async with open_house() as house:
        await register(house)
        page = await act(house, await opened(house), SECRET)
        assert (page.status, page.heading, len(page.fields()["passphrase"].split())) == (
            200,
            "Change the passphrase",
            6,
        )
        assert parse_code(page.said("//*[@class='code']")) == CODE
        assert (await opened(house)).status == 200


async def test_passphrase_is_changed_and_the_old_one_opens_nothing() -> None:
    async with open_house() as house:
        await register(house)
        asked = await act(house, await opened(house), SECRET)
        page = await act(house, asked, SECRET, passphrase=NEW)
        assert (page.status, "The old one opens nothing" in page.said("//*[@role='status']")) == (200, True)
        assert ((await opened(house)).status, (await opened(house, passphrase=NEW)).status) == (403, 200)
        assert (await act(house, page, PSEUDONYM, pseudonym="Ada")).status == 200


async def test_passphrase_that_is_too_short_is_asked_for_again_and_never_shown() -> None:
    async with open_house() as house:
        await register(house)
        asked = await act(house, await opened(house), SECRET)
        page = await act(house, asked, SECRET, passphrase="short")
        assert (page.status, "at least 12" in page.error("passphrase"), page.fields()["passphrase"]) == (422, True, "")
        assert (await act(house, page, SECRET, passphrase=NEW)).status == 200


async def test_passphrase_is_not_changed_while_too_many_others_are_hashed() -> None:
    async with open_house(hasher=cheap_hasher(queue=0)) as house:
        await register(house)
        asked = await act(house, await opened(house), SECRET)
        house.hasher._places = 0  # type: ignore[attr-defined]
        page = await act(house, asked, SECRET, passphrase=NEW)
        assert (page.status, page.response.headers["retry-after"], page.has_form(SECRET)) == (503, "5", True)


@pytest.mark.parametrize("to", ACTIONS)
async def test_page_opened_with_the_old_passphrase_does_nothing_once_that_is_changed(to: str) -> None:
    async with open_house() as house:
        id = await register(house)
        old, asked = await opened(house), await act(house, await opened(house), SECRET)
        await act(house, asked, SECRET, passphrase=NEW)
        page = await act(house, old, to, pseudonym="Mallory", confirmed="yes")
        assert (page.status, page.heading, "out of date" in page.text) == (400, "My ticket", True)
        assert (await pseudonym_of(house, id), (await opened(house, passphrase=NEW)).status) == ("Nausicaä", 200)


@pytest.mark.parametrize("to", ACTIONS)
async def test_page_opened_ten_minutes_ago_does_nothing(to: str) -> None:
    async with open_house() as house:
        id = await register(house)
        ticket = await opened(house)
        house.clock.turn(minutes=9, seconds=59)
        ticket = await act(house, ticket, PSEUDONYM, pseudonym="Ada")  # it does not make the page young again
        house.clock.turn(seconds=2)
        page = await act(house, ticket, to, pseudonym="Mallory", confirmed="yes")
        assert (page.status, page.heading, "more than 10 minutes ago" in page.text) == (400, "My ticket", True)
        assert (await pseudonym_of(house, id), await house.store.counts()) == ("Ada", Counts(seated=1))


@pytest.mark.parametrize("to", ACTIONS)
@pytest.mark.parametrize("token", ["", "forged", "of the form of registration"])
async def test_form_with_a_token_of_something_else_changes_nothing(token: str, to: str) -> None:
    async with open_house() as house:
        id = await register(house)
        if token.startswith("of"):
            token = (await house.get("/en/registration/")).fields()["csrf_token"]
        fields = {"csrf_token": token, "confirmed": "yes", "pseudonym": "Mallory", "passphrase": NEW}
        page = await house.send(f"/en{to}", fields)
        assert (page.status, await house.store.counts()) == (403, Counts(seated=1))
        assert (await pseudonym_of(house, id), (await opened(house)).status) == ("Nausicaä", 200)


@pytest.mark.parametrize("to", ACTIONS)
async def test_form_of_another_portal_changes_nothing(to: str) -> None:
    async with open_house(keys=replace(KEYS, forms=b"o" * 32)) as other, open_house() as house:
        ids = [await register(portal) for portal in (other, house)]
        foreign = await opened(other)
        page = await house.send(foreign.action(to), foreign.fields(to) | {"confirmed": "yes", "pseudonym": "Mallory"})
        assert (page.status, await pseudonym_of(house, ids[1])) == (403, "Nausicaä")


@pytest.mark.parametrize("to", [PSEUDONYM, SECRET])
async def test_page_of_a_ticket_that_was_erased_meanwhile_changes_nothing(to: str) -> None:
    async with open_house() as house:
        id = await register(house)
        ticket = await opened(house)
        await house.store.erase_registration(id, house.services().chance)
        page = await act(house, ticket, to, pseudonym="Ada")
        assert (page.status, page.heading, await house.store.counts()) == (403, "My ticket", Counts())


async def test_page_of_an_erased_ticket_does_nothing_to_who_registers_with_its_code_again() -> None:
    async with open_house() as house:
        id = await register(house)
        ticket = await opened(house)
        await house.store.erase_registration(id, house.services().chance)
        await register(house, pseudonym="Somebody else")
        page = await act(house, ticket, CANCEL, confirmed="yes")
        assert (page.status, await pseudonym_of(house, id)) == (400, "Somebody else")


async def test_cancelling_asks_first() -> None:
    async with open_house() as house:
        await register(house)
        question = await act(house, await opened(house), CANCEL)
        assert (question.status, question.heading) == (200, "Erase this ticket?")
        assert len(question.found("//main//li")) == len(STORED_FIELDS)
        assert await house.store.counts() == Counts(seated=1)


async def cancelled(house: House, ticket: Page) -> Page:
    """Cancel `ticket` and confirm it."""
    return await act(house, await act(house, ticket, CANCEL), CANCEL)


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


async def test_seat_that_was_given_meanwhile_is_asked_about_again() -> None:
    async with open_house(Policy(capacity=1)) as house:
        await register(house)
        await register(house, OTHER_CODE)
        question = await act(house, await opened(house, OTHER_CODE), CANCEL)
        assert "You leave the waiting list" in question.text
        await cancelled(house, await opened(house))
        again = await act(house, question, CANCEL)
        assert (again.status, "Your place goes to somebody else" in again.text) == (409, True)
        assert "has changed in the meantime" in again.said("//*[@role='alert']")
        assert await house.store.counts() == Counts(seated=1)
        assert (await act(house, again, CANCEL)).heading == "It is erased"


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


async def test_every_answer_is_kept_by_nobody_and_leaves_no_cookie() -> None:
    async with open_house() as house:
        await register(house)
        ticket = await opened(house)
        for to in ACTIONS:
            headers = (await act(house, ticket, to)).response.headers
            assert (headers["cache-control"], "set-cookie" in headers, "location" in headers) == (
                "no-store",
                False,
                False,
            )
