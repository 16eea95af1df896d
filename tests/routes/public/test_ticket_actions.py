"""Actions on the page of a ticket: each by a form that is valid for ten minutes and for this ticket alone."""

from dataclasses import replace
from typing import Final

import pytest

from portal.domain.registration.registration import Counts, Policy
from portal.domain.registration.stored_fields import STORED_FIELDS
from portal.domain.registration.ticket_code import parse_code
from tests.factories.page import Page
from tests.factories.portal import Harness, cheap_hasher, open_harness
from tests.factories.ticket_pages import CODE, OTHER_CODE, PASSPHRASE, SECRET, act, opened, register
from tests.factories.tickets import KEYS, unsealed

pytestmark = pytest.mark.anyio

PSEUDONYM: Final = "/ticket/pseudonym/"
CANCEL: Final = "/ticket/cancel/"
ACTIONS: Final = (PSEUDONYM, SECRET, CANCEL)
NEW: Final = "a passphrase of their own"


async def pseudonym_of(harness: Harness, id: str) -> str | None:
    registration = await harness.store.registration(id)
    assert registration is not None
    return unsealed(registration.sealed_pseudonym)


@pytest.mark.parametrize(("typed", "kept"), [("  Ada ", "Ada"), ("", ""), ("Ἀσπασία", "Ἀσπασία")])
async def test_pseudonym_is_changed_and_the_page_says_so(typed: str, kept: str) -> None:
    async with open_harness() as harness:
        id = await register(harness)
        page = await act(harness, await opened(harness), PSEUDONYM, pseudonym=typed)
        assert (page.status, page.text_of("//*[@role='status']")) == (200, "Your pseudonym is changed.")
        assert (page.facts().get("Pseudonym", ""), await pseudonym_of(harness, id)) == (kept, kept)
        assert (await act(harness, page, PSEUDONYM, pseudonym="again")).facts()["Pseudonym"] == "again"


async def test_pseudonym_that_cannot_be_kept_stays_in_the_field_beside_the_reason() -> None:
    async with open_harness() as harness:
        id = await register(harness)
        page = await act(harness, await opened(harness), PSEUDONYM, pseudonym="a\u202eb")
        assert page.status == 422
        assert "U+202E" in page.error("pseudonym")
        assert (page.fields(PSEUDONYM)["pseudonym"], await pseudonym_of(harness, id)) == ("a\u202eb", "Nausicaä")
        assert (await act(harness, page, PSEUDONYM, pseudonym="Ada")).status == 200


async def test_pseudonym_sent_too_late_comes_along_to_the_ticket_that_is_opened_again() -> None:
    async with open_harness() as harness:
        id = await register(harness)
        ticket = await opened(harness)
        harness.clock.turn(minutes=11)
        form = await act(harness, ticket, PSEUDONYM, pseudonym="Ada")
        assert (form.status, form.heading, form.fields()["code"]) == (400, "My ticket", "HUT-EMV-RWE")
        again = await harness.send(form.action(), form.fields() | {"passphrase": PASSPHRASE})
        assert "not saved yet" in again.text_of("//*[@role='status']")
        assert (again.fields(PSEUDONYM)["pseudonym"], await pseudonym_of(harness, id)) == ("Ada", "Nausicaä")
        assert (await act(harness, again, PSEUDONYM)).facts()["Pseudonym"] == "Ada"


async def test_passphrase_is_proposed_first_and_changes_nothing_yet() -> None:
    async with open_harness() as harness:
        await register(harness)
        page = await act(harness, await opened(harness), SECRET)
        assert (page.status, page.heading, len(page.fields()["passphrase"].split())) == (
            200,
            "Change the passphrase",
            6,
        )
        assert parse_code(page.text_of("//*[@class='code']")) == CODE
        assert (await opened(harness)).status == 200


async def test_passphrase_is_changed_and_the_old_one_opens_nothing() -> None:
    async with open_harness() as harness:
        await register(harness)
        form = await act(harness, await opened(harness), SECRET)
        page = await act(harness, form, SECRET, passphrase=NEW)
        assert page.status == 200
        assert "The old one no longer works" in page.text_of("//*[@role='status']")
        assert ((await opened(harness)).status, (await opened(harness, passphrase=NEW)).status) == (403, 200)
        assert (await act(harness, page, PSEUDONYM, pseudonym="Ada")).status == 200


async def test_passphrase_that_is_too_short_is_asked_for_again_and_never_shown() -> None:
    async with open_harness() as harness:
        await register(harness)
        form = await act(harness, await opened(harness), SECRET)
        page = await act(harness, form, SECRET, passphrase="short")
        assert (page.status, page.fields()["passphrase"]) == (422, "")
        assert "at least 12" in page.error("passphrase")
        assert (await act(harness, page, SECRET, passphrase=NEW)).status == 200


async def test_passphrase_is_not_changed_while_too_many_others_are_hashed() -> None:
    async with open_harness(hasher=cheap_hasher(queue=0)) as harness:
        await register(harness)
        form = await act(harness, await opened(harness), SECRET)
        harness.hasher._places = 0  # type: ignore[attr-defined]
        page = await act(harness, form, SECRET, passphrase=NEW)
        assert (page.status, page.response.headers["retry-after"], page.has_form(SECRET)) == (503, "5", True)


@pytest.mark.parametrize("to", ACTIONS)
async def test_page_opened_with_the_old_passphrase_does_nothing_once_that_is_changed(to: str) -> None:
    async with open_harness() as harness:
        id = await register(harness)
        old, form = await opened(harness), await act(harness, await opened(harness), SECRET)
        await act(harness, form, SECRET, passphrase=NEW)
        page = await act(harness, old, to, pseudonym="Mallory", confirmed="yes")
        assert (page.status, page.heading) == (400, "My ticket")
        assert "out of date" in page.text
        assert (await pseudonym_of(harness, id), (await opened(harness, passphrase=NEW)).status) == ("Nausicaä", 200)


@pytest.mark.parametrize("to", ACTIONS)
async def test_page_opened_ten_minutes_ago_does_nothing(to: str) -> None:
    async with open_harness() as harness:
        id = await register(harness)
        ticket = await opened(harness)
        harness.clock.turn(minutes=9, seconds=59)
        ticket = await act(harness, ticket, PSEUDONYM, pseudonym="Ada")  # it does not make the page young again
        harness.clock.turn(seconds=2)
        page = await act(harness, ticket, to, pseudonym="Mallory", confirmed="yes")
        assert (page.status, page.heading) == (400, "My ticket")
        assert "more than 10 minutes ago" in page.text
        assert (await pseudonym_of(harness, id), await harness.store.counts()) == ("Ada", Counts(seated=1))


@pytest.mark.parametrize("to", ACTIONS)
@pytest.mark.parametrize("token", ["", "forged", "of the form of registration"])
async def test_form_with_a_token_of_something_else_changes_nothing(token: str, to: str) -> None:
    async with open_harness() as harness:
        id = await register(harness)
        if token.startswith("of"):
            token = (await harness.get("/en/registration/")).fields()["csrf_token"]
        fields = {"csrf_token": token, "confirmed": "yes", "pseudonym": "Mallory", "passphrase": NEW}
        page = await harness.send(f"/en{to}", fields)
        assert (page.status, await harness.store.counts()) == (403, Counts(seated=1))
        assert (await pseudonym_of(harness, id), (await opened(harness)).status) == ("Nausicaä", 200)


@pytest.mark.parametrize("to", ACTIONS)
async def test_form_of_another_portal_changes_nothing(to: str) -> None:
    async with open_harness(keys=replace(KEYS, forms=b"o" * 32)) as other, open_harness() as harness:
        ids = [await register(portal) for portal in (other, harness)]
        foreign = await opened(other)
        page = await harness.send(foreign.action(to), foreign.fields(to) | {"confirmed": "yes", "pseudonym": "Mallory"})
        assert (page.status, await pseudonym_of(harness, ids[1])) == (403, "Nausicaä")


@pytest.mark.parametrize("to", [PSEUDONYM, SECRET])
async def test_page_of_a_ticket_that_was_erased_meanwhile_changes_nothing(to: str) -> None:
    async with open_harness() as harness:
        id = await register(harness)
        ticket = await opened(harness)
        await harness.store.erase_registration(id, harness.services().rng)
        page = await act(harness, ticket, to, pseudonym="Ada")
        assert (page.status, page.heading, await harness.store.counts()) == (403, "My ticket", Counts())


async def test_page_of_an_erased_ticket_does_nothing_to_who_registers_with_its_code_again() -> None:
    async with open_harness() as harness:
        id = await register(harness)
        ticket = await opened(harness)
        await harness.store.erase_registration(id, harness.services().rng)
        await register(harness, pseudonym="Somebody else")
        page = await act(harness, ticket, CANCEL, confirmed="yes")
        assert (page.status, await pseudonym_of(harness, id)) == (400, "Somebody else")


async def test_cancelling_asks_first() -> None:
    async with open_harness() as harness:
        await register(harness)
        question = await act(harness, await opened(harness), CANCEL)
        assert (question.status, question.heading) == (200, "Erase this ticket?")
        assert len(question.found("//main//li")) == len(STORED_FIELDS)
        assert await harness.store.counts() == Counts(seated=1)


async def cancelled(harness: Harness, ticket: Page) -> Page:
    """Cancel `ticket` and confirm it."""
    return await act(harness, await act(harness, ticket, CANCEL), CANCEL)


async def test_cancelled_ticket_is_erased_and_opens_nothing_any_more() -> None:
    async with open_harness() as harness:
        id = await register(harness)
        page = await cancelled(harness, await opened(harness))
        assert (page.status, page.heading, len(page.found("//main//li"))) == (200, "It is erased", 4)
        assert (await harness.store.registration(id), (await opened(harness)).status) == (None, 403)


async def test_cancelling_gives_the_seat_to_somebody_who_waits() -> None:
    async with open_harness(Policy(capacity=1)) as harness:
        await register(harness)
        await register(harness, OTHER_CODE)
        assert await harness.store.counts() == Counts(seated=1, waiting=1)
        await cancelled(harness, await opened(harness))
        assert (await opened(harness, OTHER_CODE)).heading == "You have a seat"


async def test_seat_that_was_given_meanwhile_is_asked_about_again() -> None:
    async with open_harness(Policy(capacity=1)) as harness:
        await register(harness)
        await register(harness, OTHER_CODE)
        question = await act(harness, await opened(harness, OTHER_CODE), CANCEL)
        assert "You leave the waiting list" in question.text
        await cancelled(harness, await opened(harness))
        again = await act(harness, question, CANCEL)
        assert again.status == 409
        assert "Your seat goes to somebody else" in again.text
        assert "has changed in the meantime" in again.text_of("//*[@role='alert']")
        assert await harness.store.counts() == Counts(seated=1)
        assert (await act(harness, again, CANCEL)).heading == "It is erased"


async def test_cancelling_touches_this_ticket_only() -> None:
    async with open_harness() as harness:
        await register(harness)
        other = await register(harness, OTHER_CODE)
        await cancelled(harness, await opened(harness))
        assert await harness.store.registration(other) is not None


async def test_cancelling_twice_says_the_same_twice() -> None:
    async with open_harness() as harness:
        await register(harness)
        ticket = await opened(harness)
        first, second = await cancelled(harness, ticket), await cancelled(harness, ticket)
        assert (first.status, first.text) == (second.status, second.text)


async def test_every_answer_is_kept_by_nobody_and_leaves_no_cookie() -> None:
    async with open_harness() as harness:
        await register(harness)
        ticket = await opened(harness)
        for to in ACTIONS:
            headers = (await act(harness, ticket, to)).response.headers
            assert headers["cache-control"] == "no-store"
            assert "set-cookie" not in headers
            assert "location" not in headers
