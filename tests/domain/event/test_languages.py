"""The languages of an event: those of earlier files, one alone, several, and what a file may say of them."""

from dataclasses import replace
from typing import Final

import pytest

from portal.domain.event.event_file import event_from_mapping, event_to_mapping, read_event
from portal.domain.event.languages import languages_of, own_language_of, surrounding_language, words_of
from portal.domain.language import Language, Text
from portal.domain.limits import EVENT_LANGUAGES
from portal.site.event_toml import event_toml
from tests.factories.event_file import faults, small
from tests.factories.sample import EVENT

IN_FILE: Final[dict[str, tuple[str, tuple[Language, ...], tuple[Language, ...]]]] = {
    "French, as earlier files say it": ('language = "fr"', (), ("fr", "en")),
    "English, as earlier files say it": ('language = "en"', (), ("en", "fr")),
    "a language that earlier portals did not have": ('language = "de"', (), ("de",)),
    "one language": ('languages = ["fr"]', ("fr",), ("fr",)),
    "three languages": ('languages = ["es", "fr", "pt-BR"]', ("es", "fr", "pt-BR"), ("es", "fr", "pt-BR")),
    "the main one twice": ('language = "fr"\nlanguages = ["fr", "de"]', ("fr", "de"), ("fr", "de")),
}


@pytest.mark.parametrize(("line", "written", "languages"), IN_FILE.values(), ids=IN_FILE.keys())
def test_languages_are_read_from_a_file(
    line: str, written: tuple[Language, ...], languages: tuple[Language, ...]
) -> None:
    event = read_event(small(('language = "fr"', line)), "small.toml")
    assert (event.languages, event.language, languages_of(event)) == (written, languages[0], languages)
    assert event_from_mapping(event_to_mapping(event), "") == event
    assert read_event(event_toml(event), "again.toml") == event


def test_main_language_is_written_once() -> None:
    facts = event_to_mapping(replace(EVENT, language="de", languages=("de", "fr")))["event"]
    assert isinstance(facts, dict)
    assert facts["languages"] == ["de", "fr"]
    assert "language" not in facts


def test_event_of_an_earlier_portal_is_written_without_a_list_of_languages() -> None:
    facts = event_to_mapping(EVENT)["event"]
    assert isinstance(facts, dict)
    assert facts["language"] == "fr"
    assert "languages" not in facts


MANY: Final = ", ".join(f'"{tag}"' for tag in ("fr", "en", "es", "de", "it", "pt", "nl", "sv", "da"))
FAULTS: Final = {
    "a language that is unknown": (
        'languages = ["fr", "zz"]',
        ["languages: “zz” is no known language tag: one like “fr” is expected"],
    ),
    "a country in small letters": (
        'languages = ["pt-br"]',
        [
            "language: “pt-br” is no known language tag: one like “pt-BR” is expected",
            "languages: “pt-br” is no known language tag: one like “pt-BR” is expected",
        ],
    ),
    "a language twice": ('languages = ["fr", "en", "fr"]', ["languages: “fr” is there twice"]),
    "no language": ("languages = []", ["language: it is missing", "languages: from 1 to 8 languages are expected"]),
    "too many languages": (f"languages = [{MANY}]", ["languages: from 1 to 8 languages are expected"]),
    "another main language": (
        'language = "en"\nlanguages = ["fr", "en"]',
        ["language: the main language is the first of the languages, “fr”: leave this out"],
    ),
    "no list": ('language = "fr"\nlanguages = "fr"', ['languages: a list of texts is expected, like ["…", "…"]']),
}


@pytest.mark.parametrize(("line", "expected"), FAULTS.values(), ids=FAULTS.keys())
def test_languages_are_refused_in_words(line: str, expected: list[str]) -> None:
    found = faults(small(('language = "fr"', line)))
    assert sorted(found) == sorted(f"small.toml: event: {fault}" for fault in expected)


def test_most_languages_are_as_many_as_the_words_say() -> None:
    assert MANY.count('"') // 2 - 1 == EVENT_LANGUAGES


OWN: Final[dict[str, tuple[tuple[Language, ...], Language, Language, Language]]] = {
    "a language of the portal": (("fr", "en"), "en", "en", "en"),
    "a variety of one": (("fr-CA",), "fr-CA", "fr", "fr-CA"),
    "another language, beside French": (("de", "fr"), "de", "fr", "fr"),
    "another language alone": (("de",), "de", "en", "en"),
}


@pytest.mark.parametrize(("languages", "language", "own", "surrounding"), OWN.values(), ids=OWN.keys())
def test_portal_speaks_the_nearest_of_its_own_languages(
    languages: tuple[Language, ...], language: Language, own: Language, surrounding: Language
) -> None:
    event = replace(EVENT, language=languages[0], languages=languages)
    assert (own_language_of(event, language), surrounding_language(event, language)) == (own, surrounding)


def test_text_is_shown_in_the_order_of_the_event() -> None:
    event = replace(EVENT, language="en", languages=("en", "fr"))
    assert words_of(event, Text("oui", "yes", de="ja"), "es") == "yes"
    assert words_of(event, Text("oui", de="ja"), "es") == "oui"
