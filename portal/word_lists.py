"""The words that passphrases are made of: the lists of 7,776 words, in each language, of the package diceware."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from portal.domain.language import LANGUAGES, Language

_LISTS: Final[dict[Language, str]] = {"fr": "wordlist_fr.txt", "en": "wordlist_en_eff.txt"}


@cache
def word_lists() -> Mapping[Language, tuple[str, ...]]:
    """7,776 words for each language: five throws of a die choose one (12.9 bits)."""
    return {language: _words(_LISTS[language]) for language in LANGUAGES}


def _words(name: str) -> tuple[str, ...]:
    """The words of a list; each line is five digits, a blank and a word."""
    lines = files("diceware").joinpath("wordlists", name).read_text(encoding="utf-8").splitlines()
    return tuple(line.split()[1] for line in lines if line.strip())
