"""Reader of a table with a header row: CSV (RFC 4180), with commas, semicolons or tabs, as spreadsheets write it."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, TypeVar

from portal.domain.language import N_
from portal.domain.limits import ASSUMED_SESSION_MINUTES, IMPORTED_COLUMNS, IMPORTED_SESSIONS
from portal.domain.programme_import.clock import DateOrder, order_of, read_date, read_length, read_moment, read_time
from portal.domain.programme_import.csv_columns import CANCELLED, YES, column_of, unfit
from portal.domain.programme_import.programme import (
    Faults,
    ImportedLink,
    ImportedPerson,
    ImportedSession,
    Programme,
    Remarks,
    distinct,
    refuse,
)
from portal.domain.programme_import.texts import line_of_text, paragraphs_of
from portal.domain.text import plain_words

_Value = TypeVar("_Value")

_SEPARATORS: Final = ",;\t"
_HEADER_ROWS: Final = 10
_BETWEEN_NAMES: Final = re.compile(r"[;|\n]")
_BETWEEN_PERSONS: Final = re.compile(r"[;|,\n]")
_BETWEEN_LINKS: Final = re.compile(r"[\s<>\"|]+|[,;]+(?=[\s<>\"|]|$|https?:|www\.|mailto:|ftps?:)", re.IGNORECASE)
_WEB: Final = re.compile(r"https?://\S+|(?<![\w./@])www\.\S+", re.IGNORECASE)
_OTHER_ADDRESS: Final = re.compile(r"\S+[:.@/]\w")
_ROW_NUMBER: Final = re.compile("[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the table: the number of its last line, and its cells by column."""

    line: int
    cells: Mapping[str, str]

    def line_of(self, column: str) -> str:
        return line_of_text(self.cells.get(column, ""))


@dataclass(slots=True)
class _Reading:
    """State of one reading of a table."""

    order: DateOrder
    lost: Remarks
    assumed: Remarks
    faults: Faults = field(default_factory=Faults)
    day: date | None = None


def read_csv(text: str, file: str) -> Programme:
    """Return the programme of a table, a session a row.

    Raises `EventFileError` where it has no header row with `title` and `start`, and for every cell that is not valid.
    """
    separator, text = _separator_of(text)
    try:
        table = list(_rows_of(text, separator))
    except csv.Error as error:
        raise refuse(file, N_("it is not a CSV file: %(reason)s"), reason=str(error)) from None
    header, columns = _header_of(table, file)
    rows = [_Row(line, dict(_cells(columns, cells))) for line, cells in table[header + 1 :]]
    if len(rows) > IMPORTED_SESSIONS:
        raise refuse(file, N_("it has more than %(most)s sessions"), most=IMPORTED_SESSIONS)
    lost, assumed = Remarks(), Remarks()
    for heading, column in zip(table[header][1], columns, strict=True):
        if not column and heading.strip():
            lost.add(N_("Columns whose heading is not known: %(count)s"), line_of_text(heading)[:80])
    order, is_doubtful = order_of(
        [row.cells.get("date") or row.cells.get("start", "").partition(" ")[0] for row in rows]
    )
    if is_doubtful:
        assumed.add(N_("Dates like 05/06 are read as day and month"))
    reading = _Reading(order, lost, assumed)
    sessions = tuple(session for row in rows if (session := _session(reading, row)) is not None)
    reading.faults.raise_any(file)
    return Programme(sessions, lost=lost.listed(), assumed=assumed.listed())


def _rows_of(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not empty, each with the number of its last line. Raises `csv.Error`."""
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=separator)
    return ((reader.line_num, row) for row in reader if any(cell.strip() for cell in row))


def _separator_of(text: str) -> tuple[str, str]:
    """Return the separator of the cells, and the text without the line `sep=;` that Excel may write."""
    if found := re.match(r"sep=(.)\r?\n", text):
        return found[1], text[found.end() :]
    head = "\n".join(text.splitlines()[:_HEADER_ROWS])

    def known(separator: str) -> int:
        try:
            return max(
                (len({*map(column_of, row[:IMPORTED_COLUMNS])} - {""}) for _, row in _rows_of(head, separator)),
                default=0,
            )
        except csv.Error:
            return 0

    return max(_SEPARATORS, key=known), text


def _header_of(table: Sequence[tuple[int, list[str]]], file: str) -> tuple[int, list[str]]:
    """Return the number of the header row, and the column of each of its cells; of two alike, the first counts.

    Raises `EventFileError` where there is none, or one of more than IMPORTED_COLUMNS.
    """
    for number, (_, row) in enumerate(table[:_HEADER_ROWS]):
        if len(row) > IMPORTED_COLUMNS:
            raise refuse(file, N_("it has more than %(most)s columns"), most=IMPORTED_COLUMNS)
        names = [column_of(heading) for heading in row]
        if "title" in names and ("start" in names or "date" in names):
            return number, [name if name not in names[:place] else "" for place, name in enumerate(names)]
    found = ", ".join(line_of_text(heading) for heading in (table[0][1] if table else []))[:200]
    text = N_("it has no header row with “title” and “start”; its first row is “%(row)s”")
    raise refuse(file, text, row=found)


def _cells(columns: Sequence[str], cells: Sequence[str]) -> Iterator[tuple[str, str]]:
    return ((column, cell.strip()) for column, cell in zip(columns, cells, strict=False) if column)


def _session(reading: _Reading, row: _Row) -> ImportedSession | None:
    title = row.line_of("title")
    if reason := unfit(row.line_of("private"), row.line_of("status")):
        reading.lost.add(reason, title)
        with suppress(_CellFault):
            reading.day = _day_of(reading, row)
        return None
    try:
        times = _times(reading, row, title)
    except _CellFault as fault:
        text = N_("line %(line)s: “%(value)s” cannot be read")
        reading.faults.add("", fault.column, text, title, line=row.line, value=row.cells.get(fault.column, "")[:80])
        return None
    if times is None:
        return None
    return ImportedSession(
        title,
        *times,
        guid=row.line_of("id"),
        kind=row.line_of("type"),
        subtitle=row.line_of("subtitle"),
        abstract=_paragraphs(reading, row, "abstract", title),
        description=_paragraphs(reading, row, "description", title),
        language=row.line_of("language"),
        rooms=_names(row, "room"),
        tracks=_names(row, "theme"),
        persons=tuple(ImportedPerson(name) for name in _names(row, "speakers", _BETWEEN_PERSONS)),
        links=tuple(ImportedLink(url) for url in _addresses(row.cells.get("links", ""))),
        tags=_names(row, "tags", _BETWEEN_PERSONS),
        cancelled=plain_words(row.line_of("status")) in CANCELLED,
        is_numbered=_ROW_NUMBER.fullmatch(row.line_of("id")) is not None,
        all_day=not row.cells.get("start") or plain_words(row.line_of("all_day")) in YES,
    )


def _paragraphs(reading: _Reading, row: _Row, column: str, title: str) -> str:
    text, images = paragraphs_of(row.cells.get(column, ""))
    if images:
        reading.lost.add(N_("Texts with images: %(count)s"), title)
    return text


def _addresses(cell: str) -> Iterator[str]:
    """Yield the addresses in a cell, whatever their scheme; one that begins with `www.` is one of the web."""
    for word in _BETWEEN_LINKS.split(cell):
        address = word.strip("(),;" if word.startswith("(") else ",;")
        if found := _WEB.search(address):
            yield found[0] if "://" in found[0] else f"https://{found[0]}"
        elif _OTHER_ADDRESS.match(address):
            yield address


def _names(row: _Row, column: str, between: re.Pattern[str] = _BETWEEN_NAMES) -> tuple[str, ...]:
    return distinct(line_of_text(name) for name in between.split(row.cells.get(column, "")))


class _CellFault(ValueError):
    """A cell cannot be read; `column` is its column."""

    def __init__(self, column: str) -> None:
        super().__init__(column)
        self.column = column


def _times(reading: _Reading, row: _Row, title: str) -> tuple[datetime, datetime] | None:
    """Return start and end of a row; None where it has neither. Raises `_CellFault`."""
    start = _start(reading, row, title)
    if start is None:
        reading.lost.add(N_("Sessions without a date and a time: %(count)s"), title)
        return None
    end = _end(reading, row, start)
    if end is not None and (end.tzinfo is None) != (start.tzinfo is None):
        end = end.replace(tzinfo=start.tzinfo)
    if end is None or end <= start:
        text = N_("Sessions without a length, taken as %(minutes)s minutes: %(count)s")
        if row.cells.get("start"):
            reading.assumed.add(text, title, minutes=ASSUMED_SESSION_MINUTES)
        end = start + (timedelta(minutes=ASSUMED_SESSION_MINUTES) if row.cells.get("start") else timedelta(days=1))
    return start, end


def _start(reading: _Reading, row: _Row, title: str) -> datetime | None:
    clock, day = row.cells.get("start", ""), row.cells.get("date", "")
    reading.day = _day_of(reading, row)
    if day:
        if not clock and ":" in day:
            return _moment(reading, row, "date", day)
    elif clock and _has_date(clock):
        return _moment(reading, row, "start", clock)
    elif not clock:
        return None
    elif reading.day is None:
        raise _CellFault("date")
    else:
        reading.assumed.add(N_("Sessions without a date, taken as on the date of the row above: %(count)s"), title)
    if clock and _has_date(clock):
        return _moment(reading, row, "start", clock)
    since = _read(row, "start", read_time, clock) if clock else timedelta()
    return _midnight(reading.day) + since if reading.day else None


def _day_of(reading: _Reading, row: _Row) -> date | None:
    """Return the date of a row, that of the rows above where it has none. Raises `_CellFault`."""
    day = row.cells.get("date", "")
    return _read_date(reading, row, "date", day.partition(" ")[0] if ":" in day else day) if day else reading.day


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time())


def _has_date(text: str) -> bool:
    """Return whether a time comes with its date: `2027-06-12 09:30`, `12/06/2027 9h30`."""
    return re.match(r"\s*[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}\D", text) is not None


def _end(reading: _Reading, row: _Row, start: datetime) -> datetime | None:
    """Return the end of a row, that of the next date where it is not after the start; None where it has none."""
    end, length = row.cells.get("end", ""), row.cells.get("duration", "")
    if end and _has_date(end):
        return _moment(reading, row, "end", end)
    if end:
        clock = _read(row, "end", read_time, end)
        if day := row.cells.get("end_date"):
            return _midnight(_read_date(reading, row, "end_date", day)) + clock
        given = start.date() if reading.day is None or _has_date(row.cells.get("start", "")) else reading.day
        moment = _midnight(given).replace(tzinfo=start.tzinfo) + clock
        return moment if moment >= start else moment + timedelta(days=1)
    return start + _read(row, "duration", read_length, length) if length else None


def _moment(reading: _Reading, row: _Row, column: str, text: str) -> datetime:
    return _read(row, column, lambda cell: read_moment(cell, reading.order), text)


def _read_date(reading: _Reading, row: _Row, column: str, text: str) -> date:
    return _read(row, column, lambda cell: read_date(cell, reading.order), text)


def _read(row: _Row, column: str, read: Callable[[str], _Value], text: str) -> _Value:
    """Return the value that `read` finds in `text`. Raises `_CellFault`."""
    try:
        return read(text)
    except (ValueError, OverflowError):
        raise _CellFault(column) from None
