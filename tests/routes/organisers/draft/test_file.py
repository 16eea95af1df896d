"""The whole draft taken away as a file, and brought back by pasting it."""

from dataclasses import replace
from typing import Final

import pytest

from portal.domain.edition.edition import Addresses
from portal.domain.event.event import Event
from portal.domain.event.event_file import read_draft, read_event
from portal.domain.language import Text
from portal.domain.limits import EVENT_FILE_KIB, FAULTS_LISTED, ORGANISERS_BODY_KIB
from portal.site.event_toml import event_toml
from tests.factories.page import Page
from tests.factories.portal import Harness, open_harness
from tests.factories.sample import EVENT, event_of

pytestmark = pytest.mark.anyio

PATH: Final = "/en/organisers/draft/import/"
EXPORT: Final = "/en/organisers/draft/file/"
WELCOME, TOOLS, *REST = EVENT.sessions
RENAMED: Final = replace(EVENT, name=Text("Autre nom", "Another name"))
OVERLAPPING: Final = replace(EVENT, sessions=(WELCOME, TOOLS, replace(TOOLS, id="double"), *REST))


async def pasted(harness: Harness, text: str) -> Page:
    """Paste a file and look at what it would change. A browser ends each line with CR LF."""
    form = (await harness.get(PATH)).fields("import/")
    return await harness.send(PATH, form | {"toml": text.replace("\n", "\r\n")})


def file_of(event: Event) -> str:
    return event_toml(event).decode()


def asked_to_keep(page: Page) -> dict[str, str]:
    """Return the fields of the confirmation, the first form on the page."""
    return page.fields("import/")


async def test_draft_is_exported_under_its_id_and_revision() -> None:
    async with open_harness() as harness:
        await harness.store.save_draft(RENAMED, 1)
        await harness.sign_in()
        english, french = await harness.get(EXPORT), await harness.get("/fr/organisation/brouillon/fichier/")
        names = [page.response.headers["content-disposition"] for page in (english, french)]
        assert names == [f'attachment; filename="journee-{word}-2.toml"' for word in ("draft", "brouillon")]
        assert read_event(english.response.content, "event.toml") == RENAMED


async def test_draft_with_faults_comes_back_as_it_was() -> None:
    async with open_harness() as harness:
        await harness.store.save_draft(OVERLAPPING, 1)
        await harness.sign_in()
        content = (await harness.get(EXPORT)).response.content
        assert read_draft(content, "event.toml") == OVERLAPPING
        page = await pasted(harness, content.decode())
        assert (page.status, page.heading) == (200, "The file changes nothing")


async def test_file_is_told_in_words_before_anything_is_kept() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await pasted(harness, file_of(RENAMED))
        assert page.heading == "What the file would change"
        assert "“A day for the commons” becomes “Another name”" in page.text_of("//main//ul")
        assert (await harness.store.draft()).event == EVENT
        answer = await harness.send(PATH, asked_to_keep(page))
        assert (answer.status, (await harness.store.draft()).event) == (303, RENAMED)
        assert (await harness.store.journal())[0].action == "Draft replaced by an event file"


async def test_faults_of_the_programme_are_told_and_keep_nothing_from_being_saved() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await pasted(harness, file_of(OVERLAPPING))
        assert "overlaps" in page.text
        assert (await harness.send(PATH, asked_to_keep(page))).status == 303
        assert (await harness.store.draft()).event == OVERLAPPING


FAULTS: Final = {
    "no TOML at all": ("hello\n", ["it is none of schedule.xml, schedule.json, CSV, iCalendar and TOML"]),
    "TOML with a fault": (
        "[event]\nhello\n",
        ['line 2 is not TOML from column 6 on; a straight quote (") may be missing'],
    ),
    "two faults of value": (
        file_of(EVENT)
        .replace('day = "2026-12-15"', 'day = "tomorrow"')
        .replace('start = "11:30"', 'start = "noon"', 1),
        [
            "event: day: a day like “2026-12-15” is expected",
            "sessions[2] (outils): start: a time like “11:00” is expected",
        ],
    ),
    "no event": ("[x]\n", ["x: this name is unknown", "event: it is missing"]),
}


MANY: Final = "[event]\n" + "".join(f"x{number}=1\n" for number in range(38_000))
LONG: Final = "[[sessions]]\n" + f'id="{"i" * 400_000}"\n' + "".join(f"x{number}=1\n" for number in range(100))
OVERLAPPING_ALL: Final = replace(EVENT, sessions=tuple(replace(TOOLS, id=f"double-{number}") for number in range(300)))


@pytest.mark.parametrize(
    ("text", "counted", "last"),
    [
        (MANY, "more than 1000 problems", "and more than 950 others"),
        (LONG, "problems", "other problems that are not listed: "),
    ],
    ids=["very many faults", "many faults at a very long name"],
)
async def test_file_with_very_many_faults_is_answered_shortly(text: str, counted: str, last: str) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await pasted(harness, text)
        lines = [str(element.text_content()) for element in page.found("//main//*[@role='alert']//li")]
        assert (page.status, len(lines), lines[-1].startswith(last)) == (422, FAULTS_LISTED + 1, True)
        assert counted in page.text
        assert len(page.response.content) < len(text) + 60_000
        assert page.fields("import/")["toml"] == text


async def test_file_whose_programme_has_very_many_faults_is_told_shortly_before_and_after_it_is_kept() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await pasted(harness, file_of(OVERLAPPING_ALL))
        lines = [str(element.text_content()) for element in page.found("//main//ul[last()]/li")]
        assert (len(lines), lines[-1]) == (FAULTS_LISTED + 1, f"Others that are not listed: {299 - FAULTS_LISTED}.")
        assert (await harness.send(PATH, asked_to_keep(page))).status == 303
        overview = await harness.get("/en/organisers/")
        texts = [str(fault.text_content()) for fault in overview.found("//ul[@class='faults']/li")]
        assert texts[-1] == f"Others that are not listed: {299 - FAULTS_LISTED}."


@pytest.mark.parametrize(("text", "expected"), FAULTS.values(), ids=FAULTS.keys())
async def test_file_that_cannot_be_taken_is_told_line_by_line_and_kept(text: str, expected: list[str]) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await pasted(harness, text)
        lines = [str(element.text_content()) for element in page.found("//main//*[@role='alert']//li")]
        assert (page.status, lines[: len(expected)]) == (422, expected)
        assert page.fields("import/")["toml"] == text
        assert (await harness.store.draft()).event == EVENT


async def test_file_that_is_altered_on_its_way_back_is_looked_at_again() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        form = asked_to_keep(await pasted(harness, file_of(RENAMED))) | {"toml": "broken"}
        page = await harness.send(PATH, form)
        assert (page.status, page.fields("import/")["toml"]) == (422, "broken")
        assert (await harness.store.draft()).event == EVENT


async def test_draft_that_somebody_else_saves_meanwhile_is_not_lost() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await pasted(harness, file_of(RENAMED))
        theirs = replace(EVENT, lead=Text("Leur phrase", "Their sentence"))
        await harness.store.save_draft(theirs, 1)
        again = await harness.send(PATH, asked_to_keep(page))
        assert again.status == 409
        assert "Their sentence" in again.text_of("//main//ul")
        assert (await harness.store.draft()).event == theirs
        assert (await harness.send(PATH, asked_to_keep(again))).status == 303
        assert (await harness.store.draft()).event == RENAMED


async def test_session_that_comes_back_under_another_title_is_asked_about() -> None:
    async with open_harness() as harness:
        draft = await harness.store.save_draft(replace(EVENT, sessions=(WELCOME, *REST)), 1)
        await harness.store.publish(draft.revision, "", Addresses(), harness.clock())
        await harness.sign_in()
        other = replace(EVENT, sessions=(WELCOME, replace(TOOLS, title=Text("Autre", "Another")), *REST))
        page = await pasted(harness, file_of(other))
        assert "outils “Our tools” then, “Another” now" in page.text


async def test_one_can_go_back_to_the_file_that_was_pasted() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await pasted(harness, file_of(RENAMED))
        back = next(form for form in page.forms() if form.fields.get("action") == "edit")
        again = await harness.send(PATH, {name: str(value) for name, value in back.fields.items()})
        assert (again.status, again.fields("import/")["toml"]) == (200, file_of(RENAMED))


async def test_file_as_large_as_one_may_be_fits_into_the_form() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        room = EVENT_FILE_KIB * 1024 - len(file_of(EVENT).encode()) - 3
        page = await pasted(harness, f"{file_of(EVENT)}# {'é' * (room // 2)}")
        assert (page.status, page.heading) == (200, "The file changes nothing")


async def test_file_that_is_too_large_is_refused_and_kept() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        text = f"{file_of(EVENT)}# {'x' * EVENT_FILE_KIB * 1024}"
        page = await pasted(harness, text)
        assert page.status == 422
        assert "it is larger than 4096 KiB" in page.text
        assert page.fields("import/")["toml"] == text


async def test_file_of_five_hundred_sessions_is_brought_back() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await pasted(harness, file_of(event_of(500)))
        assert (await harness.send(PATH, asked_to_keep(page))).status == 303
        assert (await harness.store.draft()).event == event_of(500)


async def test_stranger_may_send_no_more_than_to_any_page_of_the_organisers() -> None:
    async with open_harness() as harness:
        answer = await harness.send(PATH, {"toml": "x" * (ORGANISERS_BODY_KIB + 1) * 1024})
        assert answer.status == 413
