"""What a person typed into a field of a form."""

import unicodedata
from collections.abc import Mapping


def typed(fields: Mapping[str, str], name: str) -> str:
    """The field `name` without the blanks around it, empty when it is not there.

    A browser breaks lines with CR LF (HTML, clause 4.10.22.4); here they end with LF.
    """
    return fields.get(name, "").replace("\r\n", "\n").strip()


def plain_words(text: str) -> str:
    """`text` without accents or capitals (NFKD of Unicode Standard Annex 15, then case folding)."""
    if text.isascii():
        return text.casefold()
    letters = (letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return "".join(letters).casefold()
