"""The messages of the code and the French catalogue beside them: `make messages` brings the second up to the first."""

import json
import sys
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from tests.checkout import ROOT

FRENCH: Final = ROOT / "portal" / "locale" / "fr" / "LC_MESSAGES" / "portal.po"
KEYWORDS: Final = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
OPTIONS: Final = {"extensions": "jinja2.ext.i18n", "trimmed": "true", "silent": "false"}
WITHOUT_HISTORY: Final = ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Language-Team", "Generated-By")

Message = str | tuple[str, ...]


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


def french() -> Catalog:
    """Return the committed French catalogue, empty when there is none."""
    if not FRENCH.exists():
        return Catalog(locale="fr", fuzzy=False)
    with FRENCH.open("rb") as file:
        return read_po(file, locale="fr")


def update(known: dict[str, str | list[str]]) -> list[str]:
    """Write the French catalogue anew: what is gone from the code leaves, what is new enters; return the untranslated.

    `known` holds translations to fill in by message (the singular for a plural, which takes a list).
    """
    old = {message.id: message.string for message in french()}
    new = Catalog(locale="fr", project="portal", fuzzy=False, header_comment="# The French of the portal.")
    missing = []
    for message, flags in messages_of_the_code().items():
        key = message if isinstance(message, str) else message[0]
        found = known.get(key, old.get(message, ""))
        string = tuple(found) if isinstance(found, list) else found
        new.add(message, string, flags=flags)
        if not string or not all(string):
            missing.append(key)
    written = BytesIO()
    write_po(written, new, sort_output=True, no_location=True, width=120)
    lines = written.getvalue().decode().splitlines(keepends=True)
    FRENCH.parent.mkdir(parents=True, exist_ok=True)
    FRENCH.write_text(
        "".join(line for line in lines if not any(word in line for word in WITHOUT_HISTORY)), encoding="utf-8"
    )
    return missing


if __name__ == "__main__":
    fills = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")) if len(sys.argv) > 1 else {}
    untranslated = update(fills)
    sys.stdout.writelines(f"{json.dumps(message, ensure_ascii=False)}\n" for message in untranslated)
    sys.stdout.write(f"{len(untranslated)} without a translation\n")
