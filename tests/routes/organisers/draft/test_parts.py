"""An organiser edits, looks at, copies, adds and deletes the parts of the draft, whatever they are."""

from dataclasses import replace
from typing import Final

import pytest

from portal.domain.draft.part import Part, values_of_parts
from portal.domain.draft.part_form import form_of
from portal.domain.event.event import Event, Mirror, Room, Session, SessionKind, Theme
from portal.domain.event.languages import languages_of
from portal.domain.language import Text
from tests.factories.draft_forms import ticked_rooms
from tests.factories.drafting import draft_of, put, sent
from tests.factories.portal import open_harness
from tests.factories.sample import EVENT

pytestmark = pytest.mark.anyio

MIRROR: Final = Mirror("amis", "Amis", "Les amis", ("https://amis.example",))


EDITS: Final[dict[str, tuple[str, dict[str, str], Event]]] = {
    "a room": (
        "rooms/grande/",
        {"name_en": "Great room", "description_fr": ""},
        replace(
            EVENT,
            rooms=(Room("grande", Text("Grande salle", "Great room"), Text("", "Ground floor.")), EVENT.rooms[1]),
        ),
    ),
    "a theme": (
        "themes/travail/",
        {"name_fr": "Travailler"},
        replace(EVENT, themes=(EVENT.themes[0], replace(EVENT.themes[1], name=Text("Travailler", "Work")))),
    ),
    "a text": (
        "texts/agenda/",
        {"agenda_en": "1. Review\r\n2. Vote"},
        replace(EVENT, texts=replace(EVENT.texts, agenda=Text("1. Bilan\n2. Orientations", "1. Review\n2. Vote"))),
    ),
    "the facts": (
        "event/event/",
        {"retention_days": "10", "languages": "en\r\nfr"},
        replace(EVENT, retention_days=10, language="en", languages=("en", "fr")),
    ),
    "the collective": (
        "event/collective/",
        {"name": "Nous"},
        replace(EVENT, collective=replace(EVENT.collective, name="Nous")),
    ),
    "the place": ("event/place/", {"city": "Lyon"}, replace(EVENT, place=replace(EVENT.place, city="Lyon"))),
    "the colours": (
        "event/colours/",
        {"ink": "#000000"},
        replace(EVENT, colours=replace(EVENT.colours, ink="#000000")),
    ),
}


@pytest.mark.parametrize(("path", "typed", "event"), EDITS.values(), ids=EDITS.keys())
async def test_part_is_saved_in_the_draft_and_nothing_else(path: str, typed: dict[str, str], event: Event) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        assert (await sent(harness, path, **typed)).status == 303
        assert await draft_of(harness) == event
        edition = await harness.store.edition()
        assert edition is not None
        assert edition.event == EVENT


FAULTS: Final[dict[str, tuple[str, dict[str, str], str, str]]] = {
    "a room without a name": ("rooms/grande/", {"name_fr": "", "name_en": ""}, "name_fr", "It is empty."),
    "a number that is none": ("event/event/", {"retention_days": "7.5"}, "retention_days", "A whole number is"),
    "no day of retention": ("event/event/", {"retention_days": "0"}, "retention_days", "A number from 1 to 365"),
    "a number too large": ("event/event/", {"retention_days": "366"}, "retention_days", "A number from 1 to 365"),
    "a zone that is none": ("event/event/", {"zone": "Paris"}, "zone", "A time zone like “Europe/Paris”"),
    "a colour that is none": ("event/colours/", {"ink": "black"}, "ink", "A colour like “#a3241c” is expected."),
    "an empty text": ("texts/conduct/", {"conduct_fr": "", "conduct_en": ""}, "conduct_fr", "It is empty."),
    "a copy at no address": ("new-mirror/", {"name": "A", "addresses": ""}, "addresses", "From 1 to 4 addresses"),
    "a copy at http": ("new-mirror/", {"addresses": "http://a.example"}, "addresses", "is not an address like"),
}


@pytest.mark.parametrize(("path", "typed", "field", "words"), FAULTS.values(), ids=FAULTS.keys())
async def test_faulty_part_comes_back_as_it_was_typed(path: str, typed: dict[str, str], field: str, words: str) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await sent(harness, path, **typed)
        assert (page.status, await draft_of(harness)) == (422, EVENT)
        assert words in page.error(field)
        assert {name: page.fields(path)[name] for name in typed} == typed


ADDED: Final[dict[str, tuple[str, dict[str, str], Event, str]]] = {
    "a room": (
        "new-room/",
        {"name_fr": "Grande"},
        replace(EVENT, rooms=(*EVENT.rooms, Room("grande-2", Text("Grande"), Text()))),
        "Room added to the draft: Grande",
    ),
    "a theme": (
        "new-theme/",
        {"name_en": "Peace", "description_en": "No war."},
        replace(EVENT, themes=(*EVENT.themes, Theme("peace", Text("", "Peace"), Text("", "No war.")))),
        "Theme added to the draft: Peace",
    ),
    "a copy": (
        "new-mirror/",
        {"name": "Amis", "operator": "Les amis", "addresses": "https://amis.example\r\n"},
        replace(EVENT, mirrors=(MIRROR,)),
        "Copy added to the draft: Amis",
    ),
}


@pytest.mark.parametrize(("path", "typed", "event", "words"), ADDED.values(), ids=ADDED.keys())
async def test_part_is_added_once_however_often_it_is_sent(
    path: str, typed: dict[str, str], event: Event, words: str
) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await harness.get(f"/en/organisers/{path}")
        form = page.fields(path) | typed
        first, second = await harness.send(page.action(path), form), await harness.send(page.action(path), form)
        assert (first.status, second.status, await draft_of(harness)) == (303, 303, event)
        assert words in (await harness.get("/en/organisers/")).text_of("//*[@role='status']")
        assert [entry.action % dict(entry.details) for entry in await harness.store.journal()] == [words]


async def test_id_of_an_earlier_edition_is_not_given_again() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await put(harness, lambda event: replace(event, sessions=event.sessions[:1]))
        new = {"kind": "talk", "title_fr": "Outils", "start": "12:00", "end": "13:00"}
        assert (await sent(harness, "new-session/", **new)).status == 303
        assert [session.id for session in (await draft_of(harness)).sessions] == ["accueil", "outils-2"]


async def test_copy_of_a_session_is_a_form_first() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await sent(harness, "sessions/outils/", action="copy", end="13:00")
        assert (page.status, page.heading, await draft_of(harness)) == (200, "A new session", EVENT)
        assert (await harness.send(page.action("new-session/"), page.fields("new-session/"))).status == 303
        tools = next(session for session in EVENT.sessions if session.id == "outils")
        *others, copy = (await draft_of(harness)).sessions
        assert tuple(others) == EVENT.sessions
        title = Text("Nos outils (copie)", "Our tools (copy)")
        assert copy == replace(tools, id="nos-outils-copie", title=title, end=copy.end)
        assert f"{copy.end:%H:%M}" == "13:00"


PREVIEWS: Final = {"a session": ("sessions/outils/", "abstract"), "a text": ("texts/conduct/", "conduct")}


@pytest.mark.parametrize(("path", "name"), PREVIEWS.values(), ids=PREVIEWS.keys())
async def test_preview_shows_the_text_keeps_what_was_typed_and_saves_nothing(path: str, name: str) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        typed = {f"{name}_fr": "Un *mot*.\n\n<b>gras</b>", f"{name}_en": ""}
        page = await sent(harness, path, action="preview", **typed)
        assert (page.status, await draft_of(harness)) == (200, EVENT)
        preview = page.found("//section[@class='rendered']")[0]
        assert [each.text_content() for each in preview.findall(".//em")] == ["mot"]
        assert preview.findall(".//b") == []
        assert "<b>gras</b>" in preview.text_content()
        assert "Missing: the public reads the French instead." in preview.text_content()
        assert {field: page.fields(path)[field] for field in typed} == typed
        assert (await harness.send(page.action(path), page.fields(path))).status == 303
        assert await draft_of(harness) != EVENT


async def test_preview_tells_nothing_of_what_was_saved_before() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await sent(harness, "sessions/outils/", end="11:00", **ticked_rooms())
        page = await harness.get("/en/organisers/sessions/outils/")
        assert "To fix before publishing: the end is not after the start, 11:30; one after midnight" in page.text_of(
            "//main"
        )
        page = await sent(harness, "sessions/outils/", action="preview", end="12:30", **ticked_rooms("grande"))
        assert "To fix" not in page.text
        assert "It has no room" not in page.text


async def test_preview_of_a_new_session_saves_nothing() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await sent(harness, "new-session/", action="preview", title_en="New", abstract_en="A *word*.")
        assert (page.status, page.text_of("//section[@class='rendered']//em"), await draft_of(harness)) == (
            200,
            "word",
            EVENT,
        )
        assert page.fields("new-session/")["title_en"] == "New"


FORMS: Final = {
    **{
        part: f"{part.table}/{part.id}/" if part.id else f"event/{part.table}/"
        for part in tuple(values_of_parts(EVENT))
    },
    Part("sessions"): "new-session/",
    Part("rooms"): "new-room/",
    Part("themes"): "new-theme/",
    Part("mirrors"): "new-mirror/",
}


@pytest.mark.parametrize(("part", "path"), FORMS.items(), ids=str)
async def test_every_field_has_a_label_of_its_own(part: Part, path: str) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await harness.get(f"/en/organisers/{path}")
        fields, form = page.fields(path), form_of(part, languages_of(EVENT))
        asked = [field for field in form if not page.found(f"//input[@type='hidden'][@name='{field.name}']")]
        labels = {
            field.name: page.text_of(f"//label[@for='{field.name}']|//fieldset[@name='{field.name}']/legend")
            for field in asked
        }
        assert len({label for label in labels.values() if label}) == len(labels)
        ticks = {name.partition(".")[0] for name in fields if "." in name}
        assert {field.name for field in form} | {"csrf_token", "seen"} == {
            name for name in fields if "." not in name
        } | ticks


async def test_missing_translation_is_shown_as_missing_with_what_the_public_gets() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await sent(harness, "rooms/petite/", name_en="")
        page = await harness.get("/en/organisers/rooms/petite/")
        (control,) = page.found("//input[@name='name_en']")
        sentence = page.text_of(f"//*[@id='{control.get('aria-describedby')}']")
        assert sentence == "Missing: the public reads the French instead."
        assert page.found("//input[@name='name_fr']")[0].get("aria-describedby") is None
        assert "Part of it is not in English" in page.text
        assert "Part of it is not in English" in (await harness.get("/en/organisers/rooms/")).text


@pytest.mark.parametrize("path", ["rooms/nothing/", "texts/nothing/", "event/texts/", "event/id/", "event/sessions/"])
async def test_part_that_no_draft_has_is_not_found(path: str) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        assert (await harness.get(f"/en/organisers/{path}")).status == 404


@pytest.mark.parametrize("action", ["delete", "delete?", "copy", "cancel"])
async def test_what_there_is_once_can_be_neither_copied_nor_deleted(action: str) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        assert (await sent(harness, "texts/agenda/", action=action)).status == 403
        assert await draft_of(harness) == EVENT


async def test_session_is_a_talk_unless_one_says_otherwise() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        new = {"title_fr": "Rien de plus", "start": "15:00", "end": "15:30"}
        assert (await sent(harness, "new-session/", **new)).status == 303
        session: Session = (await draft_of(harness)).sessions[-1]
        assert session.kind == SessionKind.TALK
