"""The list as a file: any spreadsheet reads it back (RFC 4180), and none takes a pseudonym for a formula."""

import csv
from io import StringIO
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.registration.registration import State
from portal.domain.registration.registration_list import LINES_A_PIECE, list_as_csv

HEADER: Final = ("Pseudonym", "State")
WORDS: Final = {State.SEATED: "Has a seat", State.WAITING: "Waiting, by lot", State.ARRIVED: "Arrived"}
FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")


def test_file_is_a_header_and_a_line_for_each() -> None:
    listed = [("Ada", State.SEATED), ('Béa "la rouge", dite', State.WAITING), ("", State.ARRIVED)]
    assert "".join(list_as_csv(listed, HEADER, WORDS)) == (
        '"Pseudonym","State"\r\n"Ada","Has a seat"\r\n"Béa ""la rouge"", dite","Waiting, by lot"\r\n"","Arrived"\r\n'
    )


@pytest.mark.parametrize("first", [*FORMULAS, "\n", "＝", "－"])
def test_pseudonym_that_begins_like_a_formula_is_a_text(first: str) -> None:
    (_, line) = csv.reader(StringIO("".join(list_as_csv([(f"{first}1+1", State.SEATED)], HEADER, WORDS)), newline=""))
    assert line == [f"'{first}1+1", "Has a seat"]


@pytest.mark.parametrize("separator", [";", "\t", " ", "|"])
def test_pseudonym_is_one_cell_whatever_the_spreadsheet_takes_for_a_separator(separator: str) -> None:
    pseudonym = f"a{separator}=cmd|' /C calc'!A0{separator}b"
    written = StringIO("".join(list_as_csv([(pseudonym, State.SEATED)], HEADER, WORDS)), newline="")
    (_, line) = csv.reader(written, delimiter=separator)
    assert line[0].startswith(pseudonym)


@given(st.lists(st.tuples(st.text(max_size=8), st.sampled_from(State)), max_size=30))
def test_any_list_is_read_back(listed: list[tuple[str, State]]) -> None:
    written = "".join(list_as_csv(listed, HEADER, WORDS))
    header, *lines = csv.reader(StringIO(written, newline=""), strict=True)
    assert (tuple(header), len(lines)) == (HEADER, len(listed))
    for (pseudonym, state), (cell, words) in zip(listed, lines, strict=True):
        assert (cell.removeprefix("'"), words) == (pseudonym.removeprefix("'"), WORDS[state])
        assert not cell.startswith(FORMULAS)


def test_long_list_comes_in_pieces() -> None:
    pieces = list(list_as_csv([("P", State.SEATED)] * (2 * LINES_A_PIECE + 1), HEADER, WORDS))
    assert [piece.count("\r\n") for piece in pieces] == [1, LINES_A_PIECE, LINES_A_PIECE, 1]
