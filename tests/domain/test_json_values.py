"""Dataclasses as JSON: read back as they were, and refused where a value is of another type."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.json_values import from_json, in_minutes, to_json

MOMENT = datetime(2026, 12, 15, 11, 0, 30, tzinfo=UTC)


class Colour(StrEnum):
    """A value of a few."""

    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Inner:
    """A dataclass in another."""

    name: str


@dataclass(frozen=True)
class Sample:
    """A field of each type that is read back."""

    name: str
    count: int = 0
    share: float = 0.5
    is_set: bool = False
    colour: Colour = Colour.RED
    moment: datetime | None = None
    day: date = date(2026, 12, 15)
    clock: time = time(11)
    inner: Inner | None = None
    names: tuple[str, ...] = ()
    pairs: tuple[tuple[str, int | Inner], ...] = ()
    by_name: Mapping[str, Inner] = field(default_factory=dict)


MOMENTS = st.datetimes(timezones=st.just(UTC))
INNERS = st.builds(Inner, st.text())
SAMPLES = st.builds(
    Sample,
    name=st.text(),
    count=st.integers(),
    share=st.floats(allow_nan=False),
    is_set=st.booleans(),
    colour=st.sampled_from(Colour),
    moment=st.none() | MOMENTS,
    day=st.dates(),
    clock=st.times().map(lambda clock: clock.replace(second=0, microsecond=0)),
    inner=st.none() | INNERS,
    names=st.lists(st.text(), max_size=3).map(tuple),
    pairs=st.lists(st.tuples(st.text(), st.integers() | INNERS), max_size=3).map(tuple),
    by_name=st.dictionaries(st.text(), INNERS, max_size=3),
)


@given(SAMPLES)
def test_dataclass_is_read_back_from_json_as_it_was(sample: Sample) -> None:
    assert from_json(Sample, json.loads(json.dumps(to_json(sample)))) == sample


def test_dataclass_is_written_field_by_field() -> None:
    sample = Sample("a", moment=MOMENT, inner=Inner("b"), names=("c",), by_name={"d": Inner("e")})
    assert to_json(sample) == {
        **{"name": "a", "count": 0, "share": 0.5, "is_set": False, "colour": "red"},
        **{"moment": "2026-12-15T11:00:30+00:00", "day": "2026-12-15", "clock": "11:00"},
        **{"inner": {"name": "b"}, "names": ["c"], "pairs": [], "by_name": {"d": {"name": "e"}}},
    }


WRITTEN: dict[str, tuple[object, object]] = {
    "a moment to the minute": (to_json(MOMENT, in_minutes), "2026-12-15T11:00+00:00"),
    "fields that are None, left out": (
        to_json({"a": Sample("a", moment=None)}, skips_none=True),
        {"a": {name: value for name, value in to_json(Sample("a")).items() if value is not None}},  # type: ignore[attr-defined]
    ),
    "a value of another type": (to_json((Path("a/b"), timedelta(minutes=1))), ["a/b", "0:01:00"]),
}


@pytest.mark.parametrize(("written", "expected"), WRITTEN.values(), ids=WRITTEN.keys())
def test_value_is_written(written: object, expected: object) -> None:
    assert written == expected


def test_field_that_is_missing_has_its_default() -> None:
    assert from_json(Sample, {"name": "a"}) == Sample("a")


REFUSED: dict[str, Any] = {
    "no mapping": ["a"],
    "nothing": None,
    "a mapping without a field that is needed": {},
    "a name that is unknown": {"name": "a", "colours": "red"},
    "a number for a text": {"name": 1},
    "a text for a number": {"name": "a", "count": "1"},
    "a truth for a number": {"name": "a", "count": True},
    "a number for a truth": {"name": "a", "is_set": 1},
    "a colour that is none": {"name": "a", "colour": "green"},
    "a moment that is none": {"name": "a", "moment": "soon"},
    "a number for a moment": {"name": "a", "moment": 1},
    "a text for a list": {"name": "a", "names": "abc"},
    "a list with another type in it": {"name": "a", "names": ["b", 1]},
    "a pair of three": {"name": "a", "pairs": [["b", 1, 2]]},
    "a pair with another type in it": {"name": "a", "pairs": [["b", {"title": "c"}]]},
    "a list for a mapping": {"name": "a", "by_name": [["b", {"name": "c"}]]},
}


@pytest.mark.parametrize("value", REFUSED.values(), ids=REFUSED.keys())
def test_value_of_another_type_is_refused(value: object) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        from_json(Sample, value)
