"""An invitation where registration is open to all: it passes the crowd, and takes a seat that is reserved for it."""

from typing import Final

import pytest

from portal.domain.registration.registration import Counts, Policy
from tests.factories.page import Page
from tests.factories.portal import House, open_house
from tests.routes.public.test_registration import FORM, filled_in
from tests.routes.public.test_registration_opening import CODE, OTHER, fill, invite
from tests.web.test_rate_limit import impatient

pytestmark = pytest.mark.anyio

FULL: Final = Policy(capacity=4, reserved=1, waiting_list=False)


async def send(house: House, invitation: str = "") -> Page:
    return await house.send(FORM, await filled_in(house, invitation=invitation))


async def test_invitation_passes_the_budget_of_the_public() -> None:
    async with open_house() as house:
        house.app.state.guard = impatient(house.clock, 1)
        await invite(house, CODE, OTHER)
        assert [(await send(house)).status for _ in range(2)] == [200, 503]
        assert [(await send(house, code)).status for code in (CODE, OTHER)] == [200, 200]
        assert (await house.store.invitations(), (await send(house)).status) == (0, 503)


async def test_unknown_invitation_is_told_beside_its_field_and_costs_nothing_of_the_budget() -> None:
    async with open_house() as house:
        house.app.state.guard = impatient(house.clock, 1)
        pages = [await send(house, OTHER) for _ in range(3)]
        assert {(page.status, "No unused invitation" in page.error("invitation")) for page in pages} == {(409, True)}
        assert ((await send(house)).status, await house.store.counts()) == (200, Counts(seated=1))


async def test_form_asks_for_an_invitation_without_insisting_while_some_are_unused() -> None:
    async with open_house() as house:
        await invite(house, CODE)
        (asked,) = (await house.get(FORM)).found("//*[@name='invitation']")
        assert asked.get("required") is None
        assert (await send(house, CODE)).status == 200
        assert (await house.get(FORM)).found("//*[@name='invitation']") == []


async def test_seats_that_are_reserved_are_for_the_invited_alone() -> None:
    async with open_house(FULL) as house:
        await fill(house, 3)
        assert not (await house.get(FORM)).has_form("registration/")
        await invite(house, CODE)
        page = await house.get(FORM)
        (asked,) = page.found("//*[@name='invitation']")
        assert asked.get("required") is not None
        assert "reserved for people with an invitation" in page.text
        assert ((await send(house)).status, (await send(house, CODE)).heading) == (409, "You have a seat")
        assert (await house.store.counts(), (await house.store.policy()).reserved) == (Counts(seated=4), 0)


async def test_organisers_see_how_many_seats_are_reserved_still() -> None:
    async with open_house(Policy(capacity=4, reserved=2)) as house:
        await invite(house, CODE)
        await send(house, CODE)
        await house.sign_in()
        rules = (await house.get("/en/organisers/registrations/")).fields("registrations/")
        assert (rules["limited"], rules["capacity"], rules["reserved"]) == ("yes", "4", "1")
