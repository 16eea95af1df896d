"""The fingerprint of the signatures: at the foot of the programme, and in the whole commands of whoever copies."""

import re
from typing import Final

import pytest

from portal.domain.event.languages import languages_of
from portal.domain.language import Language
from portal.domain.trust.signing import in_groups
from portal.site.files import Files
from portal.site.paths import page_path
from portal.site.render import render
from tests.factories.document import Document
from tests.factories.sample import CLEARNET, EVENT, FINGERPRINT, ONION, edition

GROUPS: Final = in_groups(FINGERPRINT)
KNOWN: Final = render(edition())
UNKNOWN: Final = render(edition(fingerprint=None))
PROGRAMMES: Final = [
    page_path(page, language)
    for language in languages_of(EVENT)
    for page in ("programme", "programme_by_theme", "programme_by_room", "programme_grid", "programme_full")
]
LABELS: Final = {
    "fr": "Empreinte, pour vérifier une copie de ce site\N{NO-BREAK SPACE}:",
    "en": "Fingerprint, to verify a copy of this site:",
}


def page(files: Files, path: str) -> Document:
    return Document(files[f"{path}index.html"].content.decode())


def commands(files: Files, language: Language) -> list[str]:
    code = page(files, page_path("mirrors", language)).all("code")
    return [code_element.text for code_element in code if code_element.attributes.get("class") == "command"]


@pytest.mark.parametrize("path", PROGRAMMES)
def test_fingerprint_stands_at_the_foot_of_the_programme(path: str) -> None:
    assert f"{LABELS['fr' if path.startswith('fr') else 'en']} {GROUPS}" in page(KNOWN, path).one("footer").text


def test_fingerprint_stands_on_the_programme_and_the_page_of_addresses_alone() -> None:
    current = {path for path, file in KNOWN.items() if GROUPS in file.content.decode()}
    mirrors = [page_path("mirrors", language) for language in languages_of(EVENT)]
    assert current == {f"{path}index.html" for path in [*PROGRAMMES, *mirrors]}


@pytest.mark.parametrize(("language", "address"), [("fr", "ADRESSE"), ("en", "ADDRESS")])
def test_commands_of_whoever_copies_and_verifies_are_whole(language: Language, address: str) -> None:
    assert commands(KNOWN, language) == [
        f'portal mirror {ONION} {CLEARNET} --root "{GROUPS}"',
        f'portal verify {address} --root "{GROUPS}"',
    ]
    assert commands(render(edition(clearnet=None)), language)[0] == f'portal mirror {ONION} --root "{GROUPS}"'
    assert commands(render(edition(onion=None)), language)[0] == (f'portal mirror {CLEARNET} --root "{GROUPS}"')
    nowhere = render(edition(clearnet=None, onion=None))
    assert commands(nowhere, language)[0] == f'portal mirror {address} --root "{GROUPS}"'


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "comparez-la avec celle d’un programme imprimé"), ("en", "compare it with the one on a printed programme")],
)
def test_page_of_addresses_says_that_a_false_copy_could_show_another_one(language: Language, words: str) -> None:
    path = page_path("mirrors", language)
    assert [words in page(files, path).one("main").text for files in (KNOWN, UNKNOWN)] == [True, False]


def test_edition_of_before_there_was_one_shows_none() -> None:
    shown = re.compile("--root|Empreinte, pour|Fingerprint, to")
    assert [path for path, file in UNKNOWN.items() if shown.search(file.content.decode())] == []
    assert commands(UNKNOWN, "en") == [f"portal mirror {ONION} {CLEARNET}", "portal verify ADDRESS"]
