"""A new event, and the texts in an event that came with the portal."""

from dataclasses import replace
from datetime import date, time

import pytest

from portal.domain.draft.new_event import new_event, texts_left
from portal.domain.errors import Problem
from portal.domain.event.event import Day, Event
from portal.domain.event.event_file import problems_of
from portal.domain.language import LANGUAGES, Text
from portal.site.bundled import SAMPLE, TEMPLATE, bundled_event
from portal.site.event_toml import event_toml
from tests.factories.sample import EVENT

OURS, NEW = bundled_event(SAMPLE), bundled_event(TEMPLATE)
LEFT = "it still has a text that came with the portal: “%(text)s”"
MADE = new_event(NEW, "Nuit du code", "fr", date(2026, 11, 30))


def test_new_event_has_its_name_its_language_alone_and_a_day_of_the_same_weekday_ahead() -> None:
    assert (MADE.id, MADE.name, MADE.language, MADE.languages) == ("nuit-du-code", Text("Nuit du code"), "fr", ("fr",))
    assert MADE.days == (Day(date(2027, 3, 1), time(9), time(18)),)
    assert b".en = " not in event_toml(MADE)
    assert (MADE.collective.name, MADE.place.city) == ("[Qui organise]", "[Ville]")
    assert (MADE.sessions, MADE.rooms, MADE.themes, problems_of(MADE)) == ((), (), (), ())


def test_new_event_in_another_language_has_the_texts_of_one_of_the_template() -> None:
    made = new_event(NEW, "Nacht", "de", date(2026, 11, 30))
    assert (made.name, made.lead) == (Text(de="Nacht"), Text(de=NEW.lead["fr"]))
    assert made.place.city == "[City]"


def test_template_has_every_language_of_the_portal() -> None:
    for language in LANGUAGES:
        made = new_event(NEW, "Noche", language, date(2026, 11, 30))
        assert (made.lead[language], made.texts.conduct[language]) == (NEW.lead[language], NEW.texts.conduct[language])
        assert made.place.city.count(" / ") == 0


def test_name_without_a_letter_has_the_id_of_the_template() -> None:
    assert new_event(NEW, "!!!", "fr", date(2026, 11, 30)).id == "new-event"


def test_new_event_waits_for_every_text() -> None:
    tables = [(problem.table, problem.key) for problem in texts_left(MADE, NEW, OURS)]
    assert tables == [
        ("event", ""),
        ("collective", ""),
        ("place", ""),
        ("texts", "access"),
        ("texts", "accessibility"),
        ("texts", "conduct"),
    ]


CASES: dict[str, tuple[Event, tuple[Problem, ...]]] = {
    "an event of its own": (EVENT, ()),
    "a manifesto of the sample": (
        replace(EVENT, texts=replace(EVENT.texts, manifesto=Text(en=OURS.texts.manifesto["en"]))),
        (Problem("texts", "manifesto", LEFT, (("text", OURS.texts.manifesto["en"].strip()),)),),
    ),
    "a session of the sample with another title": (
        replace(EVENT, sessions=(replace(OURS.sessions[0], title=Text("Bonjour à vous")),)),
        (Problem("sessions[1]", "", LEFT, (("text", OURS.sessions[0].abstract["fr"].strip()),), OURS.sessions[0].id),),
    ),
    "the sample itself, whose collective wrote it": (OURS, ()),
    "the city of the template": (
        replace(EVENT, place=replace(EVENT.place, city="[Ville]")),
        (Problem("place", "", LEFT, (("text", "[Ville]"),)),),
    ),
    "a word that anybody writes": (replace(EVENT, place=replace(EVENT.place, city=OURS.place.city)), ()),
}


@pytest.mark.parametrize(("event", "problems"), CASES.values(), ids=CASES.keys())
def test_texts_that_came_with_the_portal_are_found_in(event: Event, problems: tuple[Problem, ...]) -> None:
    assert texts_left(event, NEW, OURS) == problems
