"""The catalogues: what a message becomes in a language, with or without a catalogue of its own."""

from typing import Final

import pytest

from portal.domain.language import Language
from portal.site.catalogue import translated

TRANSLATED: Final[dict[str, tuple[Language, str, dict[str, object], str]]] = {
    "French": ("fr", "The themes", {}, "Les thèmes"),
    "Spanish": ("es", "The themes", {}, "Los temas"),
    "English": ("en", "The themes", {}, "The themes"),
    "French of Canada": ("fr-CA", "The themes", {}, "Les thèmes"),
    "a language without a catalogue": ("de", "The themes", {}, "The themes"),
    "the name of a language": (
        "es",
        "%(what)s, in %(language)s",
        {"what": "Title", "language": "fr"},
        "Título, en francés",
    ),
    "the name of a language in a language without a catalogue": (
        "de",
        "%(what)s, in %(language)s",
        {"what": "Title", "language": "fr"},
        "Title, in French",
    ),
}


@pytest.mark.parametrize(("language", "message", "details", "words"), TRANSLATED.values(), ids=TRANSLATED.keys())
def test_message_is_translated(language: Language, message: str, details: dict[str, object], words: str) -> None:
    assert translated(language, message, details) == words
