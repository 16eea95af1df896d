"""The messages of the code, and the catalogues beside them: `make messages` brings these up to the messages."""

import json
import sys
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from portal.domain.language import LANGUAGES, Language
from portal.domain.language_tags import language_name
from tests.checkout import ROOT

TRANSLATED: Final = tuple(own for own in LANGUAGES if own != "en")
"""The languages that have a catalogue, the first one first: English is that of the messages themselves."""
KEYWORDS: Final = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
OPTIONS: Final = {"extensions": "jinja2.ext.i18n", "trimmed": "true", "silent": "false"}
WITHOUT_HISTORY: Final = ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Language-Team", "Generated-By")

Message = str | tuple[str, ...]
Known = Mapping[str, str | list[str] | Mapping[Language, str | list[str]]]
"""Translations by message (the singular for a plural, which takes a list): by language, or into the first language."""


def messages_of_the_code() -> dict[Message, frozenset[str]]:
    """Return every message of the Python code and the templates, with its flags (`python-format`)."""
    found = Catalog()
    for folder, methods in (
        (ROOT / "portal", [("**.py", "python")]),
        (ROOT / "onion", [("**.py", "python")]),
        (ROOT / "templates", [("**", "jinja2")]),
    ):
        options = {"**": OPTIONS} if folder.name == "templates" else {}
        for _, _, message, _, _ in extract_from_dir(folder, methods, options, keywords=KEYWORDS):
            found.add(message)
    return {_key(message.id): frozenset(message.flags) for message in found if message.id}


def _key(id: str | list[str] | tuple[str, ...]) -> Message:
    return id if isinstance(id, str) else tuple(id)


def catalogue_file(language: Language) -> Path:
    """Return the file of the catalogue of `language`."""
    return ROOT / "portal" / "locale" / language / "LC_MESSAGES" / "portal.po"


def catalogue_of(language: Language) -> Catalog:
    """Return the committed catalogue of `language`, empty when there is none."""
    if not catalogue_file(language).exists():
        return Catalog(locale=language, fuzzy=False)
    with catalogue_file(language).open("rb") as file:
        return read_po(file, locale=language)


def update(language: Language, known: Known) -> list[str]:
    """Write the catalogue of `language` anew: what is gone from the code leaves, what is new enters.

    Fill in what is `known`; return the untranslated messages.
    """
    old = {message.id: message.string for message in catalogue_of(language)}
    header = f"# The {language_name(language, 'en')} of the portal."
    new = Catalog(locale=language, project="portal", fuzzy=False, header_comment=header)
    missing = []
    for message, flags in messages_of_the_code().items():
        key = message if isinstance(message, str) else message[0]
        found = _into(language, known.get(key, ())) or old.get(message, "")
        string = tuple(found) if isinstance(found, list) else found
        new.add(message, string, flags=flags)
        if not string or not all(string):
            missing.append(key)
    written = BytesIO()
    write_po(written, new, sort_output=True, no_location=True, width=120)
    lines = written.getvalue().decode().splitlines(keepends=True)
    catalogue_file(language).parent.mkdir(parents=True, exist_ok=True)
    catalogue_file(language).write_text(
        "".join(line for line in lines if not any(word in line for word in WITHOUT_HISTORY)), encoding="utf-8"
    )
    return missing


def _into(
    language: Language, found: str | list[str] | tuple[()] | Mapping[Language, str | list[str]]
) -> str | list[str]:
    if isinstance(found, Mapping):
        return found.get(language, "")
    return found if found and language == TRANSLATED[0] else ""


if __name__ == "__main__":
    fills = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")) if len(sys.argv) > 1 else {}
    untranslated = [(language, message) for language in TRANSLATED for message in update(language, fills)]
    sys.stdout.writelines(
        f"{language}: {json.dumps(message, ensure_ascii=False)}\n" for language, message in untranslated
    )
    if untranslated:
        by_language = ", ".join(f'"{language}": "…"' for language in TRANSLATED)
        sys.stdout.write(f'Fill them in with a file of {{"the message": {{{by_language}}}, …}}.\n')
    sys.stdout.write(f"{len(untranslated)} without a translation\n")
