"""French spacing, and capitals."""

import re
from typing import Final

from portal.domain.language import Language

_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_BEFORE: Final = re.compile(r"(?<=\S) (?=[:;?!»%](?:\W|$))")
_WITHIN: Final = re.compile(
    r"(?<=\d) (?=h\b)"  # 11 h
    r"|(?<=\d[ \xa0]h) (?=\d\d\b)"  # 11 h 20
    r"|(?<=\b\d{5}) (?=[A-ZÀ-Ý])"  # 75019 Paris
)
_AFTER: Final = re.compile(r"(?<=«) (?=\S)")


def typeset(text: str, language: Language) -> str:
    """Make the spaces unbreakable that French puts before `: ; ? ! »`, after `«`, in a clock time and in an address."""
    if language != "fr":
        return text
    for space in (_BEFORE, _AFTER, _WITHIN):
        text = space.sub(_NO_BREAK, text)
    return text


def capitalised(text: str) -> str:
    """Return `text` with a capital first letter and the rest unchanged."""
    return text[:1].upper() + text[1:]
