"""The pages that follow from a query, at the origin: one's own programme, and what is on now."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Final

import httpx
import pytest
from icalendar import Calendar

from portal.domain.limits import BODY_BYTES_ON_THE_WIRE, NOW_RENEWED_MINUTES
from tests.factories.page import Page
from tests.factories.portal import Harness, open_harness
from tests.factories.several_days import TWO_DAYS

pytestmark = pytest.mark.anyio

CHOICE: Final = "/en/my-programme/choice/"
NOW: Final = "/en/now/"


@pytest.fixture
async def harness() -> AsyncIterator[Harness]:
    async with open_harness(event=TWO_DAYS) as opened:
        yield opened


async def get(harness: Harness, path: str, **headers: str) -> httpx.Response:
    return await harness.client.get(path, headers=headers)


def titles(page: Page) -> list[str]:
    return [str(title.text_content()).strip() for title in page.found("//main//li[contains(@class,'session')]/*[1]")]


async def test_form_leads_to_the_chosen_sessions_in_their_order(harness: Harness) -> None:
    form = await harness.get("/en/my-programme/")
    boxes = [box.get("value") for box in form.found("//input[@type='checkbox']")]
    assert boxes == ["accueil", "reseau", "atelier", "repas", "ouverte", "fete", "minuit", "dimanche", "plenary"]
    assert form.form().method == "GET"
    page = await harness.get(form.action() + "?day=&s=fete&s=reseau&s=dimanche")
    assert titles(page) == ["Session reseau", "Session fete", "Session dimanche"]
    assert page.found("//p[@class='clash']") == []


async def test_clashes_are_marked_at_both_sessions(harness: Harness) -> None:
    page = await harness.get(f"{CHOICE}?s=reseau&s=atelier&s=repas")
    clashes = [" ".join(str(each.text_content()).split()) for each in page.found("//p[@class='clash']")]
    assert clashes == [
        "At the same time: Session atelier",
        "At the same time: Session reseau",
        "At the same time: Session repas",
        "At the same time: Session atelier",
    ]


async def test_choice_is_a_calendar_too(harness: Harness) -> None:
    page = await harness.get(f"{CHOICE}?s=fete&s=reseau&s=gone")
    (link,) = page.found("//main//p[@class='actions']/a")
    assert link.get("href") == "../../../en/my-programme/choice.ics?day=&s=reseau&s=fete"
    answer = await get(harness, "/en/my-programme/choice.ics?day=&s=reseau&s=fete")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    assert [str(entry["summary"]) for entry in calendar.walk("VEVENT")] == ["Session reseau", "Session fete"]
    assert str(calendar["x-wr-calname"]) == "My programme"
    assert (await get(harness, "/en/my-programme/choice.ics")).status_code == 404


async def test_unknown_sessions_are_counted(harness: Harness) -> None:
    page = await harness.get(f"{CHOICE}?s=gone&s=fete&s=%3Cscript%3E")
    assert page.text_of("//p[@class='notice']") == "2 sessions of this address are not in the programme, or no longer."
    assert titles(page) == ["Session fete"]


async def test_boxes_are_ticked_as_chosen_and_keep_what_is_hidden(harness: Harness) -> None:
    page = await harness.get(f"{CHOICE}?day=2027-06-13&s=fete&s=dimanche")
    ticked = [box.get("value") for box in page.found("//input[@checked]")]
    hidden = [box.get("value") for box in page.found("//input[@type='hidden'][@name='s']")]
    assert (ticked, hidden) == (["dimanche"], ["fete"])


async def test_other_language_keeps_the_choice(harness: Harness) -> None:
    page = await harness.get(f"{CHOICE}?s=fete")
    assert [link.get("href") for link in page.found("//a[@hreflang='fr']")] == [
        "../../../fr/mon-programme/choix/?day=&s=fete"
    ]


async def test_without_a_query_the_signed_file_is_sent(harness: Harness) -> None:
    for path in (CHOICE, NOW):
        plain, asked = await get(harness, path), await get(harness, f"{path}?s=fete")
        caching = [answer.headers["cache-control"] for answer in (plain, asked)]
        assert caching == ["no-cache", "no-store"]


async def test_answers_are_of_the_size_of_every_page(harness: Harness) -> None:
    queries = (f"{CHOICE}?s=fete", f"{CHOICE}?day=all&s=fete&s=reseau&s=atelier", f"{NOW}?now", f"{CHOICE}?")
    sizes = [(await get(harness, path)).headers["content-length"] for path in queries]
    assert sizes == [str(BODY_BYTES_ON_THE_WIRE)] * len(queries)
    plain = await get(harness, f"{CHOICE}?s=fete", **{"accept-encoding": "identity"})
    assert "Session fete" in plain.text
    assert "content-encoding" not in plain.headers


async def test_query_at_any_other_page_changes_nothing(harness: Harness) -> None:
    plain, asked = await get(harness, "/en/programme/"), await get(harness, "/en/programme/?s=fete")
    assert plain.content == asked.content
    assert plain.headers["etag"] == asked.headers["etag"]


async def test_another_method_is_not_allowed(harness: Harness) -> None:
    assert (await harness.client.post(f"{CHOICE}?s=fete")).status_code == 405


REFRESHES: Final = {
    "long before": (datetime(2027, 6, 1, tzinfo=UTC), "now", None),
    "during the event": (datetime(2027, 6, 12, 8, tzinfo=UTC), "now", str(NOW_RENEWED_MINUTES * 60)),
    "during the event, stopped": (datetime(2027, 6, 12, 8, tzinfo=UTC), "still", None),
    "after it": (datetime(2027, 6, 14, tzinfo=UTC), "now", None),
}


@pytest.mark.parametrize(("moment", "query", "refresh"), REFRESHES.values(), ids=REFRESHES.keys())
async def test_page_of_the_moment_is_renewed_during_the_event_alone(
    harness: Harness, moment: datetime, query: str, refresh: str | None
) -> None:
    harness.clock.now = moment
    assert (await get(harness, f"{NOW}?{query}")).headers.get("refresh") == refresh


async def test_page_of_the_moment_says_what_is_on_in_each_room(harness: Harness) -> None:
    harness.clock.now = datetime(2027, 6, 12, 8, tzinfo=UTC)
    page = await harness.get(f"{NOW}?now")
    assert page.text_of("//p[@class='lead']") == "Saturday 12 June 2027, 10:00 (Paris time)"
    rooms = [str(room.text_content()) for room in page.found("//section/h2")]
    assert rooms == ["For everybody", "Main room", "Small room", "The yard"]
    assert "Now Session reseau" in page.text_of("//section[2]")
    assert "Coming next Session fete" in page.text_of("//section[2]")
    harness.clock.now = datetime(2027, 6, 14, tzinfo=UTC)
    assert "The event is over." in (await harness.get(f"{NOW}?now")).text
