"""What a person typed into a field of a form."""

import unicodedata
from collections.abc import Mapping
from typing import Final
from uuid import UUID, uuid5


def typed(fields: Mapping[str, str], name: str) -> str:
    """The field `name` without the blanks around it, empty when it is not there.

    A browser breaks lines with CR LF (HTML §4.10.22.4); here they end with LF.
    """
    return fields.get(name, "").replace("\r\n", "\n").strip()


def plain_words(text: str) -> str:
    """`text` without accents or capitals (NFKD of Unicode Standard Annex 15, then case folding)."""
    if text.isascii():
        return text.casefold()
    letters = (letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return "".join(letters).casefold()


_PORTAL: Final = UUID("ce676b51-a7b4-4074-904d-a5d55f245ea3")


def stable_id(*parts: str) -> str:
    """The same `urn:uuid:…` for the same `parts` for ever (RFC 9562 §5.5), and another for any others."""
    return uuid5(_PORTAL, "\n".join(parts)).urn
