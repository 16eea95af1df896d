"""What comes back from an earlier edition, and what must not."""

from dataclasses import replace
from typing import Final

from portal.domain.event import Event, Session
from portal.domain.language import Text
from portal.domain.taken_back import Reused, reused_ids, taken_back
from tests.site.sample import EVENT, news

WELCOME, TOOLS, *REST = EVENT.sessions
WITHOUT_TOOLS: Final = replace(EVENT, sessions=(WELCOME, *REST))
OTHER: Final = Text("Autre séance", "Another session")


def with_tools(tools: Session) -> Event:
    return replace(EVENT, sessions=(WELCOME, tools, *REST))


def test_announcements_in_force_stay_when_an_edition_comes_back() -> None:
    earlier = replace(EVENT, name=Text("Avant"), announcements=(news(1),))
    in_force = replace(EVENT, announcements=(news(2), news(3)))
    assert taken_back(earlier, in_force) == replace(earlier, announcements=(news(2), news(3)))


def test_session_that_comes_back_under_another_title_is_told() -> None:
    back = with_tools(replace(TOOLS, title=OTHER))
    assert reused_ids(back, WITHOUT_TOOLS, [WITHOUT_TOOLS, EVENT]) == (Reused("outils", TOOLS.title, OTHER),)


def test_title_that_counts_is_that_of_the_newest_edition() -> None:
    back = with_tools(replace(TOOLS, title=OTHER))
    assert reused_ids(back, WITHOUT_TOOLS, [with_tools(replace(TOOLS, title=OTHER)), EVENT]) == ()


def test_session_that_comes_back_as_it_was_is_none_to_ask_about() -> None:
    assert reused_ids(EVENT, WITHOUT_TOOLS, [EVENT]) == ()


def test_session_of_the_draft_may_be_renamed() -> None:
    assert reused_ids(with_tools(replace(TOOLS, title=OTHER)), EVENT, [EVENT]) == ()


def test_session_that_never_was_is_none_to_ask_about() -> None:
    new = replace(TOOLS, id="nouvelle")
    assert reused_ids(with_tools(new), EVENT, [EVENT]) == ()
