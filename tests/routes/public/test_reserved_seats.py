"""An invitation where registration is open to all: it passes the crowd, and takes a seat that is reserved for it."""

from typing import Final

import pytest

from portal.domain.registration.registration import Counts, Policy
from tests.factories.page import Page
from tests.factories.portal import Harness, open_harness
from tests.factories.registration_form import FORM, fill, filled_in, invite
from tests.factories.ticket_pages import CODE, OTHER_CODE
from tests.fakes.rate_limits import impatient

pytestmark = pytest.mark.anyio

FULL: Final = Policy(capacity=4, reserved=1, waiting_list=False)


async def send(harness: Harness, invitation: str = "") -> Page:
    return await harness.send(FORM, await filled_in(harness, invitation=invitation))


async def test_invitation_passes_the_budget_of_the_public() -> None:
    async with open_harness() as harness:
        harness.app.state.rate_limits = impatient(harness.clock, 1)
        await invite(harness, CODE, OTHER_CODE)
        assert [(await send(harness)).status for _ in range(2)] == [200, 503]
        assert [(await send(harness, code)).status for code in (CODE, OTHER_CODE)] == [200, 200]
        assert (await harness.store.invitations(), (await send(harness)).status) == (0, 503)


async def test_unknown_invitation_has_its_error_beside_it_and_costs_no_budget() -> None:
    async with open_harness() as harness:
        harness.app.state.rate_limits = impatient(harness.clock, 1)
        pages = [await send(harness, OTHER_CODE) for _ in range(3)]
        assert {(page.status, "No unused invitation" in page.error("invitation")) for page in pages} == {(409, True)}
        assert ((await send(harness)).status, await harness.store.counts()) == (200, Counts(seated=1))


async def test_form_asks_for_an_invitation_without_insisting_while_some_are_unused() -> None:
    async with open_harness() as harness:
        await invite(harness, CODE)
        (control,) = (await harness.get(FORM)).found("//*[@name='invitation']")
        assert control.get("required") is None
        assert (await send(harness, CODE)).status == 200
        assert (await harness.get(FORM)).found("//*[@name='invitation']") == []


async def test_seats_that_are_reserved_are_for_the_invited_alone() -> None:
    async with open_harness(FULL) as harness:
        await fill(harness, 3)
        assert not (await harness.get(FORM)).has_form("registration/")
        await invite(harness, CODE)
        page = await harness.get(FORM)
        (control,) = page.found("//*[@name='invitation']")
        assert control.get("required") is not None
        assert "reserved for people with an invitation" in page.text
        assert ((await send(harness)).status, (await send(harness, CODE)).heading) == (409, "You have a seat")
        assert (await harness.store.counts(), (await harness.store.policy()).reserved) == (Counts(seated=4), 0)


async def test_organisers_see_how_many_seats_are_reserved_still() -> None:
    async with open_harness(Policy(capacity=4, reserved=2)) as harness:
        await invite(harness, CODE)
        await send(harness, CODE)
        await harness.sign_in()
        rules = (await harness.get("/en/organisers/registrations/")).fields("registrations/")
        assert (rules["limited"], rules["capacity"], rules["reserved"]) == ("yes", "4", "1")
