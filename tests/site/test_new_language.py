"""A language is added by one line and one catalogue: nothing else of the portal says which languages it speaks."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from tests.checkout import ROOT
from tests.messages import messages_of_the_code

pytestmark = pytest.mark.slow

LINE: Final = '    OwnLanguage("es", "es_ES"),\n'
SWITCH: Final = '<p class="other-language"><a href="../fr/" lang="fr"{} hreflang="fr">Français</a></p>'
ADDED: Final[dict[str, tuple[str, str, str, str]]] = {
    "from left to right": ("eo", "Programo", '<html lang="eo">', SWITCH.format("")),
    "from right to left": ("ar", "البرنامج", '<html lang="ar" dir="rtl">', SWITCH.format(' dir="ltr"')),
}

RENDER: Final = """
import json, sys
from dataclasses import replace
from pathlib import Path
from portal.domain.edition.edition import Addresses, Edition
from portal.domain.event.event_file import read_event
from datetime import UTC, datetime
from portal.site.render import render

event = read_event(Path(sys.argv[1]).read_bytes(), "event")
event = replace(event, language=sys.argv[2], languages=(sys.argv[2], "fr"))
edition = Edition(1, datetime(2026, 12, 1, tzinfo=UTC), "", Addresses(), event)
print(json.dumps({path: file.content.decode() for path, file in render(edition).items() if path.endswith(".html")}))
"""


def add_catalogue(portal: Path, language: str, words: str) -> None:
    """Write a catalogue in which every message is `words` and itself, so that what is not translated is seen."""
    catalogue = Catalog(locale=language, fuzzy=False)
    for message, flags in messages_of_the_code().items():
        translation = (
            f"{words} {message}" if isinstance(message, str) else [f"{words} {message[1]}"] * catalogue.num_plurals
        )
        catalogue.add(message, translation, flags=flags)
    file = portal / "locale" / language / "LC_MESSAGES" / "portal.po"
    file.parent.mkdir(parents=True)
    with file.open("wb") as opened:
        write_po(opened, catalogue)


@pytest.mark.parametrize(("language", "words", "html", "switch"), ADDED.values(), ids=ADDED.keys())
def test_language_is_added_by_a_line_and_a_catalogue(
    tmp_path: Path, language: str, words: str, html: str, switch: str
) -> None:
    for folder in ("portal", "templates", "onion"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    languages = tmp_path / "portal" / "domain" / "language.py"
    text = languages.read_text(encoding="utf-8")
    assert text.count(LINE) == 1
    languages.write_text(text.replace(LINE, f'{LINE}    OwnLanguage("{language}", "{language}"),\n'), encoding="utf-8")
    add_catalogue(tmp_path / "portal", language, words)
    site = rendered(tmp_path, language)
    home = site[f"{language}/index.html"]
    for part in (html, "<body>", f'<h2 id="themes">{words} The themes</h2>', switch):
        assert f"{part}\n" in home
    assert {path.partition("/")[0] for path in site if "/" in path} == {language, "fr"}


def rendered(folder: Path, language: str) -> dict[str, str]:
    """Return the pages that the program in `folder` makes of the sample event, in `language` and French."""
    command = [sys.executable, "-c", RENDER, str(ROOT / "events" / "onestla.toml"), language]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    made = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
    site: dict[str, str] = json.loads(made.stdout)
    return site
