"""A newcomer turns a set-up code into an organiser: once, whatever is sent how often; no other code is told of."""

from datetime import timedelta
from typing import Final

import anyio
import pytest

from portal.domain.limits import FAILURE_DELAY_SECONDS, SET_UP_CODE_HOURS, SET_UPS_PER_MINUTE
from portal.domain.organisers.organiser import JournalEntry, Organiser
from portal.web.sign_in_cookie import stored_id
from tests.factories.accounts import OWN, WELCOME, come, given
from tests.factories.portal import open_harness
from tests.factories.ticket_pages import CODE
from tests.factories.tickets import hashed
from tests.fakes.hashers import CountingHasher
from tests.fakes.rate_limits import Holds, held_by, impatient

pytestmark = pytest.mark.anyio

OTHER: Final = "UCVA6RJT6"
REFUSED: Final = (
    "This set-up code does not work: it is mistyped, used, withdrawn, or more than 24 hours old. "
    "Ask the person who gave it to you for another one."
)


async def test_newcomer_is_proposed_a_passphrase_and_comes_in_with_it() -> None:
    async with open_harness() as harness:
        await given(harness)
        page = await harness.get(WELCOME)
        proposed = page.fields("welcome/")["passphrase"]
        assert (page.heading, len(proposed.split())) == ("Welcome to the organisers", 6)
        answer = await harness.send(WELCOME, page.fields("welcome/") | {"code": " hut-emv rwe"})
        assert (answer.status, answer.response.headers["location"]) == (303, "../../../en/organisers/")
        assert "Signed in as Sacha" in (await harness.get("/en/organisers/")).text
        organiser = await harness.store.organiser("Sacha")
        assert organiser is not None
        assert organiser.has_own_passphrase
        assert await harness.hasher.verify(organiser.passphrase_hash, proposed)
        entry = JournalEntry(
            harness.clock().date(), "Sacha", "Came in with a set-up code of %(giver)s", (("giver", "Louise"),)
        )
        assert await harness.store.journal() == (entry,)


async def test_form_that_is_sent_twice_makes_one_organiser_and_ends_well() -> None:
    async with open_harness() as harness:
        await given(harness)
        assert [(await come(harness)).status for _ in range(2)] == [303, 303]
        assert (await harness.store.organisers(), len(await harness.store.journal())) == (("Louise", "Sacha"), 1)
        assert (await harness.get("/en/organisers/")).heading == "Overview"


async def test_form_that_is_sent_twice_at_once_makes_one_organiser_and_ends_well() -> None:
    async with open_harness() as harness:
        await given(harness)
        statuses = list[int]()

        async def send() -> None:
            statuses.append((await come(harness)).status)

        async with anyio.create_task_group() as group:
            for _ in range(3):
                group.start_soon(send)
        assert (statuses, len(await harness.store.journal())) == ([303, 303, 303], 1)


async def test_two_who_use_one_code_at_once_are_one_organiser_and_one_who_is_refused() -> None:
    async with open_harness() as harness:
        await given(harness)
        statuses = dict[str, int]()

        async def send(passphrase: str) -> None:
            statuses[passphrase] = (await come(harness, passphrase=passphrase)).status

        async with anyio.create_task_group() as group:
            for passphrase in (OWN, "words of somebody else"):
                group.start_soon(send, passphrase)
        organiser = await harness.store.organiser("Sacha")
        assert organiser is not None
        assert sorted(statuses.values()) == [303, 403]
        (winner,) = [passphrase for passphrase, status in statuses.items() if status == 303]
        assert await harness.hasher.verify(organiser.passphrase_hash, winner)


@pytest.mark.parametrize("what", ["unknown", "used", "withdrawn", "run out", "of one who was removed", "name taken"])
async def test_code_that_opens_nothing_is_told_alike_after_the_same_work(what: str) -> None:
    hasher = CountingHasher()
    async with open_harness() as harness:
        harness.organisers_hasher = hasher
        await harness.enter()
        await given(harness)
        if what == "unknown":
            await harness.store.withdraw_set_up_code("Sacha")
            await given(harness, OTHER)
        elif what == "used":
            await come(harness, passphrase="the words of who came first")
            harness.client.cookies.clear()
        elif what == "withdrawn":
            await harness.store.withdraw_set_up_code("Sacha")
        elif what == "run out":
            harness.clock.turn(hours=SET_UP_CODE_HOURS)
        elif what == "of one who was removed":
            await harness.store.add_organiser(Organiser("Alix", "", wrapped_key="wrapped for their key"))
            await harness.store.remove_organiser("Louise")
        else:
            await harness.store.add_organiser(Organiser("Sacha", hashed("of another Sacha").stored))
        names = await harness.store.organisers()
        hasher.works = 0
        page = await come(harness)
        assert (page.status, page.text_of("//*[@role='alert']"), await harness.store.organisers()) == (
            403,
            REFUSED,
            names,
        )
        assert (page.fields("welcome/")["code"], page.fields("welcome/")["passphrase"]) == (CODE, "")
        assert "set-cookie" not in page.response.headers
        assert hasher.works == 1


@pytest.mark.parametrize(("typed", "field"), [({"code": "HUTEMVRW"}, "code"), ({"passphrase": "short"}, "passphrase")])
async def test_what_cannot_be_is_told_beside_its_field(typed: dict[str, str], field: str) -> None:
    async with open_harness() as harness:
        await given(harness)
        page = await harness.get(WELCOME)
        answer = await harness.send(WELCOME, page.fields("welcome/") | {"code": CODE, "passphrase": OWN} | typed)
        assert answer.status == 422
        assert answer.error(field) != ""
        assert (await come(harness)).status == 303


async def test_form_that_is_not_of_our_making_makes_nobody() -> None:
    async with open_harness() as harness:
        await given(harness)
        answer = await harness.send(WELCOME, {"code": CODE, "passphrase": OWN, "csrf_token": "forged"})
        assert (answer.status, await harness.store.organisers()) == (403, ("Louise",))


async def test_coming_in_ends_what_the_browser_was_signed_in_to_before() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        before = stored_id(harness.client.cookies["sign_in"])
        await given(harness)
        assert (await come(harness)).status == 303
        assert await harness.store.sign_in(before, harness.clock()) is None


async def test_failures_on_a_code_hold_the_next_attempt_on_it_which_is_then_looked_at() -> None:
    async with open_harness() as harness:
        holds = Holds()
        harness.app.state.rate_limits = held_by(holds, harness.clock)
        await given(harness)
        await come(harness, passphrase="the words of who came first")
        for _ in range(9):
            await come(harness)
            harness.clock.turn(minutes=1)
        assert (await come(harness, passphrase="the words of who came first")).status == 303
        assert holds.seconds == [1, 2, 4, 8, 16, 20, FAILURE_DELAY_SECONDS]


async def test_codes_that_are_looked_at_have_a_budget_for_all() -> None:
    async with open_harness() as harness:
        harness.app.state.rate_limits = impatient(harness.clock)
        await given(harness)
        statuses = [(await come(harness, OTHER)).status for _ in range(SET_UPS_PER_MINUTE + 1)]
        assert statuses == [403] * SET_UPS_PER_MINUTE + [503]
        busy = await come(harness)
        assert busy.status == 503
        assert int(busy.response.headers["retry-after"]) <= 60
        harness.clock.now += timedelta(seconds=int(busy.response.headers["retry-after"]))
        assert (await come(harness)).status == 303
