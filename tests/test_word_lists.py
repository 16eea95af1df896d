"""The lists of words: whole, without repetition, and of letters that every keyboard has."""

import pytest

from portal.domain.language import LANGUAGES, Language
from portal.word_lists import word_lists


@pytest.mark.parametrize("language", LANGUAGES)
def test_list_has_7776_different_words(language: Language) -> None:
    words = word_lists()[language]
    assert (len(words), len(set(words))) == (7_776, 7_776)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_plain_letters(language: Language) -> None:
    assert [word for word in word_lists()[language] if not word.isascii() or not word.replace("-", "").isalpha()] == []


def test_lists_are_those_of_their_language() -> None:
    assert (word_lists()["fr"][0], word_lists()["en"][0]) == ("abaisse", "abacus")
