"""The organisers' overview: where everything stands, and the rules of registration."""

from typing import Final

import pytest

from portal.domain.registration import Counts, Mode, Policy
from portal.services import OnionView
from portal.settings import Settings
from tests.routes.house import House, open_house
from tests.routes.page import Page

pytestmark = pytest.mark.anyio

OVERVIEW: Final = "/en/organisers/"
ONION: Final = "http://" + "a" * 56 + ".onion"


async def registered(house: House, *ids: str) -> None:
    for id in ids:
        await house.store.register(id * 64, "", "$argon2id$", house.clock())


async def test_overview_counts_registrations_by_state() -> None:
    async with open_house(Policy(capacity=2)) as house:
        await registered(house, "a", "b", "c")
        page = await house.sign_in()
        assert page.facts() == {"Seated": "2", "Waiting": "1", "Arrived": "0", "Seats in all": "2"}


async def test_overview_shows_the_edition_in_force_and_no_changes_at_first() -> None:
    async with open_house() as house:
        page = await house.sign_in()
        assert "In force: edition 1, published Sunday 1 November 2026, 09:00." in page.text
        assert "The draft is the same as the edition in force." in page.text
        assert page.found("//main//a[.='Publish…']") == []


async def test_overview_leads_to_every_session_in_the_order_of_the_day() -> None:
    async with open_house() as house:
        page = await house.sign_in()
        links = page.found("//section[@aria-labelledby='sessions']//a")
        assert [link.get("href", "").split("/")[-2] for link in links] == ["accueil", "outils", "caisse", "repas", "ag"]


ONION_STATES: Final = {
    "off": (OnionView("off", None), "It is off."),
    "connecting": (OnionView("connecting", None), "Looking for Tor…"),
    "publishing": (OnionView("publishing", ONION), "Tor is publishing it: this takes a minute or two."),
    "published": (OnionView("published", ONION), f"It is published. {ONION}"),
    "waiting": (OnionView("waiting", None), "It is out of reach for now; the portal keeps trying."),
}


@pytest.mark.parametrize(("onion", "words"), ONION_STATES.values(), ids=ONION_STATES.keys())
async def test_overview_tells_where_the_onion_stands(onion: OnionView, words: str) -> None:
    async with open_house() as house:
        await house.sign_in()
        house.onion = onion
        assert words in (await house.get(OVERVIEW)).said("//section[@aria-labelledby='onion']")


async def test_addresses_alone_are_worth_an_edition() -> None:
    async with open_house(settings=Settings(public_url="http://event.example", onion="auto")) as house:
        await house.sign_in()
        house.onion = OnionView("published", ONION)
        page = await house.get(OVERVIEW)
        assert f"The addresses of the portal: {ONION}, http://event.example" in page.text
        assert page.found("//main//a[.='Publish…']") != []


async def with_rules(house: House, **typed: str) -> Page:
    """Send the rules of registration."""
    page = await house.get(OVERVIEW)
    return await house.send(page.action("registrations/"), page.fields("registrations/") | typed)


RULES: Final[dict[str, tuple[dict[str, str], Policy]]] = {
    "closed": ({"mode": "closed"}, Policy(mode=Mode.CLOSED)),
    "a number of seats": ({"capacity": " 120 "}, Policy(capacity=120)),
    "no seat at all": ({"capacity": "0"}, Policy(capacity=0)),
    "a number with a blank in it": ({"capacity": "1 200"}, Policy(capacity=1_200)),
    "no waiting list": ({"capacity": "3", "waiting_list": "no"}, Policy(capacity=3, waiting_list=False)),
}


@pytest.mark.parametrize(("typed", "policy"), RULES.values(), ids=RULES.keys())
async def test_rules_of_registration_are_kept(typed: dict[str, str], policy: Policy) -> None:
    async with open_house() as house:
        await house.sign_in()
        answer = await with_rules(house, **typed)
        assert (answer.status, await house.store.policy()) == (303, policy)
        shown = (await house.get(OVERVIEW)).fields("registrations/")
        assert shown["mode"] == policy.mode


@pytest.mark.parametrize("capacity", ["-1", "ten", "1.5", "100001", "9" * 400, "٣"])
async def test_number_of_seats_that_is_none_is_refused_beside_its_field(capacity: str) -> None:
    async with open_house() as house:
        await house.sign_in()
        page = await with_rules(house, capacity=capacity, mode="closed")
        assert (page.status, "from 0 to 100000" in page.error("capacity")) == (422, True)
        assert page.fields("registrations/")["capacity"] == capacity
        assert page.fields("registrations/")["mode"] == "closed"
        assert await house.store.policy() == Policy()


async def test_mode_that_is_none_is_refused_beside_its_field() -> None:
    async with open_house() as house:
        await house.sign_in()
        page = await with_rules(house, mode="ajar")
        assert (page.status, page.error("mode")) == (422, "This field cannot be taken as it is.")


async def test_seats_that_are_added_go_to_those_who_wait() -> None:
    async with open_house(Policy(capacity=1)) as house:
        await registered(house, "a", "b", "c")
        await house.sign_in()
        await with_rules(house, capacity="2")
        assert await house.store.counts() == Counts(seated=2, waiting=1)
