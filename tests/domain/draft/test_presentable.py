"""A draft that is not in order yet, as far as it can be shown."""

from dataclasses import replace

import pytest
from hypothesis import given

from portal.domain.draft.presentable import presentable
from portal.domain.event.event import Event
from portal.site.render import render
from tests.factories.events import events
from tests.factories.sample import EVENT, edition


def test_event_in_order_is_shown_as_it_is() -> None:
    assert presentable(EVENT) == EVENT


def test_session_in_a_room_and_a_theme_that_are_not_there_is_shown_without_them() -> None:
    welcome, tools, *rest = EVENT.sessions
    lost = replace(EVENT, sessions=(welcome, replace(tools, rooms=("cave",), themes=("lune",)), *rest))
    assert presentable(lost) == replace(EVENT, sessions=(welcome, replace(tools, rooms=(), themes=()), *rest))


@pytest.mark.slow
@given(events)
def test_any_event_that_may_be_stored_can_be_shown(event: Event) -> None:
    files = render(edition(presentable(event)))
    assert {"index.html", "fr/index.html", "en/programme/grid/index.html"} <= set(files)
