"""Texts: fields of a form, ends of lines, invisible characters, words without accents or capitals, stable ids."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final
from uuid import UUID, uuid5


def trimmed_field(fields: Mapping[str, str], name: str) -> str:
    """Return the field `name` without the spaces around it, empty when it is missing.

    A browser breaks lines with CR LF (HTML §4.10.22.4); here they end with LF.
    """
    return fields.get(name, "").replace("\r\n", "\n").strip()


# Unicode Standard §5.8, Newline Guidelines: word processors break a line with U+000B, or with U+2028.
_LINE_END: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_SOFT_BREAK: Final = re.compile("[\t\v\f\x85\u2028\u2029]")
# Default_Ignorable_Code_Point of Unicode Standard Annex 44, and the Braille pattern that has no dot.
_INVISIBLE: Final = re.compile(
    "[\\s\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]*"
)


def with_line_feeds(text: str) -> str:
    """Return `text` with every end of a line as LF."""
    return _LINE_END.sub("\n", text)


def on_one_line(text: str) -> str:
    """Return `text` with a space for each tab and for each soft break of a line; a hard one becomes LF."""
    return _SOFT_BREAK.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def is_invisible(text: str) -> bool:
    """Return whether nothing of `text` can be seen: spaces, zero-width characters, fillers, variation selectors."""
    return _INVISIBLE.fullmatch(text) is not None


def is_noncharacter(character: str) -> bool:
    """Return whether `character` is one of the 66 noncharacters (Unicode Standard §23.7)."""
    return ord(character) & 0xFFFE == 0xFFFE or "\ufdd0" <= character <= "\ufdef"


def is_unprintable(character: str) -> bool:
    """Return whether `character` is a control, a format, half of a pair, private, or a noncharacter.

    One that the tables of this Python do not have yet is none of them.
    """
    kind = unicodedata.category(character)
    return is_noncharacter(character) if kind == "Cn" else kind.startswith("C")


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
