"""The lines at which the faults of an event file stand."""

from typing import Final

import pytest

from portal.domain.errors import Problem
from portal.domain.event.line_numbers import with_lines

FILE: Final = '''\
# [event] in a comment is none
[event]
id = "a"   # "id = 7
name.fr = """
[texts]
start = "10:00"
"""
"name" . 'en' = \'\'\'
[[sessions]] \'\'\'
tags = [
  "[place]", # ]
  { a = 1 },
]
day = "2027-01-01"
[ place ]
city = "#"

[[sessions]]
title.fr = "\\""
[[sessions]]
id = "b"
title = { fr = "x" }
'''
PLACES: Final = {
    "a table": ("event", "", 2),
    "a key with a comment after it": ("event", "id", 3),
    "a text over several lines, at its first": ("event", "name.fr", 4),
    "a key in quotes, with spaces around the dot": ("event", "name.en", 8),
    "a list over several lines": ("event", "tags", 10),
    "a key after it": ("event", "day", 14),
    "a key that is missing, at its table": ("event", "zone", 2),
    "a language that is missing, at the text": ("sessions[1]", "title.en", 19),
    "a table with spaces within its brackets": ("place", "", 15),
    "a hash in a text": ("place", "city", 16),
    "the first of a list": ("sessions[1]", "", 18),
    "a key of the second": ("sessions[2]", "id", 21),
    "a language in braces, at its key": ("sessions[2]", "title.fr", 22),
    "a table that is missing": ("texts", "", 0),
    "the whole file": ("", "", 0),
}


@pytest.mark.parametrize(("table", "key", "line"), PLACES.values(), ids=PLACES.keys())
def test_problem_is_at_the_line_of(table: str, key: str, line: int) -> None:
    assert with_lines([Problem(table, key, "wrong")], FILE) == [Problem(table, key, "wrong", line=line)]


def test_only_day_in_a_list_is_found_by_its_key_there() -> None:
    text = '[event]\nid = "a"\n[[days]]\ndate = "2027-01-01"\nstart = "9"\n'
    wrong = [Problem("event", key, "wrong") for key in ("day", "start", "end")]
    assert [problem.line for problem in with_lines(wrong, text)] == [4, 5, 1]


@pytest.mark.parametrize("text", ['"' * 100_000, "[" * 100_000, "'''" + "a\n" * 50_000, 'a = "\\' * 20_000])
def test_text_that_is_no_toml_is_read_to_its_end(text: str) -> None:
    assert with_lines([Problem("event", "", "wrong")], text) == [Problem("event", "", "wrong")]
