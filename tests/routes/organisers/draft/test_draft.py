"""An organiser edits a session of the draft; two of them edit it at once."""

from dataclasses import replace
from datetime import time
from typing import Final

import pytest

from portal.domain.draft.part import Part
from portal.domain.draft.part_form import typed_in
from portal.domain.event.event import Link, Session, SessionKind
from portal.domain.language import Text
from portal.domain.limits import TEXT_FIELD_CHARACTERS
from tests.factories.draft_forms import TOOLS_FIELDS, ticked_rooms, ticked_themes
from tests.factories.drafting import put
from tests.factories.page import Page
from tests.factories.portal import Harness, open_harness
from tests.factories.sample import EVENT

pytestmark = pytest.mark.anyio

PATH: Final = "/en/organisers/sessions/outils/"
TOOLS: Final = next(session for session in EVENT.sessions if session.id == "outils")


async def saved(harness: Harness, **typed: str) -> Page:
    """Open the session and save it with what was `typed`."""
    page = await harness.get(PATH)
    return await harness.send(PATH, page.fields("outils/") | typed)


async def tools(harness: Harness) -> Session:
    """Return the session of the draft."""
    return next(session for session in (await harness.store.draft()).event.sessions if session.id == "outils")


async def test_form_shows_the_session_as_the_draft_has_it() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        fields = (await harness.get(PATH)).fields("outils/")
        del fields["csrf_token"], fields["seen"]
        others = {name: text for name, text in TOOLS_FIELDS.items() if name not in ("rooms", "themes")}
        assert fields == {**others, "kind": "Talk", **ticked_rooms("grande"), **ticked_themes("libre")}


EDITS: Final[dict[str, tuple[dict[str, str], Session]]] = {
    "a title": ({"title_en": " Tools of ours "}, replace(TOOLS, title=Text("Nos outils", "Tools of ours"))),
    "a translation taken away": ({"title_en": ""}, replace(TOOLS, title=Text("Nos outils", ""))),
    "a text on several lines": (
        {"abstract_fr": "Un.\r\n\r\nDeux."},
        replace(TOOLS, abstract=Text("Un.\n\nDeux.", "An *abstract*.")),
    ),
    "the time": ({"start": "11:35", "end": "12:25"}, replace(TOOLS, start=time(11, 35), end=time(12, 25))),
    "another room": (ticked_rooms("petite"), replace(TOOLS, rooms=("petite",))),
    "no room, no theme": (ticked_rooms() | ticked_themes(), replace(TOOLS, rooms=(), themes=())),
    "two speakers": ({"speakers": "Ada\r\n\r\n Grace "}, replace(TOOLS, speakers=("Ada", "Grace"))),
    "what it is": ({"kind": "Workshop"}, replace(TOOLS, kind=SessionKind.WORKSHOP)),
    "that it is cancelled": ({"cancelled": "yes"}, replace(TOOLS, cancelled=True)),
    "nobody named": ({"speakers": ""}, replace(TOOLS, speakers=())),
    "nothing": ({}, TOOLS),
}


@pytest.mark.parametrize(("typed", "session"), EDITS.values(), ids=EDITS.keys())
async def test_session_is_saved_in_the_draft_and_nowhere_else(typed: dict[str, str], session: Session) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        answer = await saved(harness, **typed)
        assert (answer.status, await tools(harness)) == (303, session)
        others = [session for session in (await harness.store.draft()).event.sessions if session.id != "outils"]
        assert others == [session for session in EVENT.sessions if session.id != "outils"]
        assert "Our tools" in (await harness.get("/en/sessions/outils/")).text


async def test_two_long_texts_of_nothing_but_accented_letters_are_saved() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        french, english = "é" * TEXT_FIELD_CHARACTERS, "è" * TEXT_FIELD_CHARACTERS
        answer = await saved(harness, abstract_fr=french, abstract_en=english)
        assert (answer.status, (await tools(harness)).abstract) == (303, Text(french, english))


FAULTS: Final[dict[str, tuple[dict[str, str], str, str]]] = {
    "no title at all": ({"title_fr": "", "title_en": " "}, "title_fr", "It is empty."),
    "a title on two lines": ({"title_en": "One\r\nTwo"}, "title_en", "A single line is expected."),
    "a time that is none": ({"start": "25:00"}, "start", "A time like “11:00” is expected."),
    "no time": ({"end": ""}, "end", "A time like “11:00” is expected."),
    "a text too long": ({"abstract_fr": "x" * 8_001}, "abstract_fr", "At most 8000 characters are taken"),
    "a sign that cannot be shown": ({"speakers": "A\x07B"}, "speakers", "It contains the character U+0007"),
}


@pytest.mark.parametrize(("typed", "field", "words"), FAULTS.values(), ids=FAULTS.keys())
async def test_faulty_session_comes_back_as_it_was_typed(typed: dict[str, str], field: str, words: str) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await saved(harness, **typed)
        assert (page.status, await tools(harness)) == (422, TOOLS)
        assert words in page.error(field)
        shown = page.fields("outils/")
        expected = typed_in(EVENT, Part("sessions"), typed)
        assert {name: shown[name] for name in typed} == {name: expected[name] for name in typed}


async def test_several_faults_are_marked_at_once() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await saved(harness, start="soon", end="later", speakers="Grace")
        assert page.error("start") == page.error("end") == "A time like “11:00” is expected."
        assert page.fields("outils/")["speakers"] == "Grace"


async def test_overlap_may_be_saved_and_is_told_where_it_is_to_be_put_right() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        assert (await saved(harness, **ticked_rooms("petite"))).status == 303
        sentence = "overlaps “Our tools” (Small room)"
        assert sentence in (await harness.get("/en/organisers/")).text
        assert sentence in (await harness.get("/en/organisers/programme/")).text
        assert sentence in (await harness.get("/en/organisers/sessions/caisse/")).text
        assert sentence not in (await harness.get("/en/organisers/sessions/repas/")).text


async def test_session_changed_by_somebody_else_is_shown_beside_what_was_typed() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        mine = (await harness.get(PATH)).fields("outils/") | {"title_en": "Mine", "speakers": "Ada"}
        await saved(harness, title_en="Theirs", **ticked_rooms("petite"))
        page = await harness.send(PATH, mine)
        assert page.status == 409
        assert "Somebody else changed the programme" in page.text
        assert theirs(page) == ["Theirs", "Small room", "Le collectif"]
        kept = page.fields("outils/")
        assert (kept["title_en"], kept["speakers"], kept["rooms.grande"]) == ("Mine", "Ada", "yes")
        assert (await tools(harness)).title["en"] == "Theirs"


def theirs(page: Page) -> list[str]:
    """Return the texts that are shown as somebody else's."""
    return [str(line.text_content()) for line in page.found("//*[contains(@class, 'theirs')]//*[@class='lines']")]


async def test_what_somebody_else_put_in_a_field_can_be_taken_from_there() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        mine = (await harness.get(PATH)).fields("outils/") | {"title_en": "Mine", "abstract_en": "My text."}
        await saved(harness, title_en="Theirs", **ticked_rooms("petite"), abstract_en="Their text.")
        page = await harness.send(PATH, mine)
        chosen = page.fields("outils/") | {"take.rooms": "yes", "take.abstract_en": "yes"}
        assert (await harness.send(PATH, chosen)).status == 303
        after = await tools(harness)
        assert (after.title["en"], after.rooms, after.abstract["en"]) == ("Mine", ("petite",), "Their text.")


async def test_choice_between_two_versions_is_kept_when_another_field_is_at_fault() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        mine = (await harness.get(PATH)).fields("outils/") | {"title_en": "Mine", "start": "soon"}
        await saved(harness, title_en="Theirs", **ticked_rooms("petite"))
        page = await harness.send(PATH, mine)
        again = await harness.send(PATH, page.fields("outils/") | {"take.title_en": "yes"})
        kept = again.fields("outils/")
        assert (again.status, kept["title_en"], kept["rooms.grande"], kept["start"]) == (422, "Theirs", "yes", "soon")


async def test_what_somebody_else_changed_once_more_is_shown_once_more() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        mine = (await harness.get(PATH)).fields("outils/") | {"title_en": "Mine"}
        await saved(harness, title_en="Theirs")
        page = await harness.send(PATH, mine)
        await saved(harness, title_en="Theirs again")
        again = await harness.send(PATH, page.fields("outils/") | {"take.title_en": "yes"})
        assert (again.status, theirs(again), again.fields("outils/")["title_en"]) == (409, ["Theirs again"], "Mine")


async def test_session_can_be_saved_over_the_other_once_that_was_shown() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        mine = (await harness.get(PATH)).fields("outils/") | {"title_en": "Mine"}
        await saved(harness, title_en="Theirs")
        page = await harness.send(PATH, mine)
        assert (await harness.send(PATH, page.fields("outils/"))).status == 303
        assert (await tools(harness)).title["en"] == "Mine"


async def test_session_is_saved_though_somebody_else_changed_another_one() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        mine = (await harness.get(PATH)).fields("outils/") | {"title_en": "Mine"}
        other = await harness.get("/en/organisers/sessions/repas/")
        await harness.send("/en/organisers/sessions/repas/", other.fields("repas/") | {"title_en": "Theirs"})
        assert (await harness.send(PATH, mine)).status == 303
        titles = {session.id: session.title["en"] for session in (await harness.store.draft()).event.sessions}
        assert (titles["outils"], titles["repas"]) == ("Mine", "Theirs")


async def test_session_saved_twice_is_saved_once() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        form = (await harness.get(PATH)).fields("outils/") | {"title_en": "Mine"}
        first, second = await harness.send(PATH, form), await harness.send(PATH, form)
        assert (first.status, second.status, (await tools(harness)).title["en"]) == (303, 303, "Mine")
        assert ((await harness.store.draft()).revision, len(await harness.store.journal())) == (2, 1)


async def test_session_deleted_by_somebody_else_is_offered_as_a_new_one() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        mine = (await harness.get(PATH)).fields("outils/") | {"title_en": "Mine"}
        draft = await harness.store.draft()
        others = tuple(session for session in draft.event.sessions if session.id != "outils")
        await harness.store.save_draft(replace(draft.event, sessions=others), draft.revision)
        page = await harness.send(PATH, mine)
        assert page.status == 409
        assert "Somebody else deleted this in the meantime" in page.text
        kept = page.fields("new-session/")
        assert kept["title_en"] == "Mine"
        assert (await harness.send(page.action("new-session/"), kept)).status == 303
        new = (await harness.store.draft()).event.sessions[-1]
        assert new == replace(TOOLS, id="nos-outils", title=Text("Nos outils", "Mine"))


@pytest.mark.parametrize("id", ["nothing", "x" * 500, "..%2f..", "%00"])
async def test_session_that_the_draft_has_not_is_not_found(id: str) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await harness.get(f"/en/organisers/sessions/{id}/")
        form = (await harness.get(PATH)).fields("outils/")
        del form["seen"]
        sent = await harness.send(f"/en/organisers/sessions/{id}/", form)
        assert (page.status, sent.status) == (404, 404)


async def test_session_has_a_place_a_type_and_further_fields_of_its_own() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await harness.get(PATH)
        assert page.found("//details[@class='rare']")[0].get("open") is None
        typed = {**ticked_rooms("grande", "petite"), "kind": "table ronde", "links": "Slides https://a.example"}
        page = await harness.send(PATH, page.fields("outils/") | typed | {"language": "pt_BR"})
        assert (page.status, await tools(harness)) == (422, TOOLS)
        assert page.error("language").startswith("“pt_BR” is no")
        assert page.found("//details[@class='rare']")[0].get("open") is not None
        assert {name: page.fields("outils/")[name] for name in typed} == typed
        assert (await harness.send(PATH, page.fields("outils/") | {"language": "pt-BR"})).status == 303
        links = (Link("https://a.example", "Slides"),)
        changed = {"rooms": ("grande", "petite"), "kind": "table ronde", "links": links, "language": "pt-BR"}
        assert await tools(harness) == replace(TOOLS, **changed)  # type: ignore[arg-type]  # each value is of its key
        page = await harness.get(PATH)
        assert page.found("//details[@class='rare']")[0].get("open") is not None
        assert "table ronde" in [
            option.get("value") for option in page.found("//datalist[@id='kind-suggestions']/option")
        ]


async def test_type_is_known_by_its_name_in_each_language() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        page = await harness.get("/fr/organisation/seances/outils/")
        assert page.fields("outils/")["kind"] == "Conférence"
        for name in ("atelier", "Workshop", "workshop"):
            await saved(harness, kind=name)
            assert (await tools(harness)).kind == SessionKind.WORKSHOP
            await saved(harness, kind="Fête")
            assert (await tools(harness)).kind == "Fête"


async def test_what_somebody_else_ticked_is_shown_in_words() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        mine = (await harness.get(PATH)).fields("outils/") | {"title_en": "Mine", "kind": "Party"}
        await saved(harness, cancelled="yes", tags="a\nb", **ticked_rooms("grande", "petite"))
        page = await harness.send(PATH, mine)
        assert theirs(page) == ["Our tools", "Talk", "Main room\nSmall room", "Yes", "a\nb"]
        chosen = page.fields("outils/") | {"take.rooms": "yes", "take.tags": "yes"}
        assert (await harness.send(PATH, chosen)).status == 303
        after = await tools(harness)
        assert (after.rooms, after.tags, after.cancelled, after.kind) == (
            ("grande", "petite"),
            ("a", "b"),
            False,
            "Party",
        )


async def test_room_that_is_gone_stays_ticked_until_somebody_unticks_it() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await put(harness, lambda event: replace(event, rooms=event.rooms[1:]))
        fields = (await harness.get(PATH)).fields("outils/")
        assert (fields["rooms.grande"], fields["rooms.petite"]) == ("yes", "")
        assert (await saved(harness, title_en="Tools")).status == 303
        assert (await tools(harness)).rooms == ("grande",)
