"""The lists of words: no repetition, letters that every keyboard has, none of the words that were removed."""

import re
from math import floor, log2
from typing import Final

import pytest

from portal.domain.language import Language
from portal.domain.limits import PASSPHRASE_WORDS
from portal.origin.word_lists import excluded_words, source_list, word_lists
from tests.checkout import ROOT

LEAST_BITS_A_WORD: Final = 12.5
STATED: Final = (
    ROOT / "docs" / "threat-model.md",
    ROOT / "docs" / "adr" / "0008-diceware-words.md",
    ROOT / "portal" / "domain" / "registration" / "passphrase.py",
)

REMOVED: Final[dict[str, tuple[Language, tuple[str, ...]]]] = {
    "slurs and insults in French": ("fr", ("guenon", "kanake", "laideron", "mongol", "mongole", "racaille", "truie")),
    "peoples in French": ("fr", ("arabe", "gitane", "juif", "juive", "kurde", "lapone", "tzigane")),
    "religions in French": ("fr", ("bible", "coran", "huguenot", "imam", "mormone", "rabbin", "ramadan")),
    "violence in French": ("fr", ("bataclan", "lapider", "lynchage", "rafla", "rafle", "rafler", "torture")),
    "weapons in French": ("fr", ("arme", "bombe", "grenade", "machette", "poignard", "revolver")),
    "death in French": ("fr", ("cercueil", "morte", "mourir", "tombeau", "tuer")),
    "sex in French": ("fr", ("jouir", "levrette", "libido", "orgie", "pucelage")),
    "bodily functions in French": ("fr", ("crottin", "lavement", "miction", "roter", "vomir")),
    "illness in French": ("fr", ("cancer", "folie", "handicap", "malade", "variole")),
    "drugs in French": ("fr", ("alcool", "drogue", "ivrogne", "morphine", "opium")),
    "a word that lost its accent": ("fr", ("retarde", "tare", "cure")),
    "slurs and insults in English": ("en", ("eskimo", "imbecile", "mongrel", "nappy", "savage", "spinster")),
    "peoples in English": ("en", ("apache", "caucasian", "creole", "french", "roman", "yiddish")),
    "religions in English": ("en", ("buddhist", "islamic", "kosher", "pope", "sabbath", "saint")),
    "violence in English": ("en", ("battered", "stoning", "strangle", "violation")),
    "weapons in English": ("en", ("bazooka", "dagger", "handgun", "landmine", "musket")),
    "death in English": ("en", ("casket", "deceased", "headstone", "mortuary", "obituary")),
    "sex in English": ("en", ("arousal", "gigolo", "lustily", "negligee", "seduce")),
    "bodily functions in English": ("en", ("excretion", "rectal", "sweat", "upchuck")),
    "illness in English": ("en", ("autistic", "diabetic", "epilepsy", "lunacy")),
    "drugs in English": ("en", ("cannabis", "junkie", "opium", "valium")),
}


LISTED: Final = ("fr", "en")


@pytest.mark.parametrize("language", LISTED)
def test_list_is_the_source_without_the_excluded_words(language: Language) -> None:
    words, excluded = word_lists()[language], excluded_words(language)
    assert set(words) & set(excluded) == set()
    assert set(words) | set(excluded) == set(source_list(language))
    assert len(words) == len(set(words)) == len(source_list(language)) - len(excluded)


@pytest.mark.parametrize("language", LISTED)
def test_every_excluded_word_is_in_the_source(language: Language) -> None:
    """Notice a new version of diceware with other words, which needs a review."""
    source = source_list(language)
    assert (len(source), sorted(set(excluded_words(language)) - set(source))) == (7_776, [])


@pytest.mark.parametrize("language", LISTED)
def test_excluded_words_are_sorted_and_different(language: Language) -> None:
    assert list(excluded_words(language)) == sorted(set(excluded_words(language)))


@pytest.mark.parametrize(("language", "words"), REMOVED.values(), ids=REMOVED)
def test_word_is_excluded(language: Language, words: tuple[str, ...]) -> None:
    assert [word for word in words if word not in excluded_words(language)] == []


@pytest.mark.parametrize("language", LISTED)
def test_enough_words_are_left(language: Language) -> None:
    assert log2(len(word_lists()[language])) >= LEAST_BITS_A_WORD


def test_stated_bits_are_those_of_the_shorter_list() -> None:
    bits = floor(PASSPHRASE_WORDS * log2(min(len(words) for words in word_lists().values())))
    stated = {path.name: set(re.findall(r"\b(7\d(?:\.\d)?) bits", path.read_text(encoding="utf-8"))) for path in STATED}
    assert stated == {path.name: {str(bits)} for path in STATED}


@pytest.mark.parametrize("language", LISTED)
def test_words_are_plain_letters(language: Language) -> None:
    assert [word for word in word_lists()[language] if not word.isascii() or not word.replace("-", "").isalpha()] == []


def test_lists_are_those_of_their_language() -> None:
    assert (word_lists()["fr"][0], word_lists()["en"][0]) == ("abaisse", "abacus")


def test_language_without_a_list_has_the_english_words() -> None:
    assert word_lists()["es"] == word_lists()["en"]
