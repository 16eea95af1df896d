"""The programme's orders."""

from dataclasses import replace
from typing import Final

import pytest

from portal.domain.event.event import Event, Session
from portal.domain.limits import SESSIONS_A_PAGE
from portal.site.programme import Programme
from tests.factories.sample import EVENT, event_of
from tests.factories.several_days import TWO_DAYS, talk

WELCOME, TOOLS, FUND, LUNCH, ASSEMBLY = EVENT.sessions
SAMPLE: Final = Programme(EVENT)
TWO: Final = Programme(TWO_DAYS)


def ids(*sessions: Session | None) -> list[str]:
    return [session.id if session else "" for session in sessions]


def test_sessions_go_by_start_then_by_room_whatever_the_order_of_the_file() -> None:
    shuffled = replace(EVENT, sessions=(ASSEMBLY, FUND, LUNCH, TOOLS, WELCOME))
    assert Programme(shuffled).sessions == (WELCOME, TOOLS, FUND, LUNCH, ASSEMBLY)


def test_slots_put_together_what_starts_together() -> None:
    assert list(SAMPLE.slots(SAMPLE.sessions)) == [(WELCOME,), (TOOLS, FUND), (LUNCH,), (ASSEMBLY,)]


def test_day_has_its_own_sessions_and_those_of_the_night_after_it() -> None:
    assert [(day.id, ids(*day.sessions)) for day in TWO.days] == [
        ("2027-06-12", ["accueil", "reseau", "atelier", "repas", "ouverte", "fete", "minuit"]),
        ("2027-06-13", ["dimanche", "plenary"]),
    ]


def test_of_theme_gives_the_sessions_of_a_theme_and_of_none() -> None:
    assert SAMPLE.of_theme("libre") == (TOOLS,)
    assert SAMPLE.without_theme == (WELCOME, LUNCH, ASSEMBLY)
    assert TWO.of_theme("libre") == TWO.of_theme("travail") == (TWO_DAYS.sessions[1],)
    assert TWO.of_theme("of-none") == ()


def test_in_room_gives_what_concerns_the_room() -> None:
    assert SAMPLE.in_room("petite") == (WELCOME, FUND, LUNCH)
    assert ids(*TWO.in_room("cour")) == ["accueil", "repas", "minuit", "plenary"]
    assert ids(*TWO.own_of_room("petite")) == ["atelier", "fete"]


def test_session_without_a_room_is_undecided_unless_it_is_everywhere() -> None:
    assert ids(*TWO.undecided) == ["ouverte"]
    assert [ids(*TWO.undecided_on(day)) for day in TWO.days] == [["ouverte"], []]


def test_assemblies_are_the_sessions_of_that_kind() -> None:
    assert SAMPLE.assemblies == (ASSEMBLY,)
    assert TWO.assemblies == ()


def test_number_of_a_theme_is_its_place_in_the_event() -> None:
    assert [SAMPLE.number_of(theme) for theme in EVENT.themes] == [1, 2]


def test_neighbours_are_what_somebody_who_stays_in_the_room_sees() -> None:
    assert {session.id: SAMPLE.neighbours(session) for session in EVENT.sessions} == {
        "accueil": (None, TOOLS),
        "outils": (WELCOME, LUNCH),
        "caisse": (WELCOME, LUNCH),
        "repas": (FUND, ASSEMBLY),
        "ag": (LUNCH, None),
    }


def test_neighbours_go_over_midnight_and_over_the_night() -> None:
    assert {session.id: ids(*TWO.neighbours(session)) for session in TWO_DAYS.sessions} == {
        "accueil": ["", "reseau"],
        "reseau": ["accueil", "repas"],
        "atelier": ["accueil", "fete"],
        "repas": ["reseau", "ouverte"],
        "ouverte": ["repas", "fete"],
        "fete": ["repas", "dimanche"],
        "minuit": ["repas", "plenary"],
        "dimanche": ["fete", "plenary"],
        "plenary": ["dimanche", ""],
    }


def test_neighbours_in_the_night_of_a_change_of_clocks_go_by_absolute_time() -> None:
    first = replace(TWO_DAYS.days[0], date=TWO_DAYS.days[0].date.replace(month=10, day=30))
    night = Programme(
        replace(
            EVENT,
            days=(replace(first, end=first.start),),
            sessions=(talk("two", "02:30", "02:45", "grande"), talk("three", "03:00", "03:30", "grande")),
        )
    )
    two, three = night.sessions
    assert (night.span(three).start - night.span(two).end).total_seconds() == 75 * 60
    assert night.neighbours(two) == (None, three)


def cancelled(session: Session, **other: object) -> Session:
    return replace(session, cancelled=True, **other)  # type: ignore[arg-type]


def test_what_is_cancelled_comes_after_what_takes_place_there_then() -> None:
    gone = cancelled(TOOLS, id="a-first-id")
    assert Programme(replace(EVENT, sessions=(gone, *EVENT.sessions))).sessions[:3] == (WELCOME, TOOLS, gone)


def test_neighbour_is_what_takes_place_rather_than_what_is_cancelled_then() -> None:
    gone, late = cancelled(LUNCH, id="a-lunch"), cancelled(ASSEMBLY)
    both = Programme(replace(EVENT, sessions=(WELCOME, TOOLS, gone, LUNCH, late)))
    assert both.neighbours(TOOLS) == (WELCOME, LUNCH)
    assert both.neighbours(LUNCH) == (TOOLS, late)
    assert both.neighbours(late) == (LUNCH, None)


def test_clashes_are_what_takes_place_at_the_same_time_and_is_not_cancelled() -> None:
    gone = cancelled(FUND, id="gone")
    clashes = Programme(replace(EVENT, sessions=(*EVENT.sessions, gone))).clashes((TOOLS, FUND, LUNCH, gone))
    assert clashes == {"outils": (FUND,), "caisse": (TOOLS,)}


def on_pages(sessions: int, days: int) -> Event:
    return replace(event_of(sessions), days=TWO_DAYS.days[:days])


SPLIT: Final = {
    "one long day": (SESSIONS_A_PAGE + 1, 1, False, 1),
    "two days that fit on a page": (SESSIONS_A_PAGE, 2, False, 2),
    "two days that do not": (SESSIONS_A_PAGE + 1, 2, True, 1),
}


@pytest.mark.parametrize(("sessions", "days", "is_split", "shown"), SPLIT.values(), ids=SPLIT.keys())
def test_programme_is_split_by_day_when_it_is_long(sessions: int, days: int, is_split: bool, shown: int) -> None:
    programme = Programme(on_pages(sessions, days))
    assert programme.is_split is is_split
    assert programme.days_on("") == programme.days[:shown]
    assert [programme.days_on(day.id) for day in programme.days] == [(day,) for day in programme.days]
