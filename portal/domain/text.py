"""Texts: fields of a form trimmed, words without accents or capitals, stable ids made of parts."""

import unicodedata
from collections.abc import Mapping
from typing import Final
from uuid import UUID, uuid5


def trimmed_field(fields: Mapping[str, str], name: str) -> str:
    """Return the field `name` without the spaces around it, empty when it is missing.

    A browser breaks lines with CR LF (HTML §4.10.22.4); here they end with LF.
    """
    return fields.get(name, "").replace("\r\n", "\n").strip()


def plain_words(text: str) -> str:
    """Return `text` without accents or capitals (NFKD of Unicode Standard Annex 15, then case folding)."""
    if text.isascii():
        return text.casefold()
    letters = (letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return "".join(letters).casefold()


_PORTAL: Final = UUID("ce676b51-a7b4-4074-904d-a5d55f245ea3")


def stable_id(*parts: str) -> str:
    """Return the `urn:uuid:…` of `parts` (version 5, RFC 9562 §5.5), which never changes."""
    return uuid5(_PORTAL, "\n".join(parts)).urn
