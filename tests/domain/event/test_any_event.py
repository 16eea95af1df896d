"""Rules, warnings and changes of any event that may be stored: in words, whatever it holds."""

from functools import partial

from hypothesis import given

from portal.domain.draft.warnings import warnings_of
from portal.domain.edition.changes import changes
from portal.domain.event.days import event_span, session_span
from portal.domain.event.event import Event
from portal.domain.event.event_file import lines_of_problems, problems_of
from portal.site.catalogue import translated
from tests.factories.events import events


@given(events)
def test_problem_or_warning_is_a_line_of_its_own(event: Event) -> None:
    lines = lines_of_problems("x.toml", (*problems_of(event), *warnings_of(event)), partial(translated, "fr"))
    assert [line for line in lines if not line.startswith("x.toml: ")] == []


@given(events, events)
def test_change_can_be_kept_in_an_edition_and_read_in_words(old: Event, new: Event) -> None:
    found = changes(old, new)
    assert [change for change in found if not change.is_plain()] == []
    assert all(translated("fr", change.text, change.details_in("fr")) for change in found)


@given(events)
def test_event_and_its_sessions_end_after_they_start(event: Event) -> None:
    spans = [session_span(event, session) for session in event.sessions]
    assert [span for span in spans if span.end <= span.start] == []
    if [day.date for day in event.days] == sorted({day.date for day in event.days}):
        whole = event_span(event)
        assert whole.start < whole.end
