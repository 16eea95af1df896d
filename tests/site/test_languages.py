"""The public pages of an event in one language, in three, and in one that the portal has no words in."""

import re
from dataclasses import replace
from typing import Final

import pytest

from portal.domain.edition.edition_file import edition_from_json, edition_to_json
from portal.domain.event.event import Event
from portal.domain.language import Language, Text
from portal.site.render import render
from tests.factories.sample import EVENT, edition

FRENCH: Final = replace(EVENT, languages=("fr",))
THREE: Final = replace(EVENT, language="en", languages=("en", "fr", "de"))
GERMAN: Final = replace(EVENT, name=Text(de="Ein Tag"), language="de", languages=("de",))
ARABIC: Final = replace(EVENT, name=Text(ar="يوم"), language="ar", languages=("ar",))
QUEBEC: Final = replace(EVENT, name=Text(**{"fr-CA": "Une journée"}), language="fr-CA", languages=("fr-CA",))


def pages(event: Event) -> dict[str, str]:
    """Return every page of an edition of `event`, made of its file as a mirror does."""
    again = edition_from_json(edition_to_json(edition(event)))
    return {path: file.content.decode() for path, file in render(again).items() if path.endswith(".html")}


FOLDERS: Final[dict[str, tuple[Event, set[str]]]] = {
    "those of an earlier portal": (EVENT, {"fr", "en"}),
    "one": (FRENCH, {"fr"}),
    "three": (THREE, {"en", "fr", "de"}),
    "another one": (GERMAN, {"de"}),
}


@pytest.mark.parametrize(("event", "folders"), FOLDERS.values(), ids=FOLDERS.keys())
def test_site_has_the_languages_of_the_event(event: Event, folders: set[str]) -> None:
    site = pages(event)
    assert {path.partition("/")[0] for path in site if "/" in path} == folders
    links = {found for page in site.values() for found in re.findall(r' hreflang="([^"]+)"', page)}
    assert links == (folders if len(folders) > 1 else set())


def test_every_page_of_three_languages_leads_to_itself_in_the_two_others() -> None:
    page = pages(THREE)["fr/seances/outils/index.html"]
    assert re.findall(r'<a href="([^"]+)" lang="[^"]+" hreflang="[^"]+">([^<]+)</a>', page) == [
        ("../../../en/sessions/outils/", "English"),
        ("../../../de/sessions/outils/", "Deutsch"),
    ]
    assert '<ul class="other-language">' in page


HEADS: Final[dict[str, tuple[Event, Language, str]]] = {
    "French": (EVENT, "fr", '<html lang="fr">\n<head>\n<body>'),
    "German, in the words of English": (THREE, "de", '<html lang="de">\n<head>\n<body lang="en">'),
    "German alone": (GERMAN, "de", '<html lang="de">\n<head>\n<body lang="en">'),
    "Arabic, in the words of English": (ARABIC, "ar", '<html lang="ar" dir="rtl">\n<head>\n<body lang="en" dir="ltr">'),
    "French of Canada": (QUEBEC, "fr-CA", '<html lang="fr-CA">\n<head>\n<body>'),
}


@pytest.mark.parametrize(("event", "language", "head"), HEADS.values(), ids=HEADS.keys())
def test_page_says_in_which_language_it_is_and_its_words_are(event: Event, language: Language, head: str) -> None:
    page = pages(event)[f"{language}/index.html"]
    assert "\n".join(re.findall(r"<(?:html|head|body)\b[^>]*>", page)) == head


MARKED: Final[dict[str, tuple[Event, Language, str]]] = {
    "a German name": (GERMAN, "de", '<span lang="de">Ein Tag</span>'),
    "an Arabic name": (ARABIC, "ar", '<span lang="ar" dir="rtl">يوم</span>'),
    "a name of the page's own language": (QUEBEC, "fr-CA", "Une journée"),
}


@pytest.mark.parametrize(("event", "language", "heading"), MARKED.values(), ids=MARKED.keys())
def test_text_is_marked_where_its_surroundings_are_in_another_language(
    event: Event, language: Language, heading: str
) -> None:
    page = pages(event)[f"{language}/index.html"]
    (found,) = re.findall(r"<h1>(.*?)</h1>", page, re.DOTALL)
    assert found == heading
    assert "Programme" in page


def test_page_without_a_translation_shows_the_first_language_of_the_event_that_has_one() -> None:
    event = replace(EVENT, languages=("fr", "de", "en"), name=Text(en="A day", de="Ein Tag"))
    assert '<h1><span lang="de">Ein Tag</span></h1>' in pages(event)["fr/index.html"]
