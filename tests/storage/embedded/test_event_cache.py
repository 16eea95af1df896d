"""Events as the store reads them again: sessions that were read before are not read twice, and nothing else is seen."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.errors import EventFileError
from portal.domain.event.event import Event, Session
from portal.domain.event.event_file import event_to_mapping
from portal.domain.language import Text
from portal.storage.embedded.programme import _EventCache
from tests.factories.sample import EVENT

SECOND: Final = replace(EVENT.days[0], date=EVENT.days[0].date + timedelta(1))
SESSIONS: Final = st.builds(
    replace,
    st.sampled_from(EVENT.sessions),
    title=st.builds(Text, st.sampled_from("ab")),
    day=st.integers(1, 2),
    cancelled=st.booleans(),
)
"""Sessions of few values, so that many are the same, also under one id."""
EVENTS: Final = st.builds(
    replace,
    st.just(EVENT),
    lead=st.builds(Text, st.sampled_from("ab")),
    days=st.sampled_from([EVENT.days, (EVENT.days[0], SECOND)]),
    sessions=st.lists(SESSIONS, max_size=5).map(tuple),
)


@given(st.lists(EVENTS, max_size=5))
def test_each_of_several_events_is_read_as_it_was(events: Sequence[Event]) -> None:
    cache = _EventCache()
    read = [cache.event(str(number), event_to_mapping(event)) for number, event in enumerate(events)]
    assert read == list(events)


def test_session_that_stays_is_the_same_object() -> None:
    cache, changed = _EventCache(), replace(EVENT.sessions[0], title=Text("Autre"))
    before = cache.event("before", event_to_mapping(EVENT))
    after = cache.event("after", event_to_mapping(replace(EVENT, sessions=(changed, *EVENT.sessions[1:]))))
    kept: list[tuple[Session, Session]] = list(zip(before.sessions, after.sessions, strict=True))
    assert [one is other for one, other in kept] == [False, *[True] * (len(kept) - 1)]


def test_fault_of_a_session_is_told_by_its_place_in_the_file() -> None:
    cache, wrong = _EventCache(), replace(EVENT.sessions[1], title=Text("\0"))
    cache.event("before", event_to_mapping(EVENT))
    with pytest.raises(EventFileError) as raised:
        cache.event("after", event_to_mapping(replace(EVENT, sessions=(EVENT.sessions[0], wrong))))
    assert [problem.table for problem in raised.value.problems] == ["sessions[2]"]
