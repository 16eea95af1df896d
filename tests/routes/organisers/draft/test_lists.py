"""The lists of the draft: what there is, in what order, and what is to be looked at."""

from dataclasses import replace
from datetime import date, time
from typing import Final

import pytest

from portal.domain.draft.checklist import Mark
from portal.domain.event.event import Day, Event, Mirror
from portal.domain.language import Text
from tests.factories.draft_forms import ticked_rooms
from tests.factories.drafting import put
from tests.factories.page import Page
from tests.factories.portal import Harness, open_harness
from tests.factories.sample import EVENT, event_of

pytestmark = pytest.mark.anyio

PROGRAMME: Final = "/en/organisers/programme/"
MIRRORS: Final = tuple(Mirror(name, name.title(), name, (f"https://{name}.example",)) for name in ("a", "b", "c"))


async def saved(harness: Harness, path: str, **typed: str) -> Page:
    """Save a part with what was `typed`."""
    page = await harness.get(f"/en/organisers/{path}")
    return await harness.send(page.action(path), page.fields(path) | typed)


def links(page: Page, xpath: str) -> list[str]:
    """Return the last parts of the paths of the links in the elements at `xpath`."""
    return [element.get("href", "").split("/")[-2] for element in page.found(f"{xpath}//a")]


async def test_programme_has_every_session_in_the_order_of_the_day() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await harness.get(PROGRAMME)
        assert links(page, "//li[@class='entry']") == ["accueil", "outils", "caisse", "repas", "ag"]
        assert entry(page, 2) == "Our tools 11:30 – 12:30 Main room Talk"


async def test_programme_leads_to_every_other_list() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await harness.get(PROGRAMME)
        lists = ["programme", "rooms", "themes", "speakers", "texts", "mirrors"]
        assert links(page, "//nav[@class='views']") == lists
        for name in lists:
            other = await harness.get(f"/en/organisers/{name}/")
            assert (other.status, links(other, "//nav[@class='views']")) == (200, lists)


async def test_programme_tells_what_is_new_changed_and_cancelled() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await saved(harness, "sessions/outils/", title_en="Tools", title_fr="Outils", cancelled="yes")
        await saved(harness, "new-session/", title_en="Night", start="15:00", end="15:30", **ticked_rooms("petite"))
        page = await harness.get(PROGRAMME)
        assert [entry(page, number) for number in range(1, 7)] == [
            "Welcome 11:00 – 11:30 Welcome",
            "Tools 11:30 – 12:30 Main room Talk cancelled changed",
            "The strike fund 11:30 – 13:00 Small room Workshop",
            "Lunch 13:00 – 14:00 Break",
            "General assembly 14:00 – 17:30 Main room General assembly",
            "Night 15:00 – 15:30 Small room Talk new It has no description. "
            "Part of it is not in French: the public reads another language there.",
        ]


def entry(page: Page, number: int) -> str:
    """Return the entry of the `number`th session in the programme."""
    return page.text_of(f"(//li[@class='entry'])[{number}]")


async def test_warnings_stand_under_the_session_and_on_its_page() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await saved(
            harness, "sessions/outils/", speakers="Ada", abstract_fr="", abstract_en="", title_en="", **ticked_rooms()
        )
        await saved(harness, "sessions/caisse/", speakers="Ada")
        page = await harness.get(PROGRAMME)
        assert entry(page, 2) == "Welcome 11:00 – 11:30 Welcome"
        assert entry(page, 1) == (
            "Nos outils 11:30 – 12:30 Talk changed It has no room. "
            "It has no description. Part of it is not in English: the public reads another language there."
        )
        assert entry(page, 3) == (
            "The strike fund 11:30 – 13:00 Small room Workshop changed Ada is in “Nos outils” at the same time."
        )
        for sentence in ("It has no room.", "It has no description.", "Part of it is not in English"):
            assert sentence in (await harness.get("/en/organisers/sessions/outils/")).text
            assert sentence not in (await harness.get("/en/organisers/sessions/repas/")).text


async def test_warnings_of_other_parts_lead_there() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await saved(harness, "new-room/", name_fr="Cave")
        await saved(harness, "texts/access/", access_en="")
        page = await harness.get(PROGRAMME)
        assert links(page, "//section[@aria-labelledby='elsewhere']") == ["access", "cave", "cave"]
        assert "Part of it is not in English" in (await harness.get("/en/organisers/texts/")).text


async def test_link_that_leads_nowhere_is_told_on_its_page_and_before_publishing() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await saved(harness, "texts/access/", access_en="See [the talk](session:nowhere).", access_fr="Autrement.")
        for path in ("texts/access/", "publish/"):
            page = await harness.get(f"/en/organisers/{path}")
            assert "link “session:nowhere” leads nowhere" in page.text
        assert "1 possible mistake in the draft" in (await harness.get("/en/organisers/")).text


async def test_facts_of_the_event_that_were_saved_are_ticked_off() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        assert Mark.EVENT_CHECKED not in await harness.store.marks()
        await saved(harness, "event/place/", city="Lyon")
        assert Mark.EVENT_CHECKED not in await harness.store.marks()
        await saved(harness, "event/event/")
        assert Mark.EVENT_CHECKED in await harness.store.marks()


async def test_draft_in_order_has_nothing_to_look_at() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await harness.get(PROGRAMME)
        assert page.found("//p[@class='remark']") + page.found("//section[@aria-labelledby='elsewhere']") == []


async def test_programme_of_forty_sessions_has_them_all() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        draft = await harness.store.draft()
        await harness.store.save_draft(event_of(40), draft.revision)
        assert len((await harness.get(PROGRAMME)).found("//li[@class='entry']")) == 40


async def moved(harness: Harness, name: str, way: str, id: str) -> Page:
    """Press the button that moves an entry up or down."""
    page = await harness.get(f"/en/organisers/{name}/")
    return await harness.send(page.action(f"{name}/"), page.fields(f"{name}/") | {way: id})


async def test_copies_are_put_in_order_one_place_at_a_time() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        draft = await harness.store.draft()
        await harness.store.save_draft(replace(draft.event, mirrors=MIRRORS), draft.revision)
        assert (await moved(harness, "mirrors", "up", "c")).status == 303
        page = await harness.get("/en/organisers/mirrors/")
        assert links(page, "//li[@class='entry']") == ["a", "c", "b"]
        assert page.text_of("//*[@role='status']") == "Copy moved in the draft: C"
        await moved(harness, "mirrors", "down", "a")
        assert [mirror.id for mirror in (await harness.store.draft()).event.mirrors] == ["c", "a", "b"]


BUTTONS: Final = {"rooms": ["grande down", "petite up"], "themes": ["libre down", "travail up"], "mirrors": []}


@pytest.mark.parametrize(("name", "buttons"), BUTTONS.items(), ids=BUTTONS.keys())
async def test_first_entry_goes_down_alone_and_the_last_up(name: str, buttons: list[str]) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await harness.get(f"/en/organisers/{name}/")
        shown = [
            f"{element.get('value')} {element.get('name')}" for element in page.found("//p[@class='order']/button")
        ]
        assert shown == buttons


async def test_entry_at_the_end_stays_there_and_nothing_is_noted() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        assert (await moved(harness, "rooms", "up", "grande")).status == 303
        assert ((await harness.store.draft()).event, await harness.store.journal()) == (EVENT, ())


async def test_entry_that_is_gone_is_not_moved() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        assert (await moved(harness, "rooms", "up", "cave")).status == 303
        assert (await moved(harness, "rooms", "left", "petite")).status == 403
        assert (await harness.store.draft()).event == EVENT


async def test_order_that_somebody_else_changed_in_the_meantime_loses_nothing() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        form = (await harness.get("/en/organisers/rooms/petite/")).fields("petite/") | {"name_en": "Attic"}
        await moved(harness, "rooms", "up", "petite")
        assert (await harness.send("/en/organisers/rooms/petite/", form)).status == 303
        rooms = (await harness.store.draft()).event.rooms
        assert [room.name for room in rooms] == [Text("Petite salle", "Attic"), EVENT.rooms[0].name]


def two_days(event: Event) -> Event:
    """Return the event over two nights, with a room for nobody, a talk at 00:30 and a talk without a place."""
    welcome, tools, fund, lunch, assembly = event.sessions
    return replace(
        event,
        days=(Day(date(2026, 12, 15), time(11), time(2)), Day(date(2026, 12, 16), time(9), time(18))),
        sessions=(
            replace(assembly, day=2),
            replace(tools, start=time(0, 30), end=time(1, 15)),
            replace(welcome, day=2, start=time(9), end=time(9, 30)),
            replace(fund, rooms=("petite", "grande"), day=2),
            replace(lunch, title=Text("Surprise", "Surprise"), kind="Fête", day=1),
        ),
    )


NARROWED: Final = {
    "everything": ("", ["repas", "outils", "accueil", "caisse", "ag"]),
    "a day": ("?day=2", ["accueil", "caisse", "ag"]),
    "a room, with what is everywhere": ("?room=petite", ["accueil", "caisse"]),
    "a day and a room": ("?day=1&room=grande", ["outils"]),
    "what is not decided yet": ("?room=-", ["repas"]),
    "a day and a room that are not there": ("?day=9&room=cave", ["repas", "outils", "accueil", "caisse", "ag"]),
    "nothing": ("?day=2&room=-", []),
}


@pytest.mark.parametrize(("query", "ids"), NARROWED.values(), ids=NARROWED.keys())
async def test_programme_is_narrowed_to_a_day_and_a_room(query: str, ids: list[str]) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await put(harness, two_days)
        assert links(await harness.get(f"{PROGRAMME}{query}"), "//li[@class='entry']") == ids


async def test_programme_of_two_days_has_them_one_after_the_other_and_first_what_has_no_place() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await put(harness, two_days)
        page = await harness.get(PROGRAMME)
        headings = [" ".join(str(each.text_content()).split()) for each in page.found("//main//h2|//main//h3")]
        assert headings == [
            "Where is not decided yet",
            "Tuesday 15 December 2026",
            "00:30",
            "Wednesday 16 December 2026",
            "09:00",
            "11:30",
            "14:00",
        ]
        remarks = "It has no room. It has no description."
        assert entry(page, 1) == f"Surprise Tue 15 Dec 13:00 – 14:00 Fête changed {remarks}"
        ways = [element.get("href") or "" for element in page.found("//nav[contains(@class, 'narrow')]//a")]
        assert [way.rpartition("/")[2] for way in ways] == [
            *("", "?day=1", "?day=2"),
            *("", "?room=-", "?room=grande", "?room=petite"),
        ]


async def test_filter_keeps_what_was_chosen_already() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await put(harness, two_days)
        page = await harness.get(f"{PROGRAMME}?day=2&room=petite")
        ways = [element.get("href") or "" for element in page.found("//nav[contains(@class, 'narrow')]//a")]
        assert [way.rpartition("/")[2] for way in ways] == [
            *("?room=petite", "?day=1&room=petite", "?day=2&room=petite"),
            *("?day=2", "?day=2&room=-", "?day=2&room=grande", "?day=2&room=petite"),
        ]
        chosen = page.found("//nav[contains(@class, 'narrow')]//a[@aria-current]")
        assert [str(element.text_content()) for element in chosen] == ["Wed 16 Dec", "Small room"]


async def test_programme_without_rooms_keeps_its_order() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        sessions = tuple(replace(session, rooms=()) for session in EVENT.sessions)
        await put(harness, lambda event: replace(event, rooms=(), sessions=sessions))
        page = await harness.get(PROGRAMME)
        assert links(page, "//li[@class='entry']") == ["accueil", "outils", "caisse", "repas", "ag"]
        assert page.found("//nav[contains(@class, 'narrow')]") == []


BEGUN: Final = {
    "everything": ("", "1", {"rooms.grande": "", "rooms.petite": ""}),
    "a day and a room": ("?day=2&room=petite", "2", {"rooms.grande": "", "rooms.petite": "yes"}),
    "what is not decided yet": ("?room=-", "1", {"rooms.grande": "", "rooms.petite": ""}),
}


@pytest.mark.parametrize(("query", "day", "rooms"), BEGUN.values(), ids=BEGUN.keys())
async def test_session_is_added_where_the_list_was_narrowed_to(query: str, day: str, rooms: dict[str, str]) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await put(harness, two_days)
        (link,) = (await harness.get(f"{PROGRAMME}{query}")).found("//main//a[contains(@href, 'new-session')]")
        assert (link.get("href") or "").rpartition("/")[2] == query
        fields = (await harness.get(f"/en/organisers/new-session/{query}")).fields("new-session/")
        assert (fields["day"], {name: fields[name] for name in rooms}, fields["kind"]) == (day, rooms, "Talk")
