"""The time zone in a calendar, against the zone that it is made of, read back by another library."""

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.site.vtimezone import vtimezone
from tests.factories.reading_calendars import read_calendar

ZONES: Final = (
    "Europe/Paris",
    "Europe/Dublin",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
)
FORM: Final = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:test
{zone}BEGIN:VEVENT
UID:test
DTSTAMP:20270101T000000Z
DTSTART;TZID={name}:{local:%Y%m%dT%H%M%S}
END:VEVENT
END:VCALENDAR
"""


def read(zone: str, moment: datetime, written: str) -> datetime:
    """Return `moment` as another library reads its local time, by the component as it is `written`."""
    local = moment.astimezone(ZoneInfo(zone))
    content = FORM.format(zone=written.replace("\r\n", "\n"), name=zone, local=local)
    moment_read: datetime = read_calendar(content).vevent.dtstart.value
    return moment_read


def test_component_has_the_changes_of_its_days_alone() -> None:
    moments = (datetime(2027, 3, day, tzinfo=UTC) for day in (26, 27, 28, 29))
    assert vtimezone("Europe/Paris", moments).to_ical().decode().split("\r\n") == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Paris",
        "BEGIN:STANDARD",
        "DTSTART:20270325T010000",
        "TZNAME:CET",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0100",
        "END:STANDARD",
        "BEGIN:DAYLIGHT",
        "DTSTART:20270328T020000",
        "TZNAME:CEST",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "END:DAYLIGHT",
        "END:VTIMEZONE",
        "",
    ]


def test_days_that_lie_ages_apart_take_a_line_each() -> None:
    moments = (datetime(2027, 1, 1, tzinfo=UTC), datetime(9027, 7, 1, tzinfo=UTC))
    written = vtimezone("Europe/Paris", moments).to_ical().decode()
    assert [line for line in written.split("\r\n") if line.startswith("DTSTART")] == [
        "DTSTART:20261231T010000",
        "DTSTART:90270630T020000",
    ]


@pytest.mark.parametrize("zone", ZONES)
@settings(max_examples=30)
@given(
    first=st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    minutes=st.lists(st.integers(0, 400 * 24 * 60), min_size=1, max_size=3),
)
def test_another_library_finds_each_moment_in(zone: str, first: date, minutes: list[int]) -> None:
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    moments = [start + timedelta(minutes=each) for each in minutes]
    written = vtimezone(zone, moments).to_ical().decode()
    for moment in moments:
        # A local time that is there twice is the first of them (RFC 5545 §3.3.5).
        if not moment.astimezone(ZoneInfo(zone)).fold:
            assert read(zone, moment, written).astimezone(UTC) == moment
