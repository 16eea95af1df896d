"""Access to registration: the state of the seats, invitations, the budget of a minute."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

import pytest

from portal.domain.registration.registration import Counts, Mode, Policy
from portal.domain.registration.ticket_code import shown
from portal.site.paths import page_path
from portal.site.render import render
from tests.factories.page import Page
from tests.factories.portal import SETTINGS, Harness, cheap_hasher, open_harness
from tests.factories.registration_form import FORM, code_on, fill, filled_in, invite
from tests.factories.ticket_pages import CODE, OTHER_CODE, opened
from tests.factories.tickets import invitation_id, ticket_id
from tests.fakes.hashers import CountingHasher, NoHasher
from tests.fakes.rate_limits import impatient

pytestmark = pytest.mark.anyio

INVITED: Final = Policy(Mode.INVITATION)


def without_the_form(page: Page) -> bytes:
    """Return the page without the code and the passphrase, which differ each time."""
    content = page.response.content
    for drawn in (page.fields()["csrf_token"], page.fields()["passphrase"], page.text_of("//*[@class='code']")):
        content = content.replace(drawn.encode(), b"")
    return content


async def test_page_tells_the_state_of_the_seats_and_nothing_of_their_number() -> None:
    async with open_harness(Policy(capacity=100)) as harness:
        pages = list[bytes]()
        for more in (0, 1, 40, 20):
            await fill(harness, (await harness.store.counts()).taken + more)
            pages.append(without_the_form(await harness.get(FORM)))
        assert len(set(pages)) == 1


async def test_page_tells_when_everything_was_erased_and_how_many_there_were() -> None:
    async with open_harness() as harness:
        await fill(harness, 3)
        await harness.store.erase_all_registrations(date(2026, 12, 22))
        text = (await harness.get("/fr/inscription/")).text
        assert "mardi 22 décembre 2026" in text
        assert "3 inscriptions" in text


async def test_form_asks_for_an_invitation_only_where_one_is_needed() -> None:
    async with open_harness(INVITED) as invited, open_harness() as harness:
        (control,) = (await invited.get(FORM)).found("//*[@name='invitation']")
        assert control.get("required") is not None
        assert (await harness.get(FORM)).found("//*[@name='invitation']") == []


@pytest.mark.parametrize("typed", [CODE, shown(CODE), " hut emv rwe "])
async def test_invitation_lets_one_person_register_and_is_gone(typed: str) -> None:
    async with open_harness(INVITED) as harness:
        await invite(harness, CODE)
        ticket = await harness.send(FORM, await filled_in(harness, invitation=typed))
        assert (ticket.heading, await harness.store.invitations()) == ("You have a seat", 0)
        again = await harness.send(FORM, await filled_in(harness, invitation=typed))
        assert again.status == 409
        assert "No unused invitation" in again.error("invitation")
        assert await harness.store.counts() == Counts(seated=1)


async def test_form_sent_again_gives_the_same_ticket_though_its_invitation_is_used() -> None:
    async with open_harness(INVITED) as harness:
        await invite(harness, CODE, OTHER_CODE)
        fields = await filled_in(harness, invitation=CODE)
        first, second = await harness.send(FORM, fields), await harness.send(FORM, fields)
        third = await harness.send(FORM, fields | {"invitation": OTHER_CODE})
        assert code_on(first) == code_on(second) == code_on(third)
        assert (await harness.store.invitations(), await harness.store.counts()) == (1, Counts(seated=1))


WRONG: Final[dict[str, tuple[str, int, str]]] = {
    "none": ("", 422, "this one has 0"),
    "a sign mistyped": ("HUT-EMV-RWA", 422, "Check it character by character"),
    "one that never was": (OTHER_CODE, 409, "No unused invitation has this code"),
}


@pytest.mark.parametrize(("typed", "status", "words"), WRONG.values(), ids=WRONG.keys())
async def test_error_of_an_invitation_is_beside_its_field_and_everything_typed_stays(
    typed: str, status: int, words: str
) -> None:
    async with open_harness(INVITED) as harness:
        await invite(harness, CODE)
        fields = await filled_in(harness, invitation=typed, pseudonym="Ada")
        page = await harness.send(FORM, fields)
        assert page.status == status
        assert words in page.error("invitation")
        kept = page.fields()
        assert {name: kept[name] for name in ("invitation", "pseudonym", "csrf_token")} == {
            name: fields[name] for name in ("invitation", "pseudonym", "csrf_token")
        }
        assert (await harness.send(FORM, fields | {"invitation": CODE})).status == 200


async def test_code_of_a_ticket_is_no_invitation_and_an_invitation_opens_no_ticket() -> None:
    async with open_harness(INVITED) as harness:
        await invite(harness, CODE)
        await harness.store.register(ticket_id(OTHER_CODE), "", "-", harness.clock(), invitation_id(CODE))
        await invite(harness, CODE)
        assert (await harness.send(FORM, await filled_in(harness, invitation=OTHER_CODE))).status == 409
        assert (await opened(harness, CODE)).status == 403


async def test_wrong_invitations_cost_no_hash_and_nothing_of_the_budget() -> None:
    hasher = CountingHasher()
    async with open_harness(INVITED, hasher=hasher, settings=replace(SETTINGS, registrations_per_minute=1)) as harness:
        await invite(harness, CODE)
        fields = await filled_in(harness, invitation=OTHER_CODE)
        assert {(await harness.send(FORM, fields)).status for _ in range(5)} == {409}
        assert (await harness.send(FORM, fields | {"invitation": CODE})).status == 200


async def test_portal_takes_so_many_a_minute_and_says_when_to_try_again() -> None:
    async with open_harness() as harness:
        harness.app.state.rate_limits = impatient(harness.clock, 2)
        forms = [await filled_in(harness, pseudonym=f"Ada {number}") for number in range(3)]
        pages = [await harness.send(FORM, fields) for fields in forms]
        assert [page.status for page in pages] == [200, 200, 503]
        busy = pages[2]
        assert busy.response.headers["retry-after"] == "30"
        assert "try again in 30 seconds" in busy.text
        assert busy.fields() == forms[2] | {"passphrase": ""}
        harness.clock.turn(seconds=30)
        ticket = await harness.send(FORM, forms[2])
        assert (ticket.heading, code_on(ticket)) == ("You have a seat", code_on(busy))


async def test_form_sent_again_costs_nothing_of_the_budget() -> None:
    async with open_harness(settings=replace(SETTINGS, registrations_per_minute=1)) as harness:
        fields = await filled_in(harness)
        assert [(await harness.send(FORM, fields)).status for _ in range(4)] == [200] * 4


async def test_reading_and_coming_back_are_never_limited_by_a_flood_of_registrations() -> None:
    hasher = cheap_hasher()
    async with open_harness(hasher=hasher) as harness:
        harness.app.state.rate_limits = impatient(harness.clock, 1)
        fields = await filled_in(harness)
        await harness.send(FORM, fields)
        assert (await harness.send(FORM, await filled_in(harness))).status == 503
        assert (await opened(harness, code_on(await harness.send(FORM, fields)), fields["passphrase"])).status == 200
        assert {(await harness.get(path)).status for path in await public_paths(harness)} == {200}


async def public_paths(harness: Harness) -> list[str]:
    """Return every public page of the edition."""
    edition = await harness.store.edition()
    assert edition is not None
    return [f"/{path.removesuffix('index.html')}" for path in render(edition) if path.endswith("index.html")]


async def test_reading_is_never_limited_while_no_passphrase_can_be_hashed() -> None:
    async with open_harness(hasher=NoHasher()) as harness:
        assert (await harness.send(FORM, await filled_in(harness))).status == 503
        assert (await opened(harness, OTHER_CODE)).status == 503
        assert {(await harness.get(path)).status for path in await public_paths(harness)} == {200}
        assert (await harness.get(f"/{page_path('registration', 'en')}")).has_form("registration/")


async def test_page_tells_the_moment_of_the_draw_and_everybody_waits_for_it() -> None:
    async with open_harness(Policy(capacity=100, draw_at=datetime(2026, 12, 10, 17, tzinfo=UTC))) as harness:
        page = await harness.get("/fr/inscription/")
        assert "Les places sont tirées au sort le jeudi 10 décembre 2026" in page.text
        ticket = await harness.send(FORM, await filled_in(harness))
        assert (ticket.status, ticket.heading) == (200, "You take part in the draw")
        assert "drawn at random on Thursday 10 December 2026, 18:00" in ticket.text
        assert await harness.store.counts() == Counts(waiting=1)
        await harness.store.draw_seats(random.Random(1))
        assert "The seats are drawn at random" not in (await harness.get(FORM)).text
