"""French spacing, and capitals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.site.typography import capitalised, typeset

CASES = {
    "before a double sign": ("Quoi ? Oui ! Voici : ceci ; cela", "Quoi\xa0? Oui\xa0! Voici\xa0: ceci\xa0; cela"),
    "inside quotes": ("« libre »", "«\xa0libre\xa0»"),
    "in a clock time": ("à 11 h 20, puis 12 h", "à 11\xa0h\xa020, puis 12\xa0h"),
    "not between a time and another number": ("à 11 h 300 places", "à 11\xa0h 300 places"),
    "between a postcode and its city": ("75019 Paris", "75019\xa0Paris"),
    "not after any other number": ("2026 Paris, 10000 places", "2026 Paris, 10000 places"),
    "not where the sign belongs to a word": ("un :mot", "un :mot"),
    "not at the start of a line, where it may be Markdown": ("a\n ! b", "a\n ! b"),
}


@pytest.mark.parametrize(("text", "shown"), CASES.values(), ids=CASES.keys())
def test_french_spaces_do_not_break(text: str, shown: str) -> None:
    assert typeset(text, "fr") == shown


@given(st.text())
def test_typeset_changes_nothing_but_spaces(text: str) -> None:
    assert typeset(text, "en") == text
    assert typeset(text, "fr").replace("\xa0", " ") == text.replace("\xa0", " ")


def test_capitalised_leaves_the_rest_of_the_text() -> None:
    assert capitalised("un condensat HMAC") == "Un condensat HMAC"
    assert capitalised("") == ""
