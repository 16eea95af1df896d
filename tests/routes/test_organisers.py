"""The organisers' overview: where everything stands, and the way to every other page of theirs."""

import random
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from portal.domain.registration import Mode, Policy
from portal.services import OnionView, Told
from portal.settings import Settings
from tests.routes.house import House, open_house

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


PROVEN: Final = datetime(2026, 11, 23, 8, 55, tzinfo=UTC)
ONION_STATES: Final = {
    "off": (OnionView("off", None, now=Told("It is off."), advice="Turn it on."), "It is off. Turn it on."),
    "on its way": (
        OnionView("bootstrapping", None, ONION, Told("Joined: %(percent)s %%.", {"percent": 7})),
        f"Joined: 7 %. {ONION}",
    ),
    "reachable": (
        OnionView("reachable", ONION, ONION, Told("It is."), "", (), PROVEN, PROVEN + timedelta(minutes=4), 0.84),
        f"It is. {ONION} Reachable since Monday 23 November 2026, 09:55; "
        "last checked Monday 23 November 2026, 09:59, in 0.8 s.",
    ),
    "with a warning": (
        OnionView("proving", None, ONION, Told("Soon."), "Wait.", (Told("Old: %(v)s.", {"v": "0.4.8"}),)),
        f"Soon. {ONION} To know: Old: 0.4.8. Wait.",
    ),
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


async def test_overview_leads_to_every_page_of_the_organisers() -> None:
    async with open_house() as house:
        page = await house.sign_in()
        names = [link.get("href", "").split("/")[-2] for link in page.found("//nav[@class='rooms']//a")]
        assert names == ["door", "people", "registrations", "invitations", "announcements", "journal", "team", "me"]
        for name in names:
            assert (await house.get(f"{OVERVIEW}{name}/")).status == 200


NOON: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
TOLD: Final[dict[str, tuple[Policy, str]]] = {
    "no limit": (Policy(), "It is open to all. The public is told: open."),
    "few seats": (Policy(capacity=13), "It is open to all. The public is told: few places left."),
    "invitations and a waiting list": (
        Policy(Mode.INVITATION, capacity=3),
        "It is by invitation. The public is told: waiting list.",
    ),
    "no seat left": (Policy(capacity=3, waiting_list=False), "It is open to all. The public is told: full."),
    "not yet": (
        Policy(opens=NOON, closes=NOON.replace(day=24)),
        "It is open to all. The public is told: closed. "
        "Opens on Monday 23 November 2026, 13:00. Closes on Tuesday 24 November 2026, 13:00.",
    ),
    "fewer seats than are taken": (
        Policy(capacity=2),
        "It is open to all. The public is told: waiting list. More seats are taken (3) than there are (2). Nobody "
        "loses theirs; one that is given back goes to nobody as long as this is so.",
    ),
}


@pytest.mark.parametrize(("policy", "words"), TOLD.values(), ids=TOLD.keys())
async def test_overview_tells_where_registration_stands(policy: Policy, words: str) -> None:
    async with open_house() as house:
        await registered(house, "a", "b", "c")
        await house.store.set_policy(policy, random.Random(1))
        page = await house.sign_in()
        assert page.said("//section[@aria-labelledby='registration']") == f"Registration {words} Change the rules…"
