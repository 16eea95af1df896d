"""Words that passphrases are made of: diceware's lists without the words that could offend."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from portal.domain.language import LANGUAGES, Language

_LISTS: Final[dict[Language, str]] = {"fr": "wordlist_fr.txt", "en": "wordlist_en_eff.txt"}


@cache
def word_lists() -> Mapping[Language, tuple[str, ...]]:
    """Return the words to draw from in each of the portal's own languages, at least 6,500 (12.6 bits a word).

    A language that has no list here has the English words.
    """
    return {language: _remaining(language if language in _LISTS else "en") for language in LANGUAGES}


def source_list(language: Language) -> tuple[str, ...]:
    """Return the 7,776 words of diceware's list; each line of its file is five digits, a space and a word."""
    lines = files("diceware").joinpath("wordlists", _LISTS[language]).read_text(encoding="utf-8").splitlines()
    return tuple(line.split()[1] for line in lines if line.strip())


def excluded_words(language: Language) -> tuple[str, ...]:
    """Return the words that are never drawn: slurs, peoples, religions, violence, death, sex, illness, …"""
    lines = files("portal").joinpath("excluded_words", f"{language}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if not line.startswith("#"))


def _remaining(language: Language) -> tuple[str, ...]:
    excluded = frozenset(excluded_words(language))
    return tuple(word for word in source_list(language) if word not in excluded)
