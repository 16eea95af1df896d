"""Texts of the draft that may be out of date: when they become so and when no more, and what is said of them."""

from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.draft.outdated import outdated_after, outdated_fields, outdated_warnings
from portal.domain.draft.part import Part
from portal.domain.edition.edition import Draft, OutdatedText
from portal.domain.errors import Problem
from portal.domain.event.event import Event
from portal.domain.language import Language, Text
from tests.factories.sample import EVENT


def titled(title: Text, event: Event = EVENT) -> Event:
    """Return `event` with another title of its second session."""
    return replace(event, sessions=(event.sessions[0], replace(event.sessions[1], title=title), *event.sessions[2:]))


def mark(language: Language) -> OutdatedText:
    """Return the mark on the title of that session."""
    return OutdatedText("sessions", "outils", "title", language)


Case = tuple[Text, tuple[Language, ...], Text, tuple[Language, ...]]
SAVES: Final[dict[str, Case]] = {
    "a change in one language": (Text("Un", "One"), (), Text("Deux", "One"), ("en",)),
    "a change in both": (Text("Un", "One"), (), Text("Deux", "Two"), ()),
    "no change": (Text("Un", "One"), (), Text("Un", "One"), ()),
    "no change of what is out of date": (Text("Un", "One"), ("en",), Text("Un", "One"), ("en",)),
    "another change in the language that leads": (Text("Un", "One"), ("en",), Text("Deux", "One"), ("en",)),
    "the other language catches up": (Text("Deux", "One"), ("en",), Text("Deux", "Two"), ()),
    "both change after all": (Text("Deux", "One"), ("en",), Text("Trois", "Three"), ()),
    "a translation is added": (Text("Un"), (), Text("Un", "One"), ()),
    "a translation is taken away": (Text("Un", "One"), (), Text("Un"), ()),
    "what is out of date is taken away": (Text("Un", "One"), ("en",), Text("Un"), ()),
    "a language alone changes": (Text("Un"), (), Text("Deux"), ()),
    "a language that the event does not have": (
        Text("Un", "One", de="Eins"),
        (),
        Text("Deux", "One", de="Eins"),
        ("en",),
    ),
}


@pytest.mark.parametrize(("old", "marked", "new", "outdated"), SAVES.values(), ids=SAVES.keys())
def test_text_is_out_of_date_after(
    old: Text, marked: tuple[Language, ...], new: Text, outdated: tuple[Language, ...]
) -> None:
    draft = Draft(1, titled(old), tuple(map(mark, marked)))
    assert outdated_after(draft, titled(new)) == tuple(map(mark, outdated))


def test_confirmed_text_is_up_to_date() -> None:
    draft = Draft(1, titled(Text("Un", "One")), (mark("en"),))
    assert outdated_after(draft, draft.event, [mark("en")]) == ()
    assert outdated_after(draft, titled(Text("Deux", "One")), [mark("en")]) == ()
    assert outdated_after(draft, titled(Text("Deux", "One")), [mark("fr")]) == (mark("en"),)


def test_change_in_one_of_three_languages_leaves_two_behind() -> None:
    three = replace(titled(Text("Un", "One", de="Eins")), languages=("fr", "en", "de"))
    after = titled(Text("Un", "Two", de="Eins"), three)
    assert outdated_after(Draft(1, three), after) == (mark("fr"), mark("de"))
    caught_up = titled(Text("Un", "Two", de="Zwei"), three)
    assert outdated_after(Draft(2, after, (mark("fr"), mark("de"))), caught_up) == (mark("fr"),)


def test_every_text_of_the_event_is_watched() -> None:
    changed = replace(
        EVENT,
        lead=Text("Autre", EVENT.lead["en"]),
        place=replace(EVENT.place, name=Text(EVENT.place.name["fr"], "Elsewhere")),
        texts=replace(EVENT.texts, conduct=Text("Autre", "Be kind.")),
        rooms=(replace(EVENT.rooms[0], name=Text("Autre", EVENT.rooms[0].name["en"])), *EVENT.rooms[1:]),
    )
    before = replace(EVENT, texts=replace(EVENT.texts, conduct=Text("Un", "Be kind.")))
    assert outdated_after(Draft(1, before), changed) == (
        OutdatedText("event", "", "lead", "en"),
        OutdatedText("place", "", "name", "fr"),
        OutdatedText("texts", "conduct", "conduct", "en"),
        OutdatedText("rooms", EVENT.rooms[0].id, "name", "en"),
    )


def test_part_that_is_new_or_gone_is_not_out_of_date() -> None:
    before = Draft(1, EVENT, (mark("en"),))
    without = replace(EVENT, sessions=tuple(session for session in EVENT.sessions if session.id != "outils"))
    assert outdated_after(before, without) == ()
    assert outdated_after(Draft(2, without), EVENT) == ()


texts = st.builds(Text, st.sampled_from(["", "Un", "Deux"]), st.sampled_from(["", "One", "Two"]))


@given(st.lists(texts, min_size=1, max_size=6))
def test_text_in_one_language_or_rewritten_in_all_is_never_out_of_date(saves: list[Text]) -> None:
    draft = Draft(1, titled(Text("Zéro", "Zero")))
    for text in saves:
        before, event = draft.event.sessions[1].title, titled(text)
        draft = Draft(draft.revision + 1, event, outdated_after(draft, event))
        for each in draft.outdated:
            assert text[each.language] == before[each.language] != ""
            assert len(text.languages) == 2
        assert len(draft.outdated) <= 1


def test_fields_and_warnings_of_what_is_out_of_date() -> None:
    conduct = OutdatedText("texts", "conduct", "conduct", "fr")
    draft = Draft(1, EVENT, (OutdatedText("event", "", "lead", "en"), conduct, mark("en")))
    assert outdated_fields(draft, Part("sessions", "outils")) == {"title_en"}
    assert outdated_fields(draft, Part("texts", "conduct")) == {"conduct_fr"}
    assert outdated_fields(draft, Part("rooms", "grande")) == frozenset()
    text = "part of it in %(language)s may be out of date: it was changed in another language since"
    assert outdated_warnings(draft) == (
        Problem("event", "", text, (("language", "en"),)),
        Problem("texts", "conduct.fr", text, (("language", "fr"),)),
        Problem("sessions[2]", "", text, (("language", "en"),), "outils"),
    )
