"""An organiser changes the days of the draft: one, several, none that is lost."""

from dataclasses import replace
from datetime import date, time
from typing import Final

import pytest

from portal.domain.draft.checklist import Mark
from portal.domain.event.event import Day, Event
from tests.factories.drafting import draft_of, put, sent
from tests.factories.portal import open_harness
from tests.factories.sample import EVENT

pytestmark = pytest.mark.anyio

PATH: Final = "/en/organisers/days/"
SECOND: Final = Day(date(2026, 12, 16), time(9), time(2))
TWO_DAYS: Final = replace(
    EVENT, days=(*EVENT.days, SECOND), sessions=(*EVENT.sessions[:3], *(replace(e, day=2) for e in EVENT.sessions[3:]))
)


def two_days(event: Event) -> Event:
    """Return the event with a second day, which has its last two sessions."""
    return TWO_DAYS


async def test_only_day_is_three_fields_and_one_more_day_is_folded_away() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await harness.get(PATH)
        fields = page.fields("days/")
        del fields["csrf_token"], fields["seen"]
        assert fields == {
            "date_1": "2026-12-15",
            "start_1": "11:00",
            "end_1": "17:30",
            "date_2": "",
            "start_2": "11:00",
            "end_2": "17:30",
        }
        assert [each.get("open") for each in page.found("//main//details")] == [None]
        assert (await sent(harness, "days/", date_1="2026-12-16", end_1="18:00")).status == 303
        assert (await draft_of(harness)).days == (Day(date(2026, 12, 16), time(11), time(18)),)
        assert "Days changed in the draft" in (await harness.get("/en/organisers/texts/")).text
        assert [entry.action for entry in await harness.store.journal()] == ["Days changed in the draft"]
        assert Mark.EVENT_CHECKED in await harness.store.marks()


async def test_day_is_added_and_the_sessions_may_be_put_on_it() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await sent(harness, "days/", date_2="2026-12-14", start_2="9:00", end_2="12:00")
        assert (page.status, page.error("start_2")) == (422, "A time like “11:00” is expected.")
        assert page.fields("days/")["start_2"] == "9:00"
        assert (await harness.send(PATH, page.fields("days/") | {"start_2": "09:00"})).status == 303
        event = await draft_of(harness)
        assert event.days == (Day(date(2026, 12, 14), time(9), time(12)), *EVENT.days)
        assert {session.day for session in event.sessions} == {2}
        page = await harness.get("/en/organisers/sessions/outils/")
        choices = [str(option.text_content()) for option in page.found("//select[@name='day']/option")]
        assert (choices, page.fields("outils/")["day"]) == (
            ["Monday 14 December 2026", "Tuesday 15 December 2026"],
            "2",
        )
        assert (await sent(harness, "sessions/outils/", day="1", start="10:00", end="11:00")).status == 303
        assert [session.day for session in (await draft_of(harness)).sessions] == [2, 1, 2, 2, 2]


async def test_removed_day_asks_where_its_sessions_go() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await put(harness, two_days)
        page = await sent(harness, "days/", remove_2="yes")
        assert (page.status, page.error("instead")) == (422, "Choose where these sessions go.")
        places = [str(option.text_content()) for option in page.found("//select[@name='instead']/option")]
        assert places == ["Choose…", "Tuesday 15 December 2026"]
        assert "2 sessions are on days to be removed: Lunch General assembly" in page.text
        assert await draft_of(harness) == TWO_DAYS
        assert (await harness.send(PATH, page.fields("days/") | {"instead": "1"})).status == 303
        event = await draft_of(harness)
        assert (event.days, {session.day for session in event.sessions}) == (EVENT.days, {1})


async def test_days_that_somebody_else_changed_are_shown_and_what_was_typed_is_kept() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        form = (await harness.get(PATH)).fields("days/") | {"end_1": "19:00"}
        await put(harness, two_days)
        page = await harness.send(PATH, form)
        assert (page.status, page.fields("days/")["end_1"]) == (409, "19:00")
        assert [str(line.text_content()) for line in page.found("//*[contains(@class, 'theirs')]//li")] == [
            "Tuesday 15 December 2026, 11:00 – 17:30",
            "Wednesday 16 December 2026, 09:00 – 02:00",
        ]
        assert await draft_of(harness) == TWO_DAYS


async def test_days_that_were_sent_twice_are_changed_once() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        form = (await harness.get(PATH)).fields("days/") | {"end_1": "19:00"}
        first, second = await harness.send(PATH, form), await harness.send(PATH, form)
        assert (first.status, second.status, len(await harness.store.journal())) == (303, 303, 1)


async def test_fault_of_a_day_leads_to_the_days() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await sent(harness, "days/", start_1="14:00", end_1="13:00")
        sentence = "the end is not after the start, 14:00; a day may end until 12:00 of the next"
        page = await harness.get("/en/organisers/programme/")
        links = page.found("//ul[@class='faults']//a")
        assert [(link.text, link.get("href")) for link in links] == [("The days", "../../../en/organisers/days/")]
        assert sentence in page.text
        assert sentence in (await harness.get(PATH)).text
        assert sentence not in (await harness.get("/en/organisers/event/event/")).text


async def test_facts_and_their_list_lead_to_the_days() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        for path in ("texts/", "event/event/"):
            page = await harness.get(f"/en/organisers/{path}")
            assert page.found("//main//a[contains(@href, 'organisers/days/') or contains(@href, '../days/')]")
