"""Any file at all: read, or refused by the error of files, within bounds."""

import json
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.errors import EventFileError
from portal.domain.limits import IMPORTED_FILE_KIB, IMPORTED_SESSIONS
from portal.domain.programme_import.file_format import read_programme, recognise
from portal.domain.programme_import.programme import Programme
from tests.factories.programmes import XML, calendar_of, event_of_json, faults_in, schedule_of_json

CALENDAR: Final = calendar_of(
    "UID:1\nDTSTART;TZID=Europe/Paris:20270612T093000\nDURATION:PT45M\nSUMMARY:Alpha\nRRULE:FREQ=DAILY;COUNT=2"
)
TABLE: Final = "id;title;date;start;end;room\n1;Alpha;12/06/2027;9h30;10h15;Dolor\n"
WHOLE: Final = [XML.encode(), schedule_of_json(event_of_json()), CALENDAR.encode(), TABLE.encode()]
CELLS: Final = st.text(alphabet='0123456789-/:h ";,\n\tabé', max_size=12)
VALUES: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | st.sampled_from(["9:30", "00:30"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def read_or_refuse(content: bytes, name: str = "lorem") -> Programme | None:
    try:
        return None if recognise(content, name) == "toml" else read_programme(content, name)
    except EventFileError:
        return None


@given(content=st.binary(max_size=300), name=st.sampled_from(["", "a.csv", "a.ics", "a.json", "a.xml"]))
def test_any_bytes_are_read_or_refused(content: bytes, name: str) -> None:
    read_or_refuse(content, name)


@given(whole=st.sampled_from(WHOLE), at=st.integers(0, 3_000), inserted=st.binary(max_size=8), gone=st.integers(0, 40))
def test_file_that_was_damaged_is_read_or_refused(whole: bytes, at: int, inserted: bytes, gone: int) -> None:
    place = at % len(whole)
    read_or_refuse(whole[:place] + inserted + whole[place + gone :])


@given(fields=st.dictionaries(st.sampled_from(sorted(event_of_json())), VALUES, max_size=5))
def test_any_value_of_a_field_of_json_is_read_or_refused(fields: dict[str, object]) -> None:
    read_or_refuse(json.dumps(json.loads(schedule_of_json(event_of_json(**fields)))).encode())


@given(rows=st.lists(st.lists(CELLS, max_size=7), max_size=4), separator=st.sampled_from(",;\t"))
def test_any_cells_of_a_table_are_read_or_refused(rows: list[list[str]], separator: str) -> None:
    header = separator.join(("title", "date", "start", "end", "duration", "id"))
    read_or_refuse("\n".join([header, *(separator.join(row) for row in rows)]).encode(), "a.csv")


@given(
    value=st.text(alphabet="0123456789TZP;=:,ABDMYUNTILCOUNTFREQ-\n", max_size=30),
    name=st.sampled_from(
        ["DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "ATTENDEE", "CATEGORIES", "UID"]
    ),
)
def test_any_value_of_a_property_is_read_or_refused(name: str, value: str) -> None:
    read_or_refuse(calendar_of(f"DTSTART:20270612T093000\nSUMMARY:Alpha\n{name}:{value}").encode())


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (" " * (IMPORTED_FILE_KIB * 1024 + 1), f"it is larger than {IMPORTED_FILE_KIB} KiB"),
        (TABLE + TABLE.partition("\n")[2] * IMPORTED_SESSIONS, f"it has more than {IMPORTED_SESSIONS} sessions"),
        (
            calendar_of(*["DTSTART:20270612T093000"] * (IMPORTED_SESSIONS + 1)),
            f"it has more than {IMPORTED_SESSIONS} sessions",
        ),
    ],
    ids=["in bytes", "in rows of a table", "in entries of a calendar"],
)
def test_file_beyond_a_limit_is_refused(content: str, sentence: str) -> None:
    assert faults_in(content) == [f" : {sentence} ()"]
