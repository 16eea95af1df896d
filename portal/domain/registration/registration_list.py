"""List of registrations: as a file for a spreadsheet (CSV, RFC 4180, in UTF-8), and the age at which it is stale."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from io import StringIO
from typing import Final
from zoneinfo import ZoneInfo

from portal.domain.event.event import Event
from portal.domain.registration.registration import State

LINES_A_PIECE: Final = 1_000
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First characters of a formula in a spreadsheet, Latin and full-width."""


def list_as_csv(
    listed: Sequence[tuple[str, State]], header: tuple[str, str], words: Mapping[State, str]
) -> Iterator[str]:
    """Yield the file in pieces: a `header`, then a line for each pair of pseudonym and state, the state in `words`."""
    yield _lines([header])
    for first in range(0, len(listed), LINES_A_PIECE):
        piece = listed[first : first + LINES_A_PIECE]
        yield _lines([(_harmless(pseudonym), words[state]) for pseudonym, state in piece])


def _lines(rows: Sequence[tuple[str, str]]) -> str:
    written = StringIO()
    # Every cell between quotes: a spreadsheet may take the semicolon, or a space, of a pseudonym for the end of a cell.
    csv.writer(written, lineterminator="\r\n", quoting=csv.QUOTE_ALL).writerows(rows)
    return written.getvalue()


def _harmless(pseudonym: str) -> str:
    """Return `pseudonym` as a text in any spreadsheet: with an apostrophe before the start of a formula."""
    return f"'{pseudonym}" if pseudonym.startswith(_FORMULA) else pseudonym


REFRESHED_AT: Final = time(4)
"""Time, by the clocks of the event, from which the list of the day before is too old."""


def oldest_shown(event: Event, now: datetime) -> datetime | None:
    """Return the moment since which a list must have been made to be shown at `now` (aware).

    None from the first day of the event on: the list is always that of the moment then.
    """
    shown = now.astimezone(ZoneInfo(event.zone))
    if shown.date() >= event.days[0].date:
        return None
    today = datetime.combine(shown.date(), REFRESHED_AT, shown.tzinfo)
    return today if today <= shown else today - timedelta(days=1)
