"""A programme of another program, uploaded by an organiser and merged into the draft."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import pytest

from portal.domain.event.event import Event
from portal.domain.limits import IMPORTED_FILE_KIB, IMPORTS_KEPT
from portal.site.event_toml import event_toml
from tests.factories.page import Page
from tests.factories.portal import HOST, Harness, open_harness
from tests.factories.programmes import XML, event_of_json, schedule_of_json
from tests.factories.sample import EVENT

pytestmark = pytest.mark.anyio

PATH: Final = "/en/organisers/draft/import/"
PUBLISH: Final = "/en/organisers/publish/"
ORIGIN: Final = {"origin": HOST}
TWO: Final = schedule_of_json(
    event_of_json(), event_of_json(guid="b", title="Bêta", start="12:00", date=None, end=None)
)


async def upload(harness: Harness, content: bytes, name: str = "schedule.json", **typed: str) -> Page:
    """Choose a file on the page, and look at what it would change."""
    fields = (await harness.get(PATH)).fields("import/") | typed
    fields.pop("file", None)
    files = {"file": (name, content, "application/octet-stream")}
    return Page(await harness.client.post(PATH, data=fields, files=files, headers=ORIGIN))


def confirmation(page: Page) -> Mapping[str, str]:
    return page.fields("import/")


def listed(page: Page, heading: str) -> list[str]:
    """Return the lines of the list below a heading of the page."""
    items = page.found(f"//main//h2[.='{heading}']/following-sibling::*[1]//li")
    return [" ".join(str(item.text_content()).split()) for item in items]


async def test_programme_is_shown_in_words_before_anything_changes() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await upload(harness, XML.encode(), "schedule.xml")
        assert (page.status, page.heading) == (200, "What the file would change")
        assert "Sessions that it adds: 3; changes: 0; leaves as they are: 0." in page.text
        assert listed(page, "What could not be kept")[:2] == [
            "Images of sessions: 1 (Alpha amet)",
            "Attached files: 1 (Alpha amet)",
        ]
        assert (await harness.store.draft()).event == EVENT


async def test_programme_is_merged_once_confirmed_and_a_second_time_changes_nothing() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        answer = await harness.send(PATH, dict(confirmation(await upload(harness, TWO))))
        assert (answer.status, answer.response.headers["location"]) == (303, "../../../../en/organisers/publish/")
        event = (await harness.store.draft()).event
        assert [session.title["fr"] for session in event.sessions[len(EVENT.sessions) :]] == ["Alpha amet", "Bêta"]
        entry = (await harness.store.journal())[0]
        assert (entry.action, dict(entry.details)) == (
            "Programme imported; sessions added: %(added)s, changed: %(changed)s",
            {"added": "2", "changed": "0"},
        )
        again = await upload(harness, TWO)
        assert again.heading == "The file changes nothing"
        assert not again.has_form("import/")


async def test_sessions_that_are_gone_are_named_and_cancelled_on_demand() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await harness.send(PATH, dict(confirmation(await upload(harness, TWO))))
        page = await upload(harness, schedule_of_json(event_of_json()))
        assert "No longer in the file" in page.text
        assert "Bêta" in page.text
        await harness.send(PATH, {**confirmation(page), "cancel_gone": "yes"})
        event = (await harness.store.draft()).event
        assert {session.title["fr"]: session.cancelled for session in event.sessions[-2:]} == {
            "Alpha amet": False,
            "Bêta": True,
        }


async def test_texts_go_into_the_language_that_is_chosen() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await harness.send(PATH, dict(confirmation(await upload(harness, TWO, language="en"))))
        session = (await harness.store.draft()).event.sessions[-1]
        assert (session.title["fr"], session.title["en"]) == ("", "Bêta")


async def test_draft_that_somebody_else_saves_meanwhile_is_compared_again() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await upload(harness, TWO)
        theirs = replace(EVENT, sessions=EVENT.sessions[:2])
        await harness.store.save_draft(theirs, 1)
        again = await harness.send(PATH, dict(confirmation(page)))
        assert (again.status, (await harness.store.draft()).event) == (409, theirs)
        assert (await harness.send(PATH, dict(confirmation(again)))).status == 303
        assert len((await harness.store.draft()).event.sessions) == 4


async def test_event_file_can_be_uploaded_too() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        renamed = replace(EVENT, sessions=EVENT.sessions[:1])
        page = await upload(harness, event_toml(renamed), "event.toml")
        assert (await harness.send(PATH, dict(confirmation(page)))).status == 303
        assert (await harness.store.draft()).event == renamed


REFUSED: Final = {
    "another kind of file": (
        b"Lorem ipsum\n",
        422,
        "it is none of schedule.xml, schedule.json, CSV, iCalendar and TOML",
    ),
    "a fault in a session": (
        schedule_of_json(event_of_json(duration="long", end=None)),
        422,
        "days[1].rooms[Salle Dolor][1] (Alpha amet): duration: “long” cannot be read",
    ),
    "an empty file": (b"", 422, "it is empty"),
    "a file that is too large": (
        b" " * (IMPORTED_FILE_KIB * 1024 + 1),
        422,
        f"it is larger than {IMPORTED_FILE_KIB} KiB",
    ),
}


@pytest.mark.parametrize(("content", "status", "sentence"), REFUSED.values(), ids=REFUSED.keys())
async def test_file_that_cannot_be_taken_is_refused_with_its_faults(content: bytes, status: int, sentence: str) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await upload(harness, content)
        lines = [str(element.text_content()) for element in page.found("//main//*[@role='alert']//li")]
        assert (page.status, lines) == (status, [sentence])
        assert (await harness.store.draft()).event == EVENT


async def test_form_without_a_file_asks_for_one() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await upload(harness, b"", "")
        assert (page.status, page.error("file")) == (422, "Choose a file, or paste its text below.")


async def test_file_that_the_portal_has_no_longer_is_asked_for_again() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await upload(harness, TWO)
        for number in range(IMPORTS_KEPT):
            await harness.sign_in(f"Organiser {number}")
            await upload(harness, TWO)
        await harness.sign_in()
        answer = await harness.send(
            PATH, {**(await harness.get(PATH)).fields("import/"), "kept_file": confirmation(page)["kept_file"]}
        )
        gone = "The portal no longer has the file, or has a newer one. Choose it again; nothing was changed."
        assert (answer.status, answer.error("file")) == (422, gone)


@pytest.mark.parametrize("name", ["schedule.json", "schedule.xml"])
async def test_imported_programme_is_published_and_imported_elsewhere_with_nothing_lost(name: str) -> None:
    """The whole way: a file of another program, one edition, its exported file in a second portal."""
    async with open_harness() as harness, open_harness() as elsewhere:
        for portal in (harness, elsewhere):
            await portal.store.save_draft(replace(EVENT, sessions=(), rooms=(), themes=()), 1)
            await portal.sign_in()
        await harness.send(PATH, dict(confirmation(await upload(harness, XML.encode(), "schedule.xml"))))
        form = (await harness.get(PUBLISH)).fields("publish/") | {"comment": "The programme is there."}
        assert (await harness.send(PUBLISH, form)).status == 303
        assert (await upload(harness, XML.encode(), "schedule.xml")).heading == "The file changes nothing"
        page = await upload(elsewhere, (await harness.client.get(f"/{name}")).content, name)
        assert "What could not be kept" not in page.text
        assert (await elsewhere.send(PATH, dict(confirmation(page)))).status == 303
        published = await harness.store.edition()
        assert published is not None
        taken = (await elsewhere.store.draft()).event
        assert programme_of(taken) == programme_of(published.event)


def programme_of(event: Event) -> tuple[object, ...]:
    """Return the programme; an id that is no UUID is another one elsewhere."""
    sessions = sorted((replace(session, guid=None) for session in event.sessions), key=lambda session: session.id)
    return event.zone, event.days, event.rooms, event.themes, event.speakers, sessions
