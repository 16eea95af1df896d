"""Texts in any number of languages, language tags, and their names."""

import pickle
from typing import Final

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.event.event import Event, Session
from portal.domain.event.value_rules import faults_of_value
from portal.domain.language import LANGUAGES, Language, Text
from portal.domain.language_tags import (
    autonym,
    canonical_tag,
    direction_of,
    is_in_language,
    is_tag,
    language_name,
    nearest_own,
)

TAGS: Final = ("fr", "en", "es", "de", "pt-BR", "ar")
texts = st.builds(lambda words: Text(**words), st.dictionaries(st.sampled_from(TAGS), st.text(max_size=5)))
tags = st.sampled_from(TAGS)


def test_text_takes_french_and_english_as_before() -> None:
    assert Text("Salle", "Room") == Text(fr="Salle", en="Room")
    assert Text("Salle")["fr"] == "Salle"
    assert Text("Salle")["en"] == ""


@given(texts)
def test_text_is_equal_to_one_of_the_same_words_alone(text: Text) -> None:
    same = Text(**{language: text[language] for language in reversed(text.languages)}, kab="")
    assert same == text
    assert hash(same) == hash(text)
    assert pickle.loads(pickle.dumps(text)) == text
    assert text != Text(**{language: text[language] for language in text.languages}, kab="Tala")
    assert text != text.as_mapping()


@given(texts)
def test_text_is_read_back_from_what_a_file_holds(text: Text) -> None:
    assert Text(**text.as_mapping()) == text
    assert tuple(text.as_mapping())[:2] == ("fr", "en")


@given(texts, tags, st.lists(tags, unique=True))
def test_text_is_shown_in_the_language_or_the_first_of_the_order(
    text: Text, language: Language, order: list[Language]
) -> None:
    chosen = text.language_for(language, order)
    preferred = [each for each in (language, *order) if text[each]]
    if preferred:
        assert chosen == preferred[0]
    elif text.languages:
        assert chosen in text.languages
    else:
        assert chosen == language
    assert text.in_language(language, order) == text[chosen]


SHOWN: Final[dict[str, tuple[Text, Language, tuple[Language, ...], str]]] = {
    "the language": (Text("oui", "yes", de="ja"), "de", ("fr", "en"), "ja"),
    "the main language of the event": (Text("oui", "yes"), "de", ("en", "fr"), "yes"),
    "the only language of the text": (Text(ar="نعم"), "de", ("en", "fr"), "نعم"),
    "nothing": (Text(), "de", ("en", "fr"), ""),
}


@pytest.mark.parametrize(("text", "language", "order", "words"), SHOWN.values(), ids=SHOWN.keys())
def test_text_is_shown_in(text: Text, language: Language, order: tuple[Language, ...], words: str) -> None:
    assert text.in_language(language, order) == words


@pytest.mark.parametrize(("text", "is_blank"), [(Text(), True), (Text(" ", de="\n"), True), (Text("", de="a"), False)])
def test_text_of_white_space_is_blank(text: Text, is_blank: bool) -> None:
    assert text.is_blank() == is_blank


CANONICAL: Final[dict[str, tuple[str, Language | None]]] = {
    "a language": ("fr", "fr"),
    "a language of three letters": ("kab", "kab"),
    "a language in capitals": ("FR", "fr"),
    "a country": ("pt-br", "pt-BR"),
    "a region by number": ("es-419", "es-419"),
    "a script and a country": ("ZH-hant-tw", "zh-Hant-TW"),
    "a script alone": ("az-arab", "az-Arab"),
    "a variant": ("de-1996", "de-1996"),
    "two variants": ("sl-rozaj-biske", "sl-rozaj-biske"),
    "a language that nobody knows": ("zz", None),
    "a code of libraries": ("fre", None),
    "a country that nobody knows": ("fr-XY", None),
    "a script that nobody knows": ("fr-Abcd", None),
    "an underscore": ("pt_BR", None),
    "a private language": ("x-klingon", None),
    "an extension": ("en-u-ca-buddhist", None),
    "a name": ("French", None),
    "nothing": ("", None),
    "a path": ("fr/../en", None),
    "a line break": ("fr\n", None),
}


@pytest.mark.parametrize(("tag", "canonical"), CANONICAL.values(), ids=CANONICAL.keys())
def test_tag_in_its_canonical_case(tag: str, canonical: Language | None) -> None:
    assert canonical_tag(tag) == canonical


@given(st.text(alphabet="abrABR09-_x/", max_size=12) | st.text(max_size=6))
def test_canonical_tag_is_its_own_and_fit_for_a_path(tag: str) -> None:
    canonical = canonical_tag(tag)
    if canonical is not None:
        assert canonical_tag(canonical) == canonical
        assert canonical.casefold() == tag.casefold()
        assert set(canonical) <= set("-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


@given(
    st.sampled_from(sorted(tag for tag in map(str, Locale("en").languages) if canonical_tag(tag))),
    st.sampled_from(LANGUAGES),
)
def test_every_known_language_has_names_and_a_direction(tag: Language, language: Language) -> None:
    assert language_name(tag, language)
    assert autonym(tag)
    assert direction_of(tag) in ("ltr", "rtl")
    assert nearest_own([tag]) in LANGUAGES


NAMES: Final[dict[str, tuple[Language, str, str, str]]] = {
    "French": ("fr", "français", "French", "Français"),
    "a language that the portal has no words in": ("de", "allemand", "German", "Deutsch"),
    "a language of a country": ("pt-BR", "portugais (Brésil)", "Portuguese (Brazil)", "Português (Brasil)"),
    "a language without data of its own": ("pcd", "picard", "Picard", "Picard"),
    "a language from right to left": ("ar", "arabe", "Arabic", "العربية"),
}


@pytest.mark.parametrize(("tag", "french", "english", "own"), NAMES.values(), ids=NAMES.keys())
def test_language_is_named(tag: Language, french: str, english: str, own: str) -> None:
    assert (language_name(tag, "fr"), language_name(tag, "en"), autonym(tag)) == (french, english, own)


DIRECTIONS: Final[dict[Language, str]] = {
    "fr": "ltr",
    "ar": "rtl",
    "he": "rtl",
    "fa-IR": "rtl",
    "yi": "rtl",
    "dv": "rtl",
    "ckb": "rtl",
    "az": "ltr",
    "az-Arab": "rtl",
    "uz-AF": "rtl",
    "ks-Deva": "ltr",
    "ja": "ltr",
}


@pytest.mark.parametrize(("tag", "direction"), DIRECTIONS.items())
def test_direction_follows_the_script(tag: Language, direction: str) -> None:
    assert direction_of(tag) == direction


NEAREST: Final[dict[str, tuple[tuple[Language, ...], Language]]] = {
    "a language of the portal": (("fr",), "fr"),
    "a variety of it": (("fr-CA",), "fr"),
    "the first that there is": (("de", "it", "fr", "en"), "fr"),
    "English where there is none": (("de", "ar"), "en"),
    "English for nothing": ((), "en"),
    "no language that begins alike": (("fry", "frp"), "en"),
}


@pytest.mark.parametrize(("wanted", "nearest"), NEAREST.values(), ids=NEAREST.keys())
def test_words_of_the_portal_are_in_the_nearest_language(wanted: tuple[Language, ...], nearest: Language) -> None:
    assert nearest_own(wanted) == nearest


def test_variety_is_in_its_language() -> None:
    assert is_in_language("fr-CA", "fr")
    assert is_in_language("fr", "fr")
    assert not is_in_language("fry", "fr")
    assert not is_in_language("fr", "fr-CA")


@pytest.mark.parametrize("tag", ["zz", "x-klingon", "", "%(language)s"])
def test_what_is_no_language_is_named_as_it_is_written(tag: str) -> None:
    assert (language_name(tag, "fr"), language_name(tag, "zz")) == (tag, tag)


TAGS_OF_SESSIONS: Final = {
    "a language and a country": ("pt-BR", True),
    "a language in capitals": ("FR", True),
    "an extended language, a script and a country": ("zh-cmn-Hans-CN", True),
    "an extension": ("de-DE-u-co-phonebk", True),
    "private use at the end": ("en-US-x-private", True),
    "private use alone": ("x-klingon", True),
    "a name in English": ("english", False),
    "a name in French": ("français", False),
    "a language that does not exist": ("zz", False),
    "nothing after the hyphen": ("fr-", False),
    "an irregular tag that is deprecated": ("sgn-BE-FR", False),
}


@pytest.mark.parametrize(("tag", "is_one"), TAGS_OF_SESSIONS.values(), ids=TAGS_OF_SESSIONS.keys())
def test_session_is_in_a_language_of_any_tag(tag: str, is_one: bool) -> None:
    assert is_tag(tag) == is_one
    assert (list(faults_of_value(Session, "language", tag)) == []) == is_one


def test_event_is_in_a_language_of_a_canonical_tag_alone() -> None:
    assert [problem.key for problem in faults_of_value(Event, "language", "x-klingon")] == ["language"]
