"""Words as a person compares them: accents and capitals do not count."""

import unicodedata


def plain_words(text: str) -> str:
    """`text` without accents or capitals (NFKD of Unicode Standard Annex 15, then case folding)."""
    if text.isascii():
        return text.casefold()
    letters = (letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return "".join(letters).casefold()
