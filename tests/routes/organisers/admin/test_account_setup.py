"""A newcomer turns a set-up code into an organiser: once, whatever is sent how often; no other code is told of."""

from datetime import timedelta
from typing import Final

import anyio
import pytest

from portal.domain.limits import FAILURE_DELAY_SECONDS, SET_UP_CODE_HOURS, SET_UPS_PER_MINUTE
from portal.domain.organisers.journal import JournalEntry
from portal.domain.organisers.organiser import Organiser, SetUpCode, expiry
from portal.domain.organisers.organiser_access import wrapped_for
from portal.web.sign_in_cookie import stored_id
from tests.factories.page import Page
from tests.factories.portal import House, open_house
from tests.factories.tickets import ORGANISERS_KEY, hashed, set_up_keys
from tests.routes.public.test_ticket_guessing import CountingHasher
from tests.web.test_rate_limit import Holds, held_by, impatient

pytestmark = pytest.mark.anyio

WELCOME: Final = "/en/organisers/welcome/"
CODE: Final = "HUTEMVRWE"
OTHER: Final = "UCVA6RJT6"
OWN: Final = "words that Sacha put together"
REFUSED: Final = (
    "This set-up code opens nothing: it is mistyped, used, withdrawn, or more than 24 hours old. "
    "Ask the person who gave it to you for another one."
)


async def given(house: House, code: str = CODE, name: str = "Sacha") -> None:
    """A set-up code, given by Louise, who can read pseudonyms."""
    await house.store.add_organiser(Organiser("Louise", "$argon2id$", wrapped_key="wrapped for her key"))
    keys = set_up_keys(code)
    wrapped = wrapped_for(ORGANISERS_KEY, keys.key)
    kept = SetUpCode(keys.id, name, "Louise", expiry(house.clock()), wrapped_key=wrapped)
    await house.store.give_set_up_code(kept, house.clock())


async def come(house: House, code: str = CODE, passphrase: str = OWN) -> Page:
    """Send the form of the newcomer."""
    page = await house.get(WELCOME)
    return await house.send(WELCOME, page.fields("welcome/") | {"code": code, "passphrase": passphrase})


async def test_newcomer_is_proposed_a_passphrase_and_comes_in_with_it() -> None:
    async with open_house() as house:
        await given(house)
        page = await house.get(WELCOME)
        proposed = page.fields("welcome/")["passphrase"]
        assert (page.heading, len(proposed.split())) == ("Welcome to the organisers", 6)
        answer = await house.send(WELCOME, page.fields("welcome/") | {"code": " hut-emv rwe"})
        assert (answer.status, answer.response.headers["location"]) == (303, "../../../en/organisers/")
        assert "Signed in as Sacha" in (await house.get("/en/organisers/")).text
        organiser = await house.store.organiser("Sacha")
        assert organiser is not None
        assert organiser.has_own_passphrase
        assert await house.hasher.verify(organiser.passphrase_hash, proposed)
        entry = JournalEntry(
            house.clock().date(), "Sacha", "Came in with a set-up code of %(giver)s", (("giver", "Louise"),)
        )
        assert await house.store.journal() == (entry,)


async def test_form_that_is_sent_twice_makes_one_organiser_and_ends_well() -> None:
    async with open_house() as house:
        await given(house)
        assert [(await come(house)).status for _ in range(2)] == [303, 303]
        assert (await house.store.organisers(), len(await house.store.journal())) == (("Louise", "Sacha"), 1)
        assert (await house.get("/en/organisers/")).heading == "Overview"


async def test_form_that_is_sent_twice_at_once_makes_one_organiser_and_ends_well() -> None:
    async with open_house() as house:
        await given(house)
        statuses = list[int]()

        async def send() -> None:
            statuses.append((await come(house)).status)

        async with anyio.create_task_group() as group:
            for _ in range(3):
                group.start_soon(send)
        assert (statuses, len(await house.store.journal())) == ([303, 303, 303], 1)


async def test_two_who_use_one_code_at_once_are_one_organiser_and_one_who_is_refused() -> None:
    async with open_house() as house:
        await given(house)
        statuses = dict[str, int]()

        async def send(passphrase: str) -> None:
            statuses[passphrase] = (await come(house, passphrase=passphrase)).status

        async with anyio.create_task_group() as group:
            for passphrase in (OWN, "words of somebody else"):
                group.start_soon(send, passphrase)
        organiser = await house.store.organiser("Sacha")
        assert organiser is not None
        assert sorted(statuses.values()) == [303, 403]
        (winner,) = [passphrase for passphrase, status in statuses.items() if status == 303]
        assert await house.hasher.verify(organiser.passphrase_hash, winner)


@pytest.mark.parametrize("what", ["unknown", "used", "withdrawn", "run out", "of one who was removed", "name taken"])
async def test_code_that_opens_nothing_is_told_alike_after_the_same_work(what: str) -> None:
    hasher = CountingHasher()
    async with open_house() as house:
        house.organisers_hasher = hasher
        await house.enter()
        await given(house)
        if what == "unknown":
            await house.store.withdraw_set_up_code("Sacha")
            await given(house, OTHER)
        elif what == "used":
            await come(house, passphrase="the words of who came first")
            house.client.cookies.clear()
        elif what == "withdrawn":
            await house.store.withdraw_set_up_code("Sacha")
        elif what == "run out":
            house.clock.turn(hours=SET_UP_CODE_HOURS)
        elif what == "of one who was removed":
            await house.store.add_organiser(Organiser("Alix", "", wrapped_key="wrapped for their key"))
            await house.store.remove_organiser("Louise")
        else:
            await house.store.add_organiser(Organiser("Sacha", hashed("of another Sacha").stored))
        names = await house.store.organisers()
        hasher.works = 0
        page = await come(house)
        assert (page.status, page.said("//*[@role='alert']"), await house.store.organisers()) == (403, REFUSED, names)
        assert (page.fields("welcome/")["code"], page.fields("welcome/")["passphrase"]) == (CODE, "")
        assert ("set-cookie" in page.response.headers, hasher.works) == (False, 1)


@pytest.mark.parametrize(("typed", "field"), [({"code": "HUTEMVRW"}, "code"), ({"passphrase": "short"}, "passphrase")])
async def test_what_cannot_be_is_told_beside_its_field(typed: dict[str, str], field: str) -> None:
    async with open_house() as house:
        await given(house)
        page = await house.get(WELCOME)
        answer = await house.send(WELCOME, page.fields("welcome/") | {"code": CODE, "passphrase": OWN} | typed)
        assert (answer.status, answer.error(field) != "") == (422, True)
        assert (await come(house)).status == 303


async def test_form_that_is_not_of_our_making_makes_nobody() -> None:
    async with open_house() as house:
        await given(house)
        answer = await house.send(WELCOME, {"code": CODE, "passphrase": OWN, "csrf_token": "forged"})
        assert (answer.status, await house.store.organisers()) == (403, ("Louise",))


async def test_coming_in_ends_what_the_browser_was_signed_in_to_before() -> None:
    async with open_house() as house:
        await house.sign_in()
        before = stored_id(house.client.cookies["sign_in"])
        await given(house)
        assert (await come(house)).status == 303
        assert await house.store.sign_in(before, house.clock()) is None


async def test_failures_on_a_code_hold_the_next_attempt_on_it_which_is_then_looked_at() -> None:
    async with open_house() as house:
        holds = Holds()
        house.app.state.guard = held_by(holds, house.clock)
        await given(house)
        await come(house, passphrase="the words of who came first")
        for _ in range(9):
            await come(house)
            house.clock.turn(minutes=1)
        assert (await come(house, passphrase="the words of who came first")).status == 303
        assert holds.seconds == [1, 2, 4, 8, 16, 20, FAILURE_DELAY_SECONDS]


async def test_codes_that_are_looked_at_have_a_budget_for_all() -> None:
    async with open_house() as house:
        house.app.state.guard = impatient(house.clock)
        await given(house)
        statuses = [(await come(house, OTHER)).status for _ in range(SET_UPS_PER_MINUTE + 1)]
        assert statuses == [403] * SET_UPS_PER_MINUTE + [503]
        busy = await come(house)
        assert (busy.status, int(busy.response.headers["retry-after"]) <= 60) == (503, True)
        house.clock.now += timedelta(seconds=int(busy.response.headers["retry-after"]))
        assert (await come(house)).status == 303
