"""The rules of registration: kept as they are typed, and nobody loses a seat by them."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pytest

from portal.domain.organisers.organiser import JournalEntry
from portal.domain.registration.registration import Counts, Mode, Policy
from tests.factories.crowd import TWO_SEATS, fill
from tests.factories.page import Page
from tests.factories.portal import ORGANISER, Harness, open_harness

pytestmark = pytest.mark.anyio

RULES_PAGE: Final = "/en/organisers/registrations/"
OVERVIEW: Final = "/en/organisers/"


async def with_rules(harness: Harness, **typed: str) -> Page:
    """Send the rules of registration."""
    page = await harness.get(RULES_PAGE)
    return await harness.follow(
        await harness.send(page.action("registrations/"), page.fields("registrations/") | typed)
    )


THREE_SEATS: Final = {"limited": "yes", "capacity": "3"}
RULES: Final[dict[str, tuple[dict[str, str], Policy]]] = {
    "closed": ({"mode": "closed"}, Policy(mode=Mode.CLOSED)),
    "by invitation": ({"mode": "invitation"}, Policy(mode=Mode.INVITATION)),
    "a number of seats": ({"limited": "yes", "capacity": " 120 "}, Policy(capacity=120)),
    "seats that are reserved for invitations": (
        {"limited": "yes", "capacity": "120", "reserved": "20"},
        Policy(capacity=120, reserved=20),
    ),
    "no seat at all": ({"limited": "yes", "capacity": "0"}, Policy(capacity=0)),
    "a number with a blank in it": ({"limited": "yes", "capacity": "1\N{NO-BREAK SPACE}200"}, Policy(capacity=1_200)),
    "no waiting list": (
        {"limited": "yes", "capacity": "3", "waiting_list": "no"},
        Policy(capacity=3, waiting_list=False),
    ),
    "a draw by hand": (
        {"limited": "yes", "capacity": "3", "draws_at_once": "no"},
        Policy(capacity=3, draws_at_once=False),
    ),
    "a draw at a moment": (
        {"limited": "yes", "capacity": "3", "draw_at": "2026-12-10T18:00"},
        Policy(capacity=3, draw_at=datetime(2026, 12, 10, 17, tzinfo=UTC)),
    ),
    "fewer that are few": ({"few_left": "3"}, Policy(few_left=3)),
    "from when and until when, by the event's clocks": (
        {"opens": "2026-12-01T09:00", "closes": "2026-12-14T20:30"},
        Policy(opens=datetime(2026, 12, 1, 8, tzinfo=UTC), closes=datetime(2026, 12, 14, 19, 30, tzinfo=UTC)),
    ),
}


@pytest.mark.parametrize(("typed", "policy"), RULES.values(), ids=RULES.keys())
async def test_rules_of_registration_are_kept(typed: dict[str, str], policy: Policy) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        answer = await with_rules(harness, **typed)
        assert (answer.status, await harness.store.policy()) == (200, policy)
        assert answer.text_of("//*[@role='status']") == "These rules are in force now. What the public sees"
        assert (await with_rules(harness)).status == 200
        assert await harness.store.policy() == policy


WRONG: Final[dict[str, tuple[str, str, str]]] = {
    "fewer seats than none": ("capacity", "-1", "is a whole number from 0 to"),
    "seats in words": ("capacity", "ten", "is a whole number from 0 to"),
    "half a seat": ("capacity", "1.5", "is a whole number from 0 to"),
    "too many seats": ("capacity", "100001", "is a whole number from 0 to"),
    "a number of 400 digits": ("capacity", "9" * 400, "is a whole number from 0 to"),
    "a digit of another script": ("capacity", "٣", "is a whole number from 0 to"),
    "no number of seats, and no choice of no limit": ("capacity", "", "is a whole number from 0 to"),
    "no limit beside a number of seats": ("limited", "no", "clear the number"),
    "more reserved seats than seats": ("reserved", "10", "a whole number from 0 to 9"),
    "few that is no number": ("few_left", "few", "or nothing for 10"),
    "a day alone": ("opens", "2026-12-01", "like 2026-12-01T09:00"),
    "an hour that the clocks skip": ("opens", "2027-03-28T02:30", "The clocks skip that hour"),
    "closing before opening": ("closes", "2026-11-01T09:00", "cannot close before it opens"),
    "a draw in the past": ("draw_at", "2026-11-01T09:00", "not in the past"),
    "a draw when the event is over": ("draw_at", "2026-12-15T17:30", "before the event ends"),
    "a draw before registration opens": ("draw_at", "2026-11-30T08:59", "comes after registration opens"),
    "a mode that is none": ("mode", "ajar", "This field is not valid."),
}


@pytest.mark.parametrize(("field", "text", "words"), WRONG.values(), ids=WRONG.keys())
async def test_rule_that_is_none_is_refused_beside_its_field_and_the_rest_is_kept(
    field: str, text: str, words: str
) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        rest = {"limited": "yes", "capacity": "9", "waiting_list": "no", "opens": "2026-11-30T09:00"}
        page = await with_rules(harness, **rest | {field: text})
        assert page.status == 422
        assert words in page.error(field)
        typed = page.fields("registrations/")
        assert field == "mode" or typed[field] == text
        assert typed["waiting_list"] == "no"
        assert (await harness.store.policy(), await harness.store.journal()) == (Policy(), ())


async def test_seats_that_are_added_go_to_those_who_wait() -> None:
    async with open_harness(TWO_SEATS) as harness:
        await fill(harness)
        await harness.sign_in()
        await with_rules(harness, limited="yes", capacity="3")
        assert await harness.store.counts() == Counts(seated=2, waiting=0, arrived=1)


BY_HAND: Final = THREE_SEATS | {"draws_at_once": "no"}


async def test_seats_that_are_added_wait_for_the_draw_where_it_is_by_hand() -> None:
    async with open_harness(TWO_SEATS) as harness:
        await fill(harness)
        await harness.sign_in()
        page = await with_rules(harness, **BY_HAND)
        assert "1 seat is free for the people waiting, and stays free until you draw." in page.text
        assert await harness.store.counts() == Counts(seated=1, waiting=1, arrived=1)


@pytest.mark.parametrize("path", [RULES_PAGE, OVERVIEW])
async def test_draw_gives_free_seats_to_those_who_wait_and_says_how_many(path: str) -> None:
    async with open_harness(TWO_SEATS) as harness:
        await fill(harness)
        await harness.sign_in()
        await with_rules(harness, **BY_HAND)
        form = (await harness.get(path)).fields(path.removeprefix(OVERVIEW) or "organisers/")
        page = await harness.follow(await harness.send(path, {"csrf_token": form["csrf_token"], "action": "draw"}))
        assert page.text_of("//*[@role='status']").startswith("Draw done: 1 person who was waiting now has a seat.")
        assert await harness.store.counts() == Counts(seated=2, waiting=0, arrived=1)
        drawn, _ = await harness.store.journal()
        assert (drawn.action, drawn.details) == (
            "Draw: seats given to those who wait: %(number)s",
            (("number", "1"),),
        )
        again = await harness.follow(await harness.send(path, {"csrf_token": form["csrf_token"], "action": "draw"}))
        assert again.text_of("//*[@role='status']").startswith("There was nothing to draw")
        assert len(await harness.store.journal()) == 2


@pytest.mark.parametrize("path", [RULES_PAGE, OVERVIEW])
async def test_draw_is_offered_only_while_it_gives_somebody_a_seat(path: str) -> None:
    async with open_harness(TWO_SEATS) as harness:
        await fill(harness)
        await harness.sign_in()
        for capacity, is_offered in (("2", False), ("3", True), ("", True)):
            limited = "yes" if capacity else "no"
            await with_rules(harness, limited=limited, capacity=capacity, draws_at_once="no")
            assert ("Draw now" in (await harness.get(path)).text) is is_offered


async def test_newcomer_is_told_nothing_false_while_seats_wait_for_the_draw() -> None:
    async with open_harness(TWO_SEATS) as harness:
        await fill(harness)
        await harness.sign_in()
        await with_rules(harness, **BY_HAND)
        page = await harness.get("/en/registration/")
        assert "Every seat is taken or kept." in page.text


async def test_seats_that_are_taken_away_are_nobodys_loss_and_the_page_says_so() -> None:
    async with open_harness(TWO_SEATS) as harness:
        await fill(harness)
        await harness.sign_in()
        await with_rules(harness, capacity="1")
        assert await harness.store.counts() == Counts(seated=1, waiting=1, arrived=1)
        for path in (OVERVIEW, RULES_PAGE):
            assert "More seats are taken (2) than there are (1). Nobody loses theirs" in (await harness.get(path)).text


async def test_rules_are_noted_with_who_kept_them() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        typed = {"mode": "invitation", "limited": "yes", "capacity": "40", "draws_at_once": "no"}
        await with_rules(harness, **typed, opens="2026-12-01T09:00")
        rules = (
            "Rules of registration: %(mode)s; seats: %(seats)s; waiting list: %(waiting)s; draw: %(draw)s; "
            "opens: %(opens)s; closes: %(closes)s"
        )
        details = (
            ("mode", "by invitation"),
            ("seats", "40"),
            ("waiting", "yes"),
            ("draw", "by hand"),
            ("opens", "2026-12-01 09:00"),
            ("closes", "—"),
        )
        today = datetime(2026, 11, 23, tzinfo=UTC).date()
        assert await harness.store.journal() == (JournalEntry(today, ORGANISER, rules, details),)


async def test_public_page_tells_no_number() -> None:
    async with open_harness(TWO_SEATS) as harness:
        await fill(harness)
        page = await harness.get("/en/registration/")
        assert "2" not in page.text_of("//p[@class='lead']")


async def test_draw_to_come_is_told_to_the_organisers_and_may_be_made_by_hand() -> None:
    moment = datetime(2026, 12, 10, 17, tzinfo=UTC)
    async with open_harness(replace(TWO_SEATS, draw_at=moment)) as harness:
        await fill(harness)
        await harness.sign_in()
        overview, page = await harness.get(OVERVIEW), await harness.get(RULES_PAGE)
        words = "The portal draws the seats by itself on Thursday 10 December 2026, 18:00."
        assert [words in each.text for each in (overview, page)] == [True, True]
        assert "open, with a draw of the seats" in overview.text
        assert [len(each.found("//button[@value='draw']")) for each in (overview, page)] == [0, 1]
        await harness.send(page.action("registrations/"), page.fields("registrations/") | {"action": "draw"})
        assert (await harness.store.policy(), await harness.store.counts()) == (TWO_SEATS, Counts(seated=2, waiting=1))


async def test_seats_that_are_reserved_are_noted_with_the_rules() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await with_rules(harness, limited="yes", capacity="40", reserved="5")
        (entry,) = await harness.store.journal()
        assert "reserved for invitations: %(reserved)s" in entry.action
        assert dict(entry.details)["reserved"] == "5"
