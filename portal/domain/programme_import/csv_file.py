"""Reader of a table with a header row: CSV (RFC 4180), with commas, semicolons or tabs, as spreadsheets write it."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, TypeVar

from portal.domain.language import N_
from portal.domain.limits import ASSUMED_SESSION_MINUTES, IMPORTED_SESSIONS
from portal.domain.programme_import.clock import DateOrder, order_of, read_date, read_length, read_moment, read_time
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

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id", "guid", "uid", "code", "identifiant", "proposalid", "submissionid"),
    "title": ("title", "titre", "intitule", "session", "sujet", "nom", "name", "titel", "summary", "subject"),
    "subtitle": ("subtitle", "soustitre", "untertitel"),
    "date": ("date", "day", "jour", "datum", "tag", "startdate", "datededebut", "datedebut"),
    "start": ("start", "debut", "heure", "horaire", "time", "starttime", "heurededebut", "heuredebut", "beginn"),
    "end_date": ("enddate", "datedefin", "datefin"),
    "end": ("end", "fin", "endtime", "heuredefin", "heurefin", "ende", "to", "a"),
    "duration": ("duration", "duree", "dauer", "length", "minutes"),
    "room": ("room", "rooms", "salle", "salles", "lieu", "location", "raum", "place", "venue"),
    "theme": ("theme", "themes", "track", "tracks", "parcours", "thematique", "piste", "categorie", "category"),
    "type": ("type", "kind", "format", "sessiontype", "submissiontype", "genre"),
    "speakers": ("speakers", "speaker", "persons", "intervenants", "intervenant", "intervenantes", "intervenante"),
    "abstract": ("abstract", "resume", "chapo", "shortdescription"),
    "description": ("description", "beschreibung", "details", "texte", "longdescription"),
    "language": ("language", "langue", "lang", "sprache"),
    "links": ("links", "link", "lien", "liens", "url", "urls"),
    "tags": ("tags", "tag", "motscles", "keywords", "etiquettes"),
    "status": ("status", "etat", "statut", "cancelled", "annule", "annulee"),
    "all_day": ("alldayevent", "journeeentiere"),
}
_MORE: Final[Mapping[str, tuple[str, ...]]] = {
    "title": ("sessiontitle", "proposaltitle", "titredelasession"),
    "start": ("uhrzeit", "begin", "from", "de"),
    "speakers": ("orateurs", "orateur", "oratrices", "conferenciers", "vortragende", "speakernames", "presenters"),
}
"""The columns that are read, each with the headings that mean it: without capitals, accents, spaces and signs."""

_BY_HEADING: Final = {
    heading: column for known in (COLUMNS, _MORE) for column, headings in known.items() for heading in headings
}
_NOT_IN_HEADINGS: Final = re.compile(r"[^a-z0-9]+")
_SEPARATORS: Final = ",;\t"
_HEADER_ROWS: Final = 10
_BETWEEN_NAMES: Final = re.compile(r"[;|\n]")
_BETWEEN_PERSONS: Final = re.compile(r"[;|,\n]")
_URL: Final = re.compile(r"https?://[^\s<>\"]+")
_CANCELLED: Final = frozenset(
    {"cancelled", "canceled", "annule", "annulee", "abgesagt", "yes", "oui", "true", "1", "x"}
)
_YES: Final = frozenset({"yes", "oui", "true", "1", "x", "vrai"})


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
            return max((len(_columns(row) & {*COLUMNS}) for _, row in _rows_of(head, separator)), default=0)
        except csv.Error:
            return 0

    return max(_SEPARATORS, key=known), text


def _columns(row: Sequence[str]) -> set[str]:
    return {_column(heading) for heading in row}


def _column(heading: str) -> str:
    """Return the column that a heading means, "" for none."""
    return _BY_HEADING.get(_NOT_IN_HEADINGS.sub("", plain_words(heading)), "")


def _header_of(table: Sequence[tuple[int, list[str]]], file: str) -> tuple[int, list[str]]:
    """Return the number of the header row, and the column of each of its cells; of two alike, the first counts."""
    for number, (_, row) in enumerate(table[:_HEADER_ROWS]):
        names = [_column(heading) for heading in row]
        if "title" in names and ("start" in names or "date" in names):
            return number, [name if name not in names[:place] else "" for place, name in enumerate(names)]
    found = ", ".join(line_of_text(heading) for heading in (table[0][1] if table else []))[:200]
    text = N_("it has no header row with “title” and “start”; its first row is “%(row)s”")
    raise refuse(file, text, row=found)


def _cells(columns: Sequence[str], cells: Sequence[str]) -> Iterator[tuple[str, str]]:
    return ((column, cell.strip()) for column, cell in zip(columns, cells, strict=False) if column)


def _session(reading: _Reading, row: _Row) -> ImportedSession | None:
    title = row.line_of("title")
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
        links=tuple(ImportedLink(url) for url in _URL.findall(row.cells.get("links", ""))),
        tags=_names(row, "tags", _BETWEEN_PERSONS),
        cancelled=plain_words(row.line_of("status")) in _CANCELLED,
        all_day=not row.cells.get("start") or plain_words(row.line_of("all_day")) in _YES,
    )


def _paragraphs(reading: _Reading, row: _Row, column: str, title: str) -> str:
    text, images = paragraphs_of(row.cells.get(column, ""))
    if images:
        reading.lost.add(N_("Texts with images: %(count)s"), title)
    return text


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
    if day:
        reading.day = _read_date(reading, row, "date", day.partition(" ")[0] if ":" in day else day)
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
    return _midnight(reading.day) + since


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
