"""A gateway or a clone that shows our pages under its own address gives itself away by the forms."""

from collections.abc import AsyncIterator
from typing import Final

import httpx
import pytest

from portal.domain.registration.registration import Mode, Policy
from portal.settings import Settings
from tests.factories.page import Page
from tests.factories.portal import House, open_house

pytestmark = pytest.mark.anyio

OURS: Final = "https://event.example"
THEIRS: Final = "https://event.example.gateway.example"
SPELLED: Final = "event . example"


@pytest.fixture
async def house() -> AsyncIterator[House]:
    settings = Settings(onion="off", public_url=OURS)
    async with open_house(Policy(Mode.OPEN), settings=settings) as house:
        yield house


def altered(page: Page) -> Page:
    """The page as a gateway shows it, who writes its own address in the place of ours wherever it is."""
    said = page.response.text.replace(OURS, THEIRS).replace("event.example/", "event.example.gateway.example/")
    kind = {"content-type": "text/html; charset=utf-8"}
    return Page(httpx.Response(page.status, text=said, headers=kind, request=page.response.request))


async def test_every_form_of_a_visitor_names_the_address_of_its_door(house: House) -> None:
    for path in ("/fr/inscription/", "/fr/billet/", "/fr/organisation/", "/fr/organisation/bienvenue/"):
        page = await house.get(path)
        assert page.fields()["own_address"] == OURS


async def test_registration_through_a_gateway_is_refused_and_tells_our_address(house: House) -> None:
    page = altered(await house.get("/fr/inscription/"))
    house.clock.turn(seconds=3)
    refused = altered(await house.send("/fr/inscription/", page.fields() | {"pseudonym": "Nausicaä"}))
    assert refused.status == 400
    assert SPELLED in refused.said("//*[@role='alert']")
    assert (refused.fields()["pseudonym"], (await house.store.counts()).taken) == ("Nausicaä", 0)
    assert page.fields()["passphrase"] not in refused.text


async def test_registration_at_our_own_address_is_taken(house: House) -> None:
    page = await house.get("/fr/inscription/")
    house.clock.turn(seconds=3)
    assert (await house.send("/fr/inscription/", page.fields())).status == 200
    assert (await house.store.counts()).taken == 1


@pytest.mark.parametrize("path", ["/fr/billet/", "/fr/organisation/", "/fr/organisation/bienvenue/"])
async def test_passphrase_through_a_gateway_opens_nothing_and_is_not_even_looked_at(house: House, path: str) -> None:
    page = altered(await house.get(path))
    typed = {"code": "HUTEMVRWE", "name": "Camille", "passphrase": "six words that only they know"}
    refused = await house.send(page.action(), page.fields() | typed)
    assert (refused.status, SPELLED in refused.said("//*[@role='alert']")) == (400, True)


async def test_form_that_lost_the_field_is_refused(house: House) -> None:
    assert (await house.send("/fr/billet/", {"code": "x"})).status == 400


async def test_form_of_a_ticket_is_refused_too(house: House) -> None:
    page = await house.get("/fr/inscription/")
    house.clock.turn(seconds=3)
    ticket = altered(await house.send("/fr/inscription/", page.fields()))
    refused = await house.send("/fr/billet/annuler/", ticket.fields("annuler/") | {"confirmed": "yes"})
    assert (refused.status, (await house.store.counts()).taken) == (400, 1)


async def test_host_of_the_request_is_not_what_is_compared(house: House) -> None:
    page = await house.get("/fr/billet/")
    fields = page.fields() | {"code": "x", "own_address": "http://127.0.0.1:8000"}
    assert (await house.send("/fr/billet/", fields, host="127.0.0.1:8000")).status == 400


async def test_door_without_a_public_address_asks_for_nothing() -> None:
    async with open_house(Policy(Mode.OPEN)) as house:
        page = await house.get("/fr/billet/")
        assert "own_address" not in page.fields()
        assert (await house.send("/fr/billet/", page.fields() | {"code": "x"})).status == 422
