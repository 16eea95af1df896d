"""Every part of an event as the fields of a form, and back."""

from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.draft.part import EDITED_LISTS, SINGLE, TEXTS, Part, part_at, values_of_parts
from portal.domain.draft.part_changes import edited
from portal.domain.draft.part_form import FormField, field_at, fields_of, form_of, typed_in, version_of
from portal.domain.errors import EventFileError, PartGone, Problem
from portal.domain.event.event import Colours, Event, Link, Mirror, Session
from portal.domain.event.event_file import event_from_mapping, event_to_mapping
from portal.domain.event.languages import languages_of
from portal.domain.event.value_rules import cleaned
from portal.domain.language import Text
from portal.domain.text import trimmed_field
from tests.factories.draft_forms import TOOLS_FIELDS
from tests.factories.events import events
from tests.factories.sample import EVENT

MIRROR: Final = Mirror("amis", "Chez des amis", "Les amis", ("https://amis.example", "https://b.example/copie"))
WHOLE: Final = replace(EVENT, mirrors=(MIRROR,))
TOOLS: Final = Part("sessions", "outils")
TALK: Final = EVENT.sessions[1]
OPENING: Final = replace(TALK, rooms=())
BREAK: Final = EVENT.sessions[3]
ROOMS: Final = ("grande", "petite")


def test_parts_are_all_that_an_organiser_edits() -> None:
    assert tuple(values_of_parts(WHOLE)) == (
        *(Part(table) for table in ("event", "collective", "place", "colours")),
        *(Part("texts", id) for id in ("manifesto", "access", "accessibility", "conduct", "agenda")),
        *(Part("sessions", id) for id in ("accueil", "outils", "caisse", "repas", "ag")),
        *(Part("rooms", id) for id in ("grande", "petite")),
        *(Part("themes", id) for id in ("libre", "travail")),
        Part("mirrors", "amis"),
    )


FORMS: Final = {
    TOOLS: TOOLS_FIELDS,
    Part("mirrors", "amis"): {
        "name": "Chez des amis",
        "operator": "Les amis",
        "addresses": "https://amis.example\nhttps://b.example/copie",
    },
    Part("texts", "agenda"): {"agenda_fr": "1. Bilan\n2. Orientations", "agenda_en": "1. Review\n2. Directions"},
    Part("colours"): {"accent": "#d7263d", "ink": "#141414", "paper": "#ffffff"},
}


@pytest.mark.parametrize(("part", "fields"), FORMS.items(), ids=str)
def test_part_is_shown_in_the_fields_of_its_class(part: Part, fields: dict[str, str]) -> None:
    assert fields_of(WHOLE, part) == fields


def test_facts_of_the_event_are_all_but_its_id() -> None:
    fields = fields_of(EVENT, Part("event"))
    assert (fields["languages"], fields["zone"], fields["retention_days"]) == ("fr\nen", "Europe/Paris", "30")
    assert {"id", "uid", "days"} & fields.keys() == set()


CONTROLS: Final = {
    TOOLS: (
        "line line line markdown markdown time time ticks ticks lines tick number line line markdown markdown line "
        "tick tick lines lines"
    ),
    Part("rooms", "grande"): "line line paragraphs paragraphs number paragraphs paragraphs",
    Part("collective"): "line paragraphs paragraphs",
    Part("texts", "conduct"): "markdown markdown",
    Part("colours"): "colour colour colour",
    Part("event"): "line line line line line line line line line number lines",
}


@pytest.mark.parametrize(("part", "controls"), CONTROLS.items(), ids=str)
def test_annotation_chooses_the_control(part: Part, controls: str) -> None:
    assert [field.control for field in form_of(part, languages_of(EVENT))] == controls.split()


@pytest.mark.slow
@given(events.filter(lambda event: len({session.id for session in event.sessions}) == len(event.sessions)))
def test_event_is_the_same_when_nothing_was_touched(event: Event) -> None:
    for part in (*map(Part, SINGLE), *(Part("texts", id) for id in TEXTS)):
        assert edited(event, part, fields_of(event, part)) == event
    for session in event.sessions:
        assert edited(event, Part("sessions", session.id), fields_of(event, Part("sessions", session.id))) == event


@pytest.mark.parametrize("part", tuple(values_of_parts(WHOLE)), ids=str)
def test_sample_is_the_same_when_nothing_was_touched(part: Part) -> None:
    assert edited(WHOLE, part, fields_of(WHOLE, part)) == WHOLE


def test_colour_in_capitals_is_not_touched_by_a_browser_that_makes_it_small() -> None:
    event = replace(EVENT, colours=Colours("#D7263D", "#141414", "#FFFFFF"))
    after = edited(event, Part("colours"), fields_of(event, Part("colours")) | {"ink": "#000000"})
    assert after.colours == Colours("#D7263D", "#000000", "#FFFFFF")


def test_text_that_was_not_touched_keeps_its_blanks() -> None:
    untidy = replace(EVENT.sessions[0], abstract=Text("Un.\n\n", "One.\n"))
    event = replace(EVENT, sessions=(untidy, *EVENT.sessions[1:]))
    part = Part("sessions", untidy.id)
    after = edited(event, part, fields_of(event, part) | {"abstract_en": "Two.\r\nThree."})
    assert after.sessions[0].abstract == Text("Un.\n\n", "Two.\nThree.")
    assert after.sessions[1:] == event.sessions[1:]


@given(st.sampled_from(tuple(values_of_parts(WHOLE))).flatmap(lambda part: st.tuples(st.just(part), typed_into(part))))
def test_anything_typed_is_taken_or_refused_beside_a_field_of_the_form(case: tuple[Part, dict[str, str]]) -> None:
    part, typed = case
    fields = fields_of(WHOLE, part) | typed
    try:
        event = edited(WHOLE, part, fields)
    except EventFileError as error:
        names = {field.name for field in form_of(part, languages_of(EVENT))}
        assert all(field_at(problem) in names for problem in error.problems)
    else:
        assert tuple(values_of_parts(event)) == tuple(values_of_parts(WHOLE))


def typed_into(part: Part) -> st.SearchStrategy[dict[str, str]]:
    """Anything in any of the fields."""
    return st.dictionaries(
        st.sampled_from([field.name for field in form_of(part, languages_of(EVENT))]), st.text() | st.just("9" * 5_000)
    )


def in_file(event: Event, part: Part, field: FormField, text: str) -> dict[str, Any]:
    """Return the mapping of a file of `event` with `text` in a field of `part`; without it where none is needed."""
    mapping: dict[str, Any] = event_to_mapping(event)
    value = mapping[part.table]
    table = next(entry for entry in value if entry["id"] == part.id) if part.table in EDITED_LISTS else value
    if text or not field.may_be_empty:
        table[field.key] = {**table.get(field.key, {}), field.language: text} if field.language else text
    return mapping


FIELDS_AS_IN_A_FILE: Final = [
    (part, field)
    for part in tuple(values_of_parts(WHOLE))
    for field in form_of(part, languages_of(EVENT))
    if field.control in ("line", "paragraphs", "markdown", "colour", "time", "day")
    and (field.key != "kind" or part == TOOLS)  # a break of another type stays everywhere
]


@given(st.sampled_from(FIELDS_AS_IN_A_FILE), st.text() | st.sampled_from(["", "25:00", "2026-13-01", "#12", "a\nb"]))
def test_edited_field_has_the_faults_that_it_would_have_in_a_file(field: tuple[Part, FormField], text: str) -> None:
    part, typed_field = field
    fields = fields_of(WHOLE, part) | {typed_field.name: text}
    file = in_file(WHOLE, part, typed_field, trimmed_field(fields, typed_field.name))
    try:
        expected: object = event_from_mapping({**file, part.table: cleaned(file[part.table])}, part.table)
    except EventFileError as error:
        expected = [(problem.key, problem.text, problem.details) for problem in error.problems]
    try:
        found: object = edited(WHOLE, part, fields)
    except EventFileError as error:
        found = [(problem.key, problem.text, problem.details) for problem in error.problems]
    assert found == expected


def test_version_changes_with_every_field() -> None:
    fields = fields_of(EVENT, TOOLS)
    others = [fields | {name: f"{text}!"} for name, text in fields.items()]
    assert len({version_of(each) for each in (fields, *others)}) == len(fields) + 1
    assert version_of(fields_of(replace(EVENT), TOOLS)) == version_of(fields)


def test_part_that_is_not_there_is_gone() -> None:
    for part in (Part("sessions", "nothing"), Part("texts", "nothing"), Part("mirrors", "amis")):
        with pytest.raises(PartGone):
            edited(EVENT, part, {})


PLACES: Final = {
    "a session": (Problem("sessions[2]", "start", "", id="outils"), TOOLS),
    "a text": (Problem("texts", "agenda.en", ""), Part("texts", "agenda")),
    "a fact": (Problem("event", "zone", ""), Part("event")),
    "a time of the only day": (Problem("event", "end", ""), Part("days")),
    "a time of a day": (Problem("days[2]", "end", ""), Part("days")),
    "the days": (Problem("days", "", ""), Part("days")),
    "a text about a speaker": (Problem("speakers[1]", "biography.en", "", id="ada"), Part("speakers", "ada")),
    "the colours": (Problem("colours", "ink", ""), Part("colours")),
    "an announcement": (Problem("announcements[1]", "title", "", id="news"), None),
    "too many announcements": (Problem("announcements", "", ""), None),
    "the texts as a whole": (Problem("texts", "", ""), None),
}


@pytest.mark.parametrize(("problem", "part"), PLACES.values(), ids=PLACES.keys())
def test_problem_leads_to_the_part_that_it_is_about(problem: Problem, part: Part | None) -> None:
    assert part_at(problem) == part


def test_field_that_is_not_sent_is_empty() -> None:
    assert typed_in(EVENT, Part("texts", "agenda"), {"agenda_fr": " a\r\nb "}) == {"agenda_fr": "a\nb", "agenda_en": ""}


EVERYWHERE: Final[dict[str, tuple[Session, dict[str, str], bool | None]]] = {
    "a new talk": (TALK, {}, None),
    "a talk that is made to concern everybody": (OPENING, {"everywhere": "yes"}, True),
    "a break that was left as it is": (BREAK, {"everywhere": "yes"}, None),
    "a break whose place is to be decided": (BREAK, {"everywhere": ""}, False),
    "a break that becomes a talk and stays everywhere": (BREAK, {"kind": "talk", "everywhere": "yes"}, True),
    "a break that gets a room": (BREAK, {"rooms": "grande", "everywhere": "yes"}, None),
    "a talk everywhere that gets a room": (replace(OPENING, everywhere=True), {"rooms": "grande"}, None),
    "a talk both everywhere and in a room, left as it is": (replace(TALK, everywhere=True), {}, True),
    "a break that gets a room and is no longer everywhere": (BREAK, {"rooms": "grande", "everywhere": ""}, None),
    "a talk that becomes a break": (TALK, {"kind": "break"}, None),
    "a talk everywhere that becomes a break": (replace(OPENING, everywhere=True), {"kind": "break"}, True),
    "a talk everywhere that gets a place to be decided": (replace(OPENING, everywhere=True), {"everywhere": ""}, None),
}


@pytest.mark.parametrize(("session", "typed", "everywhere"), EVERYWHERE.values(), ids=EVERYWHERE.keys())
def test_checkbox_of_everywhere_says_no_more_than_the_type(
    session: Session, typed: dict[str, str], everywhere: bool | None
) -> None:
    event, part = replace(EVENT, sessions=(session,)), Part("sessions", session.id)
    assert edited(event, part, fields_of(event, part) | typed).sessions[0].everywhere == everywhere


TICKS: Final = {
    "each that is checked": ({"rooms.a": "yes", "rooms.b": "", "rooms.c": "yes", "room.d": "yes"}, "a\nc"),
    "none": ({"rooms.a": ""}, ""),
    "lines of ids": ({"rooms": " a\r\nb ", "rooms.c": "yes"}, "a\nb"),
}


@pytest.mark.parametrize(("fields", "rooms"), TICKS.values(), ids=TICKS.keys())
def test_checkboxes_are_read_as_lines(fields: dict[str, str], rooms: str) -> None:
    assert typed_in(EVENT, TOOLS, fields)["rooms"] == rooms


ONE_FIELD: Final[dict[str, tuple[dict[str, str], Session]]] = {
    "two rooms and no theme": ({"rooms": "grande\npetite", "themes": ""}, replace(TALK, rooms=ROOMS, themes=())),
    "a type of its own": ({"kind": "Fête"}, replace(TALK, kind="Fête")),
    "links with words and without": (
        {"links": "Les images https://a.example/x\r\n\n http://b.example "},
        replace(TALK, links=(Link("https://a.example/x", "Les images"), Link("http://b.example"))),
    ),
    "tags": ({"tags": "libre\n outils "}, replace(TALK, tags=("libre", "outils"))),
    "a language": ({"language": "pt-BR"}, replace(TALK, language="pt-BR")),
    "a subtitle in one language": ({"subtitle_fr": "Et après"}, replace(TALK, subtitle=Text("Et après"))),
    "a room that it shares": ({"shares_room": "yes"}, replace(TALK, shares_room=True)),
    "another day": ({"day": "2"}, replace(TALK, day=2)),
}


@pytest.mark.parametrize(("typed", "session"), ONE_FIELD.values(), ids=ONE_FIELD.keys())
def test_field_that_few_sessions_have_is_set_and_taken_away(typed: dict[str, str], session: Session) -> None:
    before = fields_of(EVENT, TOOLS)
    after = edited(EVENT, TOOLS, before | typed)
    assert after.sessions[1] == session
    assert edited(after, TOOLS, fields_of(after, TOOLS)) == after
    assert edited(after, TOOLS, before) == EVENT


NOT_A_LINK: Final = "“%(address)s” is not an address like https://example.org, of at most %(most)s characters"


@pytest.mark.parametrize(("line", "address"), [("ftp://a.example", "ftp://a.example"), ("Les images", "images")])
def test_line_without_an_address_is_refused_as_a_link(line: str, address: str) -> None:
    with pytest.raises(EventFileError) as caught:
        edited(EVENT, TOOLS, fields_of(EVENT, TOOLS) | {"links": line})
    (problem,) = caught.value.problems
    assert (problem.key, problem.text, dict(problem.details)["address"]) == ("links", NOT_A_LINK, address)
