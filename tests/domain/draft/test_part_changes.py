"""Adding, duplicating, deleting, moving and cancelling parts of an event."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import time
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.draft.part import Part
from portal.domain.draft.part_changes import (
    NOWHERE,
    added,
    cancelled,
    deleted,
    duplicated,
    edited,
    is_as_typed,
    moved,
    users_of,
)
from portal.domain.draft.part_form import fields_of
from portal.domain.draft.part_ids import ids_in, new_id, slug, speaker_ids
from portal.domain.errors import EventFileError, PartGone
from portal.domain.event.event import Event, Room, Session, SessionKind, Speaker
from portal.domain.event.event_file import problems_of
from portal.domain.event.value_rules import faults_of_value
from portal.domain.input_errors import UsersUnplaced
from portal.domain.language import Text
from tests.factories.sample import EVENT

ROOMS: Final = ("grande", "petite")
TALK: Final = {"kind": "talk", "title_fr": "Où va l’œuvre ?", "start": "14:00", "end": "15:00", "speakers": "Ada"}

SLUGS: Final = {
    "Assemblée générale": "assemblee-generale",
    "  Où va l’œuvre ? ": "ou-va-l-oeuvre",
    "IA & démocratie — 2026": "ia-democratie-2026",
    "Ça, là": "ca-la",
    "Straße Łódź": "strasse-lodz",
    "Ελευθερία": "",
    "…": "",
    "un titre qui est bien plus long que ce que l’on met dans une adresse": (
        "un-titre-qui-est-bien-plus-long-que-ce-que-l-on"
    ),
    "a" * 80: "a" * 48,
}


@pytest.mark.parametrize(("title", "expected"), SLUGS.items(), ids=SLUGS.values())
def test_title_becomes_a_slug(title: str, expected: str) -> None:
    assert slug(title) == expected


@given(st.text(), st.sets(st.sampled_from(["a", "a-2", "a-3", "session", "session-2"])))
def test_new_id_is_one_and_was_never_there(title: str, taken: set[str]) -> None:
    id = new_id(title, "session", taken)
    assert id not in taken
    assert list(faults_of_value(Session, "id", id)) == []


class AskedIds(frozenset[str]):
    """Ids that are taken, with a list of those that were looked up."""

    def __init__(self, _: Iterable[str]) -> None:
        self.looked_up: list[object] = []

    def __contains__(self, id: object) -> bool:
        self.looked_up.append(id)
        return super().__contains__(id)


@given(number=st.integers(2, 3_000))
def test_number_of_an_id_is_the_next_found_in_few_lookups(number: int) -> None:
    taken = AskedIds(["session", *(f"session-{each}" for each in range(2, number))])
    assert new_id("李", "session", taken) == f"session-{number}"
    assert len(taken.looked_up) <= 2 * number.bit_length() + 2


def test_id_that_ever_was_gets_a_number() -> None:
    before = replace(EVENT, rooms=(Room("cave", Text("Cave"), Text()),))
    taken = ids_in((before, EVENT), "rooms")
    assert taken == {"cave", *ROOMS}
    assert added(EVENT, "rooms", {"name_fr": "Cave"}, taken)[1] == "cave-2"
    assert added(EVENT, "rooms", {"name_fr": "Grande"}, frozenset())[1] == "grande-2"


def test_session_is_added_with_an_id_of_its_title() -> None:
    event, id = added(EVENT, "sessions", TALK, frozenset())
    new = Session(
        "ou-va-l-oeuvre", SessionKind.TALK, Text("Où va l’œuvre ?"), Text(), time(14), time(15), speakers=("Ada",)
    )
    assert (event, id) == (replace(EVENT, sessions=(*EVENT.sessions, new)), new.id)


def test_session_with_an_english_title_alone_has_an_id_of_that() -> None:
    assert added(EVENT, "sessions", TALK | {"title_fr": "", "title_en": "Hello you"}, frozenset())[1] == "hello-you"


def test_part_that_is_sent_twice_is_added_once() -> None:
    once, id = added(EVENT, "sessions", TALK, frozenset())
    assert added(once, "sessions", TALK, ids_in((once,), "sessions")) == (once, id)


def test_faulty_part_is_not_added() -> None:
    with pytest.raises(EventFileError) as caught:
        added(EVENT, "sessions", {"kind": "talk", "start": "soon"}, frozenset())
    assert [problem.key for problem in caught.value.problems] == ["title.fr", "start", "end"]


MARKS: Final = {"fr": "(copie)", "en": "(copy)"}


def test_copy_says_that_it_is_one() -> None:
    part = Part("sessions", "outils")
    fields = fields_of(EVENT, part)
    copy = fields | {"title_fr": "Nos outils (copie)", "title_en": "Our tools (copy)"}
    assert duplicated(EVENT, part, fields, MARKS.__getitem__) == copy
    assert added(EVENT, "sessions", copy, frozenset())[1] == "nos-outils-copie"


def test_copy_of_a_mirror_says_that_it_is_one() -> None:
    typed = {"name": "Amis", "operator": "Eux", "addresses": "https://a.example"}
    copy = duplicated(EVENT, Part("mirrors"), typed, MARKS.__getitem__)
    assert copy == {"name": "Amis (copie)", "operator": "Eux", "addresses": "https://a.example"}


def test_session_is_deleted() -> None:
    after = deleted(EVENT, Part("sessions", "repas"))
    assert after == replace(EVENT, sessions=tuple(session for session in EVENT.sessions if session.id != "repas"))


def test_room_with_sessions_is_deleted_when_they_have_another_place() -> None:
    part = Part("rooms", "grande")
    assert [session.id for session in users_of(EVENT, part)] == ["outils", "ag"]
    for nowhere in ("", "grande", "nothing"):
        with pytest.raises(UsersUnplaced):
            deleted(EVENT, part, nowhere)
    small = ("petite",)
    assert rooms_of(deleted(EVENT, part, "petite")) == (["petite"], [(), small, small, (), small])
    assert rooms_of(deleted(EVENT, part, NOWHERE)) == (["petite"], [(), (), small, (), ()])


def rooms_of(event: Event) -> tuple[list[str], list[tuple[str, ...]]]:
    """Return the ids of the rooms, and the rooms of the sessions."""
    return [room.id for room in event.rooms], [session.rooms for session in event.sessions]


def test_theme_that_no_session_has_is_deleted_at_once() -> None:
    alone = replace(EVENT, sessions=())
    assert deleted(alone, Part("themes", "libre")).themes == EVENT.themes[1:]


def test_session_in_several_rooms_keeps_the_others() -> None:
    welcome, *rest = EVENT.sessions
    event = replace(EVENT, sessions=(replace(welcome, rooms=ROOMS, themes=("libre", "travail")), *rest))
    after = deleted(deleted(event, Part("rooms", "grande"), "petite"), Part("themes", "travail"), NOWHERE)
    assert (after.sessions[0].rooms, after.sessions[0].themes) == (("petite",), ("libre",))


def test_nothing_is_left_of_a_deleted_room_and_theme() -> None:
    after = deleted(deleted(EVENT, Part("rooms", "petite"), "grande"), Part("themes", "libre"), NOWHERE)
    assert {problem.key for problem in problems_of(after)} <= {"start"}


MOVES: Final = {
    "down": ("grande", 1, ["petite", "grande"]),
    "up": ("petite", -1, ["petite", "grande"]),
    "up from the top": ("grande", -1, ["grande", "petite"]),
    "down from the foot": ("petite", 1, ["grande", "petite"]),
}


@pytest.mark.parametrize(("id", "by", "order"), MOVES.values(), ids=MOVES.keys())
def test_entry_moves_by_one_place(id: str, by: int, order: list[str]) -> None:
    after = moved(EVENT, Part("rooms", id), by)
    assert [room.id for room in after.rooms] == order
    assert replace(after, rooms=EVENT.rooms) == EVENT


def test_session_is_cancelled_and_stays() -> None:
    after = cancelled(EVENT, "outils")
    assert [session.cancelled for session in after.sessions] == [False, True, False, False, False]
    assert replace(after, sessions=EVENT.sessions) == EVENT


def test_what_is_gone_cannot_be_changed() -> None:
    gone = Part("rooms", "cave")
    for change in (deleted, lambda event, part: moved(event, part, 1), lambda event, part: cancelled(event, part.id)):
        with pytest.raises(PartGone):
            change(EVENT, gone)


def test_what_is_there_already_is_as_typed() -> None:
    part = Part("rooms", "grande")
    fields = fields_of(EVENT, part)
    assert is_as_typed(EVENT, part, {**fields, "name_fr": " Grande salle "})
    assert not is_as_typed(EVENT, part, {**fields, "name_fr": "Salle"})
    assert not is_as_typed(EVENT, Part("rooms", "cave"), fields)


ADA: Final = Speaker("ada", "Ada", Text("Elle.", "She."))
NAMED: Final = replace(EVENT, sessions=(replace(EVENT.sessions[0], speakers=("Ada", "Grace", "Ádá", "…")),))


def test_speaker_without_a_text_has_an_id_of_the_name_and_a_hash_beside_a_namesake() -> None:
    grace = {"Grace": "grace"}
    assert speaker_ids(NAMED) == {**grace, "Ada": "ada-99a563ab", "Ádá": "ada-dd2772bf", "…": "b4935894"}
    assert speaker_ids(replace(NAMED, speakers=(ADA,))) == {
        **grace,
        "Ada": "ada",
        "Ádá": "ada-dd2772bf",
        "…": "b4935894",
    }


def test_text_about_a_speaker_is_added_changed_and_taken_away() -> None:
    grace = Part("speakers", "grace")
    once = edited(NAMED, grace, {"biography_fr": "Une amirale.", "biography_en": ""})
    assert once.speakers == (Speaker("grace", "Grace", Text("Une amirale.")),)
    twice = edited(once, grace, {"biography_fr": "Une amirale.", "biography_en": "An admiral."})
    assert twice.speakers == (Speaker("grace", "Grace", Text("Une amirale.", "An admiral.")),)
    assert edited(twice, grace, {"biography_fr": "", "biography_en": " "}) == NAMED
    assert edited(NAMED, grace, {}) == NAMED
    with pytest.raises(PartGone):
        edited(NAMED, Part("speakers", "alan"), {})


TOOLS: Final = Part("sessions", "outils")
AS_THEY_ARE: Final = fields_of(EVENT, TOOLS)


def test_breaks_of_a_word_processor_are_read_as_those_of_the_portal() -> None:
    fields = {"title_fr": "Nos\voutils\u2028libres", "abstract_fr": "Un\vrésumé\u2029entier.", "tags": "a\tb\u2028c"}
    (talk,) = (each for each in edited(EVENT, TOOLS, {**AS_THEY_ARE, **fields}).sessions if each.id == "outils")
    assert (talk.title["fr"], talk.abstract["fr"], talk.tags) == (
        "Nos outils libres",
        "Un\nrésumé\nentier.",
        ("a b c",),
    )


UNSEEN: Final[dict[str, tuple[Part, dict[str, str], list[str]]]] = {
    "a title that nobody sees": (TOOLS, {"title_fr": "\u200b"}, ["title.fr"]),
    "a speaker whom nobody sees": (TOOLS, {"speakers": "Ada\n\u3164"}, ["speakers"]),
    "a zone of this machine": (Part("event"), {"zone": "localtime"}, ["zone"]),
    "registrations kept for no day": (Part("event"), {"retention_days": "0"}, ["retention_days"]),
}


@pytest.mark.parametrize(("part", "fields", "keys"), UNSEEN.values(), ids=UNSEEN)
def test_value_that_only_an_earlier_portal_took_is_refused(part: Part, fields: dict[str, str], keys: list[str]) -> None:
    with pytest.raises(EventFileError) as caught:
        edited(EVENT, part, {**fields_of(EVENT, part), **fields})
    assert [problem.key for problem in caught.value.problems] == keys
