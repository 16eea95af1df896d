"""Bounded mapping: never more entries than its size, the latest of them, and none beyond its time to live."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.web.bounded_map import BoundedMap
from tests.factories.portal import Clock


def test_entry_that_was_set_longest_ago_makes_room() -> None:
    entries = BoundedMap[str, int](2)
    entries.update({"a": 1, "b": 2})
    entries["a"] = 3
    entries["c"] = 4
    assert dict(entries) == {"a": 3, "c": 4}


def test_entry_that_is_only_read_stays_as_old_as_it_was() -> None:
    entries = BoundedMap[str, int](2)
    entries.update({"a": 1, "b": 2})
    assert entries["a"] == 1
    entries["c"] = 3
    assert dict(entries) == {"b": 2, "c": 3}


def test_entry_expires_after_its_time_to_live_and_not_before() -> None:
    clock = Clock()
    entries = BoundedMap[str, int](9, timedelta(minutes=10), clock)
    entries["a"] = 1
    clock.turn(minutes=10)
    assert entries["a"] == 1
    clock.turn(seconds=1)
    with pytest.raises(KeyError):
        entries["a"]


def test_entries_that_expired_are_dropped_when_another_is_set() -> None:
    clock = Clock()
    entries = BoundedMap[str, int](9, timedelta(minutes=10), clock)
    entries.update({"a": 1, "b": 2})
    clock.turn(minutes=11)
    entries["c"] = 3
    assert (len(entries), dict(entries)) == (1, {"c": 3})


def test_clock_that_is_put_back_drops_nothing() -> None:
    clock = Clock()
    entries = BoundedMap[str, int](9, timedelta(minutes=10), clock)
    entries["a"] = 1
    clock.turn(hours=-3)
    entries["b"] = 2
    assert dict(entries) == {"a": 1, "b": 2}


def test_entry_that_is_deleted_is_gone() -> None:
    entries = BoundedMap[str, int](2)
    entries["a"] = 1
    assert (entries.pop("a"), entries.pop("a", None), dict(entries)) == (1, None, {})


@given(st.lists(st.integers(0, 9)), st.integers(1, 5))
def test_map_holds_the_latest_different_keys_in_their_order(keys: list[int], size: int) -> None:
    entries = BoundedMap[int, int](size)
    for place, key in enumerate(keys):
        entries[key] = place
    latest = list(dict.fromkeys(reversed(keys)))[:size]
    assert [*entries] == latest[::-1]
