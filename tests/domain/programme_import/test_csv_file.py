"""Programmes of spreadsheets, saved as CSV."""

from dataclasses import replace
from datetime import datetime
from typing import Final

import pytest

from portal.domain.limits import IMPORTED_COLUMNS
from portal.domain.programme_import.file_format import read_programme
from portal.domain.programme_import.programme import ImportedLink, ImportedPerson, ImportedSession, Remark
from tests.factories.programmes import faults_in

HEADER: Final = (
    "id,title,subtitle,date,start,end,duration,room,theme,type,speakers,abstract,description,"
    "language,links,tags,status\n"
)
ROW: Final = (
    'a1,"Alpha, amet",Sit,2027-06-12,9:30,10:15,,Dolor;Elit,Gamma|Delta,talk,"Ada Lorem, Bo",Un.,"Deux\n\ntrois",fr,'
    '"https://lorem.example/a https://lorem.example/b","x, y",cancelled\n'
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 6, day, hour, minute)  # noqa: DTZ001 -- by the clocks of the event


def sessions(content: str | bytes) -> tuple[ImportedSession, ...]:
    return read_programme(content.encode() if isinstance(content, str) else content, "lorem.csv").sessions


WHOLE: Final = ImportedSession(
    "Alpha, amet",
    at(12, 9, 30),
    at(12, 10, 15),
    guid="a1",
    kind="talk",
    subtitle="Sit",
    abstract="Un.",
    description="Deux\n\ntrois",
    language="fr",
    rooms=("Dolor", "Elit"),
    tracks=("Gamma", "Delta"),
    persons=(ImportedPerson("Ada Lorem"), ImportedPerson("Bo")),
    links=(ImportedLink("https://lorem.example/a"), ImportedLink("https://lorem.example/b")),
    tags=("x", "y"),
    cancelled=True,
)
PLAIN: Final = ImportedSession("Été", at(12, 9, 30), at(12, 10, 15), rooms=("Dolor",))


def test_every_documented_column_is_read() -> None:
    assert sessions(HEADER + ROW) == (WHOLE,)


SPREADSHEETS: Final = {
    "commas": "title,date,start,end,room\nÉté,2027-06-12,09:30,10:15,Dolor\n",
    "semicolons and French headings": "Titre;Jour;Début;Fin;Salle\r\nÉté;12/06/2027;9h30;10h15;Dolor\r\n",
    "tabs": "Titre\tDate\tHeure de début\tHeure de fin\tLieu\nÉté\t12/06/2027\t09:30:00\t10:15:00\tDolor\n",
    "the line by which Excel names the separator": "sep=;\r\n"
    "title;date;start;end;room\r\nÉté;12/06/27;9:30;10:15;Dolor\r\n",
    "a length in the place of an end": "title,date,start,duration,room\nÉté,2027-06-12,09:30,45,Dolor\n",
    "a start with its date": "title,start,end,room\nÉté,2027-06-12T09:30,2027-06-12T10:15,Dolor\n",
    "a start with its date as Excel shows it": "title;start;end;room\nÉté;12/06/2027 09:30;12/06/2027 10:15;Dolor\n",
    "the columns of Outlook and Google": (
        "Subject,Start Date,Start Time,End Date,End Time,All day event,Location\n"
        "Été,06/12/2027,9:30 AM,06/12/2027,10:15 AM,False,Dolor\nx,06/13/2027,9:30 AM,06/13/2027,10:15 AM,False,\n"
    ),
    "a line above the header": "Programme de Lorem;;;;\n;;;;\n"
    "title;date;start;end;room\nÉté;12/06/2027;9:30;10:15;Dolor\n",
    "a row without anything": "title,date,start,end,room\n,,,,\nÉté,2027-06-12,09:30,10:15,Dolor\n,,,,\n",
    "a byte order mark": "\ufefftitle,date,start,end,room\nÉté,2027-06-12,09:30,10:15,Dolor\n",
    "a date in words": "title;date;start;end;room\nÉté;samedi 12 juin 2027;9h30;10h15;Dolor\n",
}


@pytest.mark.parametrize("content", SPREADSHEETS.values(), ids=SPREADSHEETS.keys())
def test_table_of_a_spreadsheet_is_read(content: str) -> None:
    assert sessions(content)[0] == PLAIN


def test_windows_1252_is_recognised_and_named() -> None:
    content = SPREADSHEETS["semicolons and French headings"].encode("cp1252")
    programme = read_programme(content, "lorem.csv")
    assert programme.sessions == (PLAIN,)
    assert programme.assumed == (
        Remark("The file is not UTF-8; it was read as Windows-1252", 1),
        Remark("Dates like 05/06 are read as day and month", 1),
    )


NIGHTS: Final = {
    "an end after midnight": ("22:00,01:00,", (at(12, 22), at(13, 1))),
    "an end at midnight": ("22:00,24:00,", (at(12, 22), at(13, 0))),
    "a start at 25:30": ("25:30,26:00,", (at(13, 1, 30), at(13, 2))),
    "a length over midnight": ("23:00,,2h", (at(12, 23), at(13, 1))),
    "neither end nor length": ("9:30,,", (at(12, 9, 30), at(12, 10))),
    "an end that is the start": ("9:30,9:30,", (at(12, 9, 30), at(12, 10))),
}


@pytest.mark.parametrize(("cells", "span"), NIGHTS.values(), ids=NIGHTS.keys())
def test_end_of_a_row_is_after_its_start(cells: str, span: tuple[datetime, datetime]) -> None:
    found = sessions(f"title,date,start,end,duration\nx,2027-06-12,{cells}\n")[0]
    assert (found.start, found.end) == span


def test_date_of_the_row_above_counts_where_a_row_has_none() -> None:
    programme = read_programme(b"title,date,start\na,2027-06-12,9:00\nb,,10:00\nc,2027-06-13,9:00\n", "lorem.csv")
    assert [session.start for session in programme.sessions] == [at(12, 9), at(12, 10), at(13, 9)]
    assert programme.assumed[1] == Remark(
        "Sessions without a date, taken as on the date of the row above: %(count)s", 1, ("b",)
    )


def test_row_without_a_time_takes_the_whole_day() -> None:
    assert sessions("title,date,start\nx,2027-06-12,\n") == (ImportedSession("x", at(12, 0), at(13, 0), all_day=True),)


def test_what_is_not_kept_is_named() -> None:
    content = b"title,date,start,end,e-mail,note\nx,2027-06-12,9:00,10:00,a@b.example,c\ny,,,,,\n"
    assert read_programme(content, "lorem.csv").lost == (
        Remark("Columns whose heading is not known: %(count)s", 2, ("e-mail", "note")),
        Remark("Sessions without a date and a time: %(count)s", 1, ("y",)),
    )


LEFT_OUT: Final = {
    "marked as private by Outlook": (
        "Private",
        ("True", "FALSE", ""),
        Remark("Entries that are marked as private: %(count)s", 1, ("a",)),
    ),
    "marked as private in words": (
        "Critère de diffusion",
        ("Privé", "Normal", ""),
        Remark("Entries that are marked as private: %(count)s", 1, ("a",)),
    ),
    "not accepted": (
        "status",
        ("Rejected", "confirmed", "accepted"),
        Remark("Sessions that are not accepted, such as drafts and rejected ones, left out: %(count)s", 1, ("a",)),
    ),
    "withdrawn, in French": (
        "État",
        ("retirée", "confirmée", ""),
        Remark("Sessions that are not accepted, such as drafts and rejected ones, left out: %(count)s", 1, ("a",)),
    ),
}


@pytest.mark.parametrize(("heading", "cells", "remark"), LEFT_OUT.values(), ids=LEFT_OUT.keys())
def test_row_that_is_not_public_is_left_out(heading: str, cells: tuple[str, str, str], remark: Remark) -> None:
    rows = [f"{title},2027-06-12,9:00,10:00,{cell}" for title, cell in zip("abc", cells, strict=True)]
    programme = read_programme("\n".join([f"title,date,start,end,{heading}", *rows]).encode(), "lorem.csv")
    assert [session.title for session in programme.sessions] == ["b", "c"]
    assert programme.lost == (remark,)


def test_date_of_a_row_that_is_not_public_counts_below_it() -> None:
    found = sessions("title,date,start,status\na,2027-06-12,9:00,\nb,2027-06-13,9:00,draft\nc,,10:00,\n")
    assert [(each.title, each.start) for each in found] == [("a", at(12, 9)), ("c", at(13, 10))]


def test_cells_of_a_row_that_is_not_public_are_no_fault() -> None:
    assert [each.title for each in sessions("title,date,start,status\na,?,?,draft\nb,2027-06-12,9:00,\n")] == ["b"]


LINKS: Final = {
    "commas and no space": ("https://a.example/x,https://b.example", ["https://a.example/x", "https://b.example"]),
    "a comma within an address": ("https://a.example/1,2;v=3", ["https://a.example/1,2;v=3"]),
    "semicolons, one at the end": ("https://a.example; http://b.example;", ["https://a.example", "http://b.example"]),
    "an address without its scheme": (
        "www.a.example, WWW.b.example",
        ["https://www.a.example", "https://WWW.b.example"],
    ),
    "other schemes": ("mailto:a@b.example;ftp://c.example", ["mailto:a@b.example", "ftp://c.example"]),
    "words beside it": (
        "Slides: <https://a.example> and (http://b.example)",
        ["https://a.example", "http://b.example"],
    ),
    "a word right before it": ("Slides:https://a.example", ["https://a.example"]),
    "an address within an address": ("https://a.example/https://b.example", ["https://a.example/https://b.example"]),
    "addresses that nobody can open": ("ada@lorem.example lorem.example/a", ["ada@lorem.example", "lorem.example/a"]),
    "none": ("", []),
}


@pytest.mark.parametrize(("cell", "urls"), LINKS.values(), ids=LINKS.keys())
def test_every_address_in_a_cell_is_a_link(cell: str, urls: list[str]) -> None:
    found = sessions(f'title,date,start,links\na,2027-06-12,9:00,"{cell}"\n')[0].links
    assert found == tuple(ImportedLink(url) for url in urls)


BAD: Final = {
    "too many columns": (
        "title,date,start" + ",end" * IMPORTED_COLUMNS,
        [f" : it has more than {IMPORTED_COLUMNS} columns ()"],
    ),
    "no heading that is known": (
        "un,deux\n1,2\n",
        [" : it has no header row with “title” and “start”; its first row is “un, deux” ()"],
    ),
    "cells that cannot be read": (
        "title,date,start,end\na,2027-06-12,noon,10:00\nb,tomorrow,9:00,\nc,2027-06-12,9:00,late\n",
        [
            "a start: line 2: “noon” cannot be read ()",
            "b date: line 3: “tomorrow” cannot be read ()",
            "c end: line 4: “late” cannot be read ()",
        ],
    ),
    "a first row without a date": ("title,date,start\na,,9:00\n", ["a date: line 2: “” cannot be read ()"]),
    "only a header": ("title,date,start\n", [" : it has no session ()"]),
    "a cell without an end": (
        'title,date,start\n"' + "x" * 200_000,
        [" : it is not a CSV file: field larger than field limit (131072) ()"],
    ),
}


@pytest.mark.parametrize(("content", "expected"), BAD.values(), ids=BAD.keys())
def test_bad_table_is_refused_with_its_lines(content: str, expected: list[str]) -> None:
    assert faults_in(content, "lorem.csv") == expected


def test_cancelled_is_said_in_french_too() -> None:
    content = (HEADER + ROW).replace("cancelled\n", "annulé\n")
    assert sessions(content) == (replace(WHOLE, cancelled=True),)
