"""Time zones that calendars describe themselves, and alarms: neither reaches the parser."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from portal.domain.limits import ZONE_CHANGES
from portal.domain.programme_import.file_format import read_programme
from portal.domain.programme_import.programme import ImportedSession, Programme, Remark
from tests.factories.programmes import calendar_of

BASE: Final = "UID:1@lorem.example\nDTSTART;TZID=Europe/Paris:20270612T093000\nDTEND;TZID=Europe/Paris:20270612T101500"
START: Final = datetime(2027, 6, 12, 9, 30, tzinfo=ZoneInfo("Europe/Paris"))
ALPHA: Final = ImportedSession("Alpha", START, START + timedelta(minutes=45), guid="1@lorem.example")


def read(*entries: str, head: str = "PRODID:-//lorem//ipsum//FR") -> Programme:
    return read_programme(calendar_of(*entries, head=head).encode(), "lorem.ics")


def zone_of_a_file(name: str, *changes: str, more: str = "") -> str:
    """Return a VTIMEZONE, each of whose `changes` is its DTSTART, its TZOFFSETTO and its RRULE with spaces between."""
    tables = []
    for change in changes:
        first, offset, *rule = change.split()
        lines = [f"DTSTART:{first}", "TZOFFSETFROM:+0000", f"TZOFFSETTO:{offset}", *(f"RRULE:{each}" for each in rule)]
        tables.append("\r\n".join(["BEGIN:STANDARD", *lines, "END:STANDARD"]))
    return "\r\n".join(["BEGIN:VTIMEZONE", f"TZID:{name}", *([more] if more else []), *tables, "END:VTIMEZONE"])


OWN: Final = BASE.replace("Europe/Paris", "Customized Time Zone") + "\nSUMMARY:Alpha"
WINTER: Final = "16011028T030000 +0100 FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"
SUMMER: Final = "16010325T020000 +0200 FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3"
OWN_ZONES: Final = {
    "two changes a year, in summer": (zone_of_a_file("Customized Time Zone", WINTER, SUMMER), 7, "UTC"),
    "one offset": (zone_of_a_file("Customized Time Zone", "16010101T000000 +0530"), 4, "UTC"),
    "a negative offset, south of the equator": (
        zone_of_a_file(
            "Customized Time Zone",
            "16010402T020000 -0400 FREQ=YEARLY;BYDAY=1SU;BYMONTH=4",
            "16010903T020000 -0300 FREQ=YEARLY;BYDAY=1SU;BYMONTH=9",
        ),
        13,
        "UTC",
    ),
    "a rule that ended": (
        zone_of_a_file("Customized Time Zone", f"{SUMMER};UNTIL=20200101T000000Z", "20201025T030000 +0300"),
        6,
        "UTC",
    ),
    "a known place": (
        zone_of_a_file("Customized Time Zone", "bogus bogus", more="X-LIC-LOCATION:Europe/Berlin"),
        9,
        "Europe/Berlin",
    ),
    "a rule by the hour": (zone_of_a_file("Customized Time Zone", "16010101T000000 +0100 FREQ=HOURLY"), 9, "None"),
    "a rule without sense": (zone_of_a_file("Customized Time Zone", f"{WINTER};UNTIL=x;BYSETPOS=1"), 9, "None"),
    "an offset that is none": (zone_of_a_file("Customized Time Zone", "16010101T000000 +1:0"), 9, "None"),
    "more changes than are read": (
        zone_of_a_file("Customized Time Zone", *["16010101T000000 +0100"] * (ZONE_CHANGES + 1)),
        9,
        "None",
    ),
    "no end": ("BEGIN:VTIMEZONE\r\nTZID:Customized Time Zone", 9, "None"),
}


@pytest.mark.parametrize(("zone", "hour", "known"), OWN_ZONES.values(), ids=OWN_ZONES.keys())
def test_zone_that_only_the_file_knows_is_followed(zone: str, hour: int, known: str) -> None:
    programme = read(OWN, head=f"PRODID:x\r\n{zone}")
    start = programme.sessions[0].start
    assert (start.hour, str(start.tzinfo), programme.sessions[0].end - start) == (hour, known, timedelta(minutes=45))
    text = "Sessions without a time zone, taken by the clocks of the event: %(count)s"
    assert programme.assumed == (() if known != "None" else (Remark(text, 1, ("Alpha",)),))


def test_zone_of_one_calendar_is_none_of_the_next() -> None:
    first, second = (zone_of_a_file("Lorem", f"16010101T000000 {offset}") for offset in ("+0500", "+0200"))
    entry = OWN.replace("Customized Time Zone", "Lorem")
    starts = [read(entry, head=f"PRODID:x\r\n{zone}").sessions[0].start for zone in (first, second)]
    assert [start.isoformat() for start in starts] == ["2027-06-12T04:30:00+00:00", "2027-06-12T07:30:00+00:00"]
    assert read(entry).sessions[0].start.isoformat() == "2027-06-12T09:30:00"


def test_zone_with_a_known_name_is_that_one_whatever_its_rules_are() -> None:
    zone = zone_of_a_file("Europe/Paris", "16010101T000000 +0900 FREQ=SECONDLY")
    assert read(f"{BASE}\nSUMMARY:Alpha", head=f"PRODID:x\r\n{zone}").sessions == (ALPHA,)


ALARMS: Final = ["TRIGGER:-P15M", "TRIGGER:bogus", "REPEAT:x", "DURATION:15", "TRIGGER;VALUE=DATE-TIME:bogus"]


@pytest.mark.parametrize("line", ALARMS)
@pytest.mark.parametrize("end", ["\nEND:VALARM", ""], ids=["whole", "without its end"])
def test_alarm_that_cannot_be_read_is_left_out(line: str, end: str) -> None:
    alarm = f"BEGIN:VALARM\n{line}\nACTION:DISPLAY\nDESCRIPTION:Beta{end}"
    assert read(f"{BASE}\nSUMMARY:Alpha\n{alarm}", f"{BASE}\nSUMMARY:Alpha").sessions == (ALPHA, ALPHA)
