"""Restoring an earlier edition as the draft."""

from dataclasses import replace
from typing import Final

import pytest

from portal.domain.draft.restore import Reused, lost_changes, restored, reused_ids
from portal.domain.event.event import Event, Session
from portal.domain.language import Text
from tests.factories.sample import EVENT, news

WELCOME, TOOLS, *REST = EVENT.sessions
WITHOUT_TOOLS: Final = replace(EVENT, sessions=(WELCOME, *REST))
OTHER: Final = Text("Autre séance", "Another session")


def with_tools(tools: Session) -> Event:
    return replace(EVENT, sessions=(WELCOME, tools, *REST))


def test_announcements_in_force_stay_when_an_edition_comes_back() -> None:
    earlier = replace(EVENT, name=Text("Avant"), announcements=(news(1),))
    in_force = replace(EVENT, announcements=(news(2), news(3)))
    assert restored(earlier, in_force) == replace(earlier, announcements=(news(2), news(3)))


UNPUBLISHED: Final = replace(EVENT, lead=Text("Le brouillon", "The draft"))
MANIFESTOS: Final = [replace(EVENT, texts=replace(EVENT.texts, manifesto=Text(text))) for text in ("Un", "Deux")]
LOSSES: Final[dict[str, tuple[Event, Event, list[str]]]] = {
    "nothing of a draft that stays": (UNPUBLISHED, UNPUBLISHED, []),
    "nothing of a draft that was published": (EVENT, UNPUBLISHED, []),
    "what was never published": (UNPUBLISHED, EVENT, ["%(what)s: “%(old)s” becomes “%(new)s”."]),
    "nothing that is in the new draft too": (UNPUBLISHED, replace(UNPUBLISHED, name=OTHER), []),
    "a text that is told alike and is another": (MANIFESTOS[0], MANIFESTOS[1], ["%(what)s: the text has changed."]),
    "a session that was never published": (EVENT, WITHOUT_TOOLS, []),
    "a session that was deleted": (WITHOUT_TOOLS, EVENT, ["Removed: “%(title)s”, %(when)s."]),
}


@pytest.mark.parametrize(("draft", "replaced", "lost"), LOSSES.values(), ids=LOSSES.keys())
def test_draft_that_is_replaced_loses(draft: Event, replaced: Event, lost: list[str]) -> None:
    assert [change.text for change in lost_changes(EVENT, draft, replaced)] == lost


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
