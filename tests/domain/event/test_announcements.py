"""An announcement is made of a form, put among the others, and taken away."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.errors import AnnouncementsFull, EventFileError, InputError
from portal.domain.event.announcements import (
    announcement_of,
    expired_announcements,
    fields_of,
    fit_a_ticket,
    past_announcements,
    with_announcement,
    without_announcement,
)
from portal.domain.event.event import Announcement
from portal.domain.event.event_file import read_event
from portal.domain.input_errors import MomentRefused, MomentSkipped, UntilPassed
from portal.domain.language import Text
from portal.domain.limits import ANNOUNCEMENTS
from portal.domain.text import is_invisible
from tests.factories.events import SMALL

EVENT: Final = read_event(SMALL.encode(), "small.toml")
NOW: Final = datetime(2026, 11, 23, 9, 30, 59, 7, tzinfo=UTC)
MINUTE: Final = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
NEWS: Final = Announcement("metro", Text("Grève"), Text("Venez à vélo."), MINUTE)

FORMS: Final[dict[str, tuple[dict[str, str], Announcement]]] = {
    "all of it": (
        {
            "title_fr": "Grève",
            "title_en": "Strike",
            "text_fr": "Venez\r\n\r\nà vélo.\r\n",
            "text_en": "Come",
            "important": "yes",
        },
        Announcement("a1", Text("Grève", "Strike"), Text("Venez\n\nà vélo.", "Come"), MINUTE, important=True),
    ),
    "a title alone": ({"title_fr": " Grève "}, Announcement("a1", Text("Grève"), Text(), MINUTE)),
    "breaks of a word processor and of Unicode": (
        {"title_fr": "Grève\vdu\u2028métro\t!", "text_fr": "Venez\và vélo\u2029ou à pied."},
        Announcement("a1", Text("Grève du métro !"), Text("Venez\nà vélo\nou à pied."), MINUTE),
    ),
    "a title in English alone": ({"title_en": "Strike"}, Announcement("a1", Text(en="Strike"), Text(), MINUTE)),
}


lines = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20).filter(
    lambda line: not is_invisible(line)
)
news = st.builds(
    Announcement,
    st.just("a1"),
    st.builds(Text, lines, st.just("") | lines),
    st.builds(Text, st.just("") | lines, st.just("") | lines),
    st.just(MINUTE),
    important=st.booleans(),
    until=st.none() | st.integers(1, 100_000).map(lambda minutes: MINUTE + timedelta(minutes=minutes)),
)


@given(announcement=news)
def test_fields_of_an_announcement_make_it_again(announcement: Announcement) -> None:
    assert announcement_of(fields_of(announcement, EVENT, NOW), "a1", NOW, EVENT) == announcement


def test_withdrawn_announcements_are_found_in_the_editions_the_latest_first() -> None:
    first, second, third = (replace(NEWS, id=id, title=Text(id)) for id in ("a", "b", "c"))
    events = [
        replace(EVENT, announcements=announcements) for announcements in ((), (first,), (first, second), (third,), ())
    ]
    reworded = replace(EVENT, announcements=(replace(first, text=Text("À pied.")), second))
    assert past_announcements(reversed(events)) == (third, second, first)
    assert past_announcements((EVENT, reworded, *reversed(events)))[:2] == (
        second,
        replace(first, text=Text("À pied.")),
    )
    assert past_announcements((events[1], *reversed(events))) == (third, second)
    again = replace(EVENT, announcements=(replace(third, id="d"),))
    assert past_announcements((again, *reversed(events))) == (second, first)


@pytest.mark.parametrize(("fields", "announcement"), FORMS.values(), ids=FORMS.keys())
def test_form_makes_an_announcement(fields: dict[str, str], announcement: Announcement) -> None:
    assert announcement_of(fields, "a1", NOW, EVENT) == announcement


WRONG: Final[dict[str, tuple[dict[str, str], list[str]]]] = {
    "nothing": ({}, ["title.fr"]),
    "a title that nobody sees": ({"title_fr": "\u200b\u3164"}, ["title.fr"]),
    "a text alone": ({"text_fr": "Venez."}, ["title.fr"]),
    "a title over two lines": ({"title_fr": "Grève\r\nau métro"}, ["title.fr"]),
    "a title that is too long": ({"title_fr": "a" * 101, "title_en": "b" * 100}, ["title.fr"]),
    "a text that is too long": ({"title_fr": "Grève", "text_en": "a" * 801}, ["text.en"]),
    "a sign that cannot be shown": ({"title_fr": "Gr\u0007ve", "text_fr": "\u0000"}, ["title.fr", "text.fr"]),
}


@pytest.mark.parametrize(("fields", "keys"), WRONG.values(), ids=WRONG.keys())
def test_form_is_refused_beside_its_fields(fields: dict[str, str], keys: list[str]) -> None:
    with pytest.raises(EventFileError) as raised:
        announcement_of(fields, "a1", NOW, EVENT)
    assert [problem.key for problem in raised.value.problems] == keys


def test_id_that_is_none_is_refused() -> None:
    with pytest.raises(EventFileError):
        announcement_of({"title_fr": "Grève"}, "../a1", NOW, EVENT)


def test_announcement_is_added_once() -> None:
    once = with_announcement(EVENT, NEWS)
    assert once == replace(EVENT, announcements=(NEWS,))
    assert with_announcement(once, replace(NEWS, title=Text("Autre"))) == once


def test_announcement_is_withdrawn_and_no_other() -> None:
    both = with_announcement(with_announcement(EVENT, NEWS), replace(NEWS, id="cantine"))
    assert without_announcement(both, "cantine") == with_announcement(EVENT, NEWS)
    assert without_announcement(both, "no such one") == both


def test_announcements_are_not_without_number() -> None:
    full = replace(EVENT, announcements=tuple(replace(NEWS, id=f"news-{n}") for n in range(ANNOUNCEMENTS)))
    with pytest.raises(AnnouncementsFull):
        with_announcement(full, NEWS)
    assert with_announcement(full, full.announcements[0]) == full


def test_end_is_by_the_clocks_of_the_event() -> None:
    fields = {"title_fr": "Grève", "until": "2026-12-15T18:00"}
    made = announcement_of(fields, "a1", NOW, EVENT)
    assert made.until == datetime(2026, 12, 15, 17, 0, tzinfo=UTC)


ENDS: Final[dict[str, tuple[str, type[InputError]]]] = {
    "a minute that is passing": ("2026-11-23T10:30", UntilPassed),
    "last year": ("2025-12-15T18:00", UntilPassed),
    "no moment": ("tomorrow", MomentRefused),
    "an hour that the clocks skip": ("2027-03-28T02:30", MomentSkipped),
}


@pytest.mark.parametrize(("typed", "kind"), ENDS.values(), ids=ENDS.keys())
def test_end_that_is_none_is_refused_on_its_field(typed: str, kind: type[InputError]) -> None:
    with pytest.raises(kind) as raised:
        announcement_of({"title_fr": "Grève", "until": typed}, "a1", NOW, EVENT)
    assert raised.value.field == "until"


def test_announcement_has_ended_from_its_moment_on() -> None:
    lasting, ending = replace(NEWS, id="lasting"), replace(NEWS, until=NOW)
    event = replace(EVENT, announcements=(lasting, ending))
    assert expired_announcements(event, NOW.replace(second=58)) == ()
    assert expired_announcements(event, NOW) == (ending,)


FITTING: Final[dict[str, tuple[tuple[Text, ...], bool]]] = {
    "none": ((), True),
    "as many characters as fit": ((Text("a" * 1_000), Text("", "b" * 2_000), Text("a" * 1_000)), True),
    "one more in one language": ((Text("a" * 1_000), Text("", "b" * 2_001), Text("a" * 1_000)), False),
}


@pytest.mark.parametrize(("texts", "fit"), FITTING.values(), ids=FITTING.keys())
def test_announcements_stand_in_full_on_a_ticket_while_they_are_short(texts: tuple[Text, ...], fit: bool) -> None:
    announcements = tuple(replace(NEWS, title=Text(), text=text) for text in texts)
    assert fit_a_ticket(replace(EVENT, announcements=announcements)) is fit
