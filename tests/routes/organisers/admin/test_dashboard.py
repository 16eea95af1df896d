"""The organisers' overview: where everything stands, and the way to every other page of theirs."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from portal.domain.edition.edition import Addresses
from portal.domain.event.event import Mirror
from portal.domain.limits import DISK_LOW_MIB
from portal.domain.registration.registration import Mode, Policy
from portal.services import Machine, Message, OnionView
from portal.settings import Settings
from portal.site.bundled import TEMPLATE, bundled_event
from tests.factories.page import Page
from tests.factories.portal import Harness, open_harness

pytestmark = pytest.mark.anyio

OVERVIEW: Final = "/en/organisers/"
ONION: Final = "http://" + "a" * 56 + ".onion"


async def registered(harness: Harness, *ids: str) -> None:
    for id in ids:
        await harness.store.register(id * 64, "", "$argon2id$", harness.clock())


async def test_overview_counts_registrations_by_state() -> None:
    async with open_harness(Policy(capacity=2)) as harness:
        await registered(harness, "a", "b", "c")
        page = await harness.sign_in_by_form()
        counts = {"Seated": "2", "Waiting": "1", "Arrived": "0", "Seats in all": "2"}
        assert page.facts().items() >= counts.items()
        leads = {term: page.found(f"//dt[.='{term}']/../dd/a")[0].get("href", "").split("/")[-2] for term in counts}
        assert leads == {
            "Seated": "people",
            "Waiting": "people",
            "Arrived": "door",
            "Seats in all": "registrations",
        }


async def test_overview_shows_the_edition_in_force_and_no_changes_at_first() -> None:
    async with open_harness() as harness:
        page = await harness.sign_in_by_form()
        assert "In force: edition 1, published Sunday 1 November 2026, 09:00." in page.text
        assert "The draft is the same as the edition in force." in page.text
        assert page.found("//main//a[.='Publish…']") == []


PROVEN: Final = datetime(2026, 11, 23, 8, 55, tzinfo=UTC)
ONION_STATES: Final = {
    "off": (OnionView("off", None, now=Message("It is off."), advice="Turn it on."), "It is off. Turn it on."),
    "on its way": (
        OnionView("bootstrapping", None, ONION, Message("Joined: %(percent)s %%.", {"percent": 7})),
        f"Joined: 7 %. {ONION}",
    ),
    "reachable": (
        OnionView("reachable", ONION, ONION, Message("It is."), "", (), PROVEN, PROVEN + timedelta(minutes=4), 0.84),
        f"It is. {ONION} Reachable since Monday 23 November 2026, 09:55; "
        "last checked Monday 23 November 2026, 09:59, in 0.8 s.",
    ),
    "with a warning": (
        OnionView("proving", None, ONION, Message("Soon."), "Wait.", (Message("Old: %(v)s.", {"v": "0.4.8"}),)),
        f"Soon. {ONION} Please note: Old: 0.4.8. Wait.",
    ),
}


@pytest.mark.parametrize(("onion", "words"), ONION_STATES.values(), ids=ONION_STATES.keys())
async def test_overview_tells_where_the_onion_stands(onion: OnionView, words: str) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        harness.onion = onion
        assert words in (await harness.get(OVERVIEW)).text_of("//section[@aria-labelledby='onion']")


async def test_addresses_alone_are_worth_an_edition() -> None:
    async with open_harness(settings=Settings(public_url="http://event.example", onion="auto")) as harness:
        await harness.sign_in()
        harness.onion = OnionView("published", ONION)
        page = await harness.get(OVERVIEW)
        assert f"The addresses of the portal: {ONION}, http://event.example" in page.text
        assert page.found("//main//a[.='Publish…']") != []


async def test_overview_leads_to_every_page_of_the_organisers() -> None:
    async with open_harness() as harness:
        page = await harness.sign_in_by_form()
        names = [link.get("href", "").split("/")[-2] for link in page.found("//nav[@class='rooms']//a")]
        of_the_event = [
            "programme",
            "door",
            "people",
            "registrations",
            "invitations",
            "announcements",
            "editions",
        ]
        assert names == [*of_the_event, "journal", "team", "me"]
        for name in names:
            assert (await harness.get(f"{OVERVIEW}{name}/")).status == 200


NOON: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
TOLD: Final[dict[str, tuple[Policy, str]]] = {
    "no limit": (Policy(), "It is open to all. The public reads: open."),
    "few seats": (Policy(capacity=13), "It is open to all. The public reads: few places left."),
    "invitations and a waiting list": (
        Policy(Mode.INVITATION, capacity=3),
        "It is by invitation. The public reads: waiting list.",
    ),
    "no seat left": (Policy(capacity=3, waiting_list=False), "It is open to all. The public reads: full."),
    "not yet": (
        Policy(opens=NOON, closes=NOON.replace(day=24)),
        "It is open to all. The public reads: closed.",
    ),
    "fewer seats than are taken": (
        Policy(capacity=2),
        "It is open to all. The public reads: waiting list.",
    ),
}


@pytest.mark.parametrize(("policy", "words"), TOLD.values(), ids=TOLD.keys())
async def test_overview_tells_where_registration_stands(policy: Policy, words: str) -> None:
    async with open_harness() as harness:
        await registered(harness, "a", "b", "c")
        await harness.store.set_policy(policy, random.Random(1))
        page = await harness.sign_in_by_form()
        assert page.text_of("//section[@aria-labelledby='registration']") == (
            f"Registration {words} Each seat that becomes free is at once drawn at random among the people waiting. "
            "Change the rules…"
        )


async def test_overview_tells_the_moments_to_come_and_where_each_is_changed() -> None:
    async with open_harness(Policy(opens=NOON, closes=NOON.replace(day=24))) as harness:
        page = await harness.sign_in_by_form()
        lines = page.found("//section[@aria-labelledby='moments']//dl/div")
        assert [tuple(str(part.text_content()) for part in line) for line in lines] == [
            ("Registration opens", "Monday 23 November 2026, 13:00"),
            ("Registration closes", "Tuesday 24 November 2026, 13:00"),
            ("The event", "Tuesday 15 December 2026, 11:00"),
            ("Every registration is erased", "Thursday 14 January 2027, 17:30"),
        ]
        assert [link.get("href", "").split("/")[-2] for line in lines[:2] for link in line.xpath(".//a")] == [
            "registrations",
            "registrations",
        ]


async def test_overview_tells_what_the_portal_runs_on() -> None:
    async with open_harness() as harness:
        page = await harness.sign_in_by_form()
        facts = {"Free on its disk": "20 GiB", "Version": "1.2.3", "Python": "3.11.7"}
        assert page.facts().items() >= facts.items()
        assert "nearly full" not in page.text


@pytest.mark.parametrize(("free", "is_warned"), [(DISK_LOW_MIB, False), (DISK_LOW_MIB - 1, True), (0, True)])
async def test_overview_warns_of_a_disk_that_is_nearly_full(free: int, is_warned: bool) -> None:
    async with open_harness() as harness:
        harness.machine = Machine("1.2.3", "3.11.7", free)
        page = await harness.sign_in_by_form()
        assert ("The disk of the portal is nearly full" in page.text) is is_warned


async def test_overview_puts_the_check_in_first_on_the_day_and_no_other() -> None:
    async with open_harness() as harness:
        for now, heading, first in (
            (datetime(2026, 12, 14, 9, tzinfo=UTC), "Overview", None),
            (datetime(2026, 12, 15, 9, tzinfo=UTC), "It is today", "Open check-in"),
            (datetime(2026, 12, 16, 9, tzinfo=UTC), "Overview", None),
        ):
            harness.clock.now = now
            page = await harness.sign_in_by_form()
            buttons = [str(element.text_content()) for element in page.found("//main/p[@class='actions']/a")]
            assert (page.heading, next(iter(buttons), None)) == (heading, first)


def ticked(page: Page) -> dict[str, bool]:
    """Return the steps of the list, and whether each is done."""
    steps = page.found("//section[@aria-labelledby='tasks']//li")
    return {str(step.xpath(".//a")[0].text_content()): step.get("class") == "done" for step in steps}


STEPS: Final = (
    "A passphrase of your own",
    "The facts of the event",
    "Texts of your own",
    "The number of seats",
    "Your first edition",
    "The onion address on the public pages",
    "At least one copy of the site",
)


AT_FIRST: Final = {step: step == "Texts of your own" for step in STEPS}
"""The steps before anybody has done anything: no text of this event came with the portal."""


async def press(harness: Harness, action: str) -> Page:
    """Press a button of the overview."""
    page = await harness.get(OVERVIEW)
    (button,) = page.found(f"//button[@value='{action}']")
    token = page.fields("/organisers/")["csrf_token"]
    return await harness.follow(await harness.send(OVERVIEW, {"csrf_token": token, "action": button.get("value", "")}))


async def test_list_of_what_is_to_be_done_ticks_itself_off() -> None:
    async with open_harness() as harness:
        page = await harness.sign_in_by_form()
        assert ticked(page) == AT_FIRST
        page = await press(harness, "check event")
        assert page.text_of("//*[@role='status']") == "The facts of the event are confirmed."
        await harness.store.set_policy(Policy(capacity=9), random.Random(1))
        copy = Mirror("copy", "A copy", "A friend", ("https://copy.example",))
        draft = await harness.store.draft()
        draft = await harness.store.save_draft(replace(draft.event, mirrors=(copy,)), draft.revision)
        await harness.store.publish(draft.revision, "", Addresses(onion=ONION), harness.clock())
        await harness.enter()
        page = await harness.sign_in_by_form()
        assert ticked(page) == {step: step != "A passphrase of your own" for step in STEPS}


async def test_list_waits_for_the_texts_that_came_with_the_portal() -> None:
    conduct = bundled_event(TEMPLATE).texts.conduct
    async with open_harness() as harness:
        draft = await harness.store.draft()
        event = replace(draft.event, texts=replace(draft.event.texts, conduct=conduct))
        draft = await harness.store.save_draft(event, draft.revision)
        await harness.store.publish(draft.revision, "", Addresses(), harness.clock())
        await harness.enter()
        page = await harness.sign_in_by_form()
        assert not ticked(page)["Texts of your own"]


async def test_list_is_put_away_and_brought_back_for_everybody() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        assert ticked(await press(harness, "put away")) == {}
        await harness.sign_in("Sacha")
        assert ticked(await harness.get(OVERVIEW)) == {}
        assert ticked(await press(harness, "bring back")) == AT_FIRST
        assert [entry.organiser for entry in await harness.store.journal()] == ["Sacha", "Camille"]


async def test_button_of_the_list_that_is_pressed_twice_is_noted_once() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        token = (await harness.get(OVERVIEW)).fields("/organisers/")["csrf_token"]
        for _ in range(2):
            answer = await harness.send(OVERVIEW, {"csrf_token": token, "action": "check event"})
            assert answer.status == 303
        assert len(await harness.store.journal()) == 1
