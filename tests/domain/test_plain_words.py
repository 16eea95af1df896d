"""Words as a person compares them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.text import plain_words

SAME = {
    "capitals": ("LOUISE", "louise"),
    "accents": ("Élodie à Nîmes", "elodie a nimes"),
    "accents apart": ("E\u0301lodie", "Élodie"),
    "wide letters": ("Ａｄａ", "ada"),
    "a sharp s": ("Strauß", "strauss"),
    "Greek": ("ΝΑΥΣΙΚΆ", "ναυσικα"),
}


@pytest.mark.parametrize("case", SAME)
def test_plain_words_are_the_same_but_for(case: str) -> None:
    first, other = SAME[case]
    assert plain_words(first) == plain_words(other)


@given(st.text())
def test_plain_words_have_no_capital(text: str) -> None:
    assert plain_words(text).casefold() == plain_words(text)


@given(st.text(st.characters(codec="ascii")))
def test_plain_words_of_plain_letters_take_the_short_way_to_the_same(text: str) -> None:
    assert plain_words(text + "é") == plain_words(text) + "e"
