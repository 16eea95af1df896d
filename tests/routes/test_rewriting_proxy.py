"""A gateway or a clone that shows our pages under its own address gives itself away by the forms."""

from collections.abc import AsyncIterator
from typing import Final

import httpx
import pytest

from portal.domain.registration.registration import Mode, Policy
from portal.settings import Settings
from tests.factories.page import Page
from tests.factories.portal import Harness, open_harness

pytestmark = pytest.mark.anyio

OURS: Final = "https://event.example"
THEIRS: Final = "https://event.example.gateway.example"
SPELLED: Final = "event . example"


@pytest.fixture
async def harness() -> AsyncIterator[Harness]:
    settings = Settings(onion="off", public_url=OURS)
    async with open_harness(Policy(Mode.OPEN), settings=settings) as harness:
        yield harness


def altered(page: Page) -> Page:
    """Return the page as a gateway shows it, with its own address in the place of ours."""
    html = page.response.text.replace(OURS, THEIRS).replace("event.example/", "event.example.gateway.example/")
    kind = {"content-type": "text/html; charset=utf-8"}
    return Page(httpx.Response(page.status, text=html, headers=kind, request=page.response.request))


async def test_every_form_of_a_visitor_names_the_address_of_its_listener(harness: Harness) -> None:
    for path in ("/fr/inscription/", "/fr/billet/", "/fr/organisation/", "/fr/organisation/bienvenue/"):
        page = await harness.get(path)
        assert page.fields()["own_address"] == OURS


async def test_registration_through_a_gateway_is_refused_and_tells_our_address(harness: Harness) -> None:
    page = altered(await harness.get("/fr/inscription/"))
    harness.clock.turn(seconds=3)
    page_errors = altered(await harness.send("/fr/inscription/", page.fields() | {"pseudonym": "Nausicaä"}))
    assert page_errors.status == 400
    assert SPELLED in page_errors.text_of("//*[@role='alert']")
    assert (page_errors.fields()["pseudonym"], (await harness.store.counts()).taken) == ("Nausicaä", 0)
    assert page.fields()["passphrase"] not in page_errors.text


async def test_registration_at_our_own_address_is_taken(harness: Harness) -> None:
    page = await harness.get("/fr/inscription/")
    harness.clock.turn(seconds=3)
    assert (await harness.send("/fr/inscription/", page.fields())).status == 200
    assert (await harness.store.counts()).taken == 1


@pytest.mark.parametrize("path", ["/fr/billet/", "/fr/organisation/", "/fr/organisation/bienvenue/"])
async def test_passphrase_through_a_gateway_opens_nothing_and_is_not_even_looked_at(
    harness: Harness, path: str
) -> None:
    page = altered(await harness.get(path))
    typed = {"code": "HUTEMVRWE", "name": "Camille", "passphrase": "six words that only they know"}
    page_errors = await harness.send(page.action(), page.fields() | typed)
    assert page_errors.status == 400
    assert SPELLED in page_errors.text_of("//*[@role='alert']")


async def test_form_that_lost_the_field_is_refused(harness: Harness) -> None:
    assert (await harness.send("/fr/billet/", {"code": "x"})).status == 400


async def test_form_of_a_ticket_is_refused_too(harness: Harness) -> None:
    page = await harness.get("/fr/inscription/")
    harness.clock.turn(seconds=3)
    ticket = altered(await harness.send("/fr/inscription/", page.fields()))
    page_errors = await harness.send("/fr/billet/annuler/", ticket.fields("annuler/") | {"confirmed": "yes"})
    assert (page_errors.status, (await harness.store.counts()).taken) == (400, 1)


async def test_host_of_the_request_is_not_what_is_compared(harness: Harness) -> None:
    page = await harness.get("/fr/billet/")
    fields = page.fields() | {"code": "x", "own_address": "http://127.0.0.1:8000"}
    assert (await harness.send("/fr/billet/", fields, host="127.0.0.1:8000")).status == 400


async def test_listener_without_a_public_address_checks_nothing() -> None:
    async with open_harness(Policy(Mode.OPEN)) as harness:
        page = await harness.get("/fr/billet/")
        assert "own_address" not in page.fields()
        assert (await harness.send("/fr/billet/", page.fields() | {"code": "x"})).status == 422
