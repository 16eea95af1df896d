"""The event as a file that an organiser takes away: the very same event when it is read back, and fit to be read."""

import tomllib
from dataclasses import replace
from typing import Final

from hypothesis import given

from portal.domain.event.event import Event
from portal.domain.event.event_file import read_draft, read_event
from portal.domain.language import Text
from portal.site.bundled import bundled
from portal.site.event_toml import event_toml
from tests.factories.events import events
from tests.factories.sample import EVENT, news

HEAD: Final = """\
[event]
id = "journee"
name.fr = "Une journée pour les communs"
name.en = "A day for the commons"
lead.fr = "Apprendre, débattre, décider ensemble."
lead.en = "Learn, debate, decide together."
"""

SESSION: Final = '''\
[[sessions]]
id = "outils"
kind = "talk"
title.fr = "Nos outils"
title.en = "Our tools"
abstract.fr = """Un *résumé*.

- "Deux" points"""
start = "11:30"
end = "12:30"
room = "grande"
theme = "libre"
speakers = ["Le collectif"]
cancelled = true
'''


@given(events)
def test_any_event_that_may_be_stored_is_read_back_as_it_was(event: Event) -> None:
    assert read_draft(event_toml(event), "event.toml") == event


@given(events)
def test_event_in_order_is_read_back_as_portal_check_reads_it(event: Event) -> None:
    empty = replace(event, themes=(), rooms=(), sessions=(), speakers=(), announcements=(), mirrors=())
    in_order = replace(empty, days=EVENT.days, colours=EVENT.colours)
    assert read_event(event_toml(in_order), "event.toml") == in_order


def test_sample_event_is_read_back_as_it_was() -> None:
    event = read_event((bundled("events") / "onestla.toml").read_bytes(), "onestla.toml")
    assert read_event(event_toml(event), "event.toml") == event


def test_event_with_announcements_is_read_back_as_it_was() -> None:
    event = replace(EVENT, announcements=(news(1), news(2, important=True)))
    assert read_event(event_toml(event), "event.toml") == event


def test_file_is_laid_out_as_one_writes_it_by_hand() -> None:
    welcome, tools, *rest = EVENT.sessions
    abstract = Text('Un *résumé*.\n\n- "Deux" points', "")
    event = replace(EVENT, sessions=(welcome, replace(tools, abstract=abstract, cancelled=True), *rest))
    text = event_toml(event).decode()
    assert text.startswith(HEAD)
    assert SESSION in text


def test_text_that_is_empty_is_left_out() -> None:
    read_back = tomllib.loads(event_toml(EVENT).decode())
    lunch = next(session for session in read_back["sessions"] if session["id"] == "repas")
    assert sorted(lunch) == ["end", "id", "kind", "start", "title"]
