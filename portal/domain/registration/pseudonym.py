"""Check of a pseudonym: any script, but no character that hides, breaks or turns the line that shows it."""

from typing import Final
from unicodedata import category, normalize

from portal.domain.input_errors import (
    PseudonymCharacterRefused,
    PseudonymInvisible,
    PseudonymMarksStacked,
    PseudonymTooLong,
)
from portal.domain.language import N_
from portal.domain.limits import PSEUDONYM_CHARACTERS, PSEUDONYM_MARKS
from portal.domain.text import is_invisible, is_noncharacter

_FIELD: Final = "pseudonym"

# Unicode Standard Annex 9 §2.1 to §2.4: the characters that override, or isolate, the direction of what follows.
_TURNS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_TURNING: Final = N_("it turns the direction of writing")

_CONTROL: Final = N_("it is a control character")
_BREAKING: Final = N_("it breaks the line")
_HALF: Final = N_("it is half a character")
_UNKNOWN: Final = N_("not every device knows it")
_REASONS: Final = {"Cc": _CONTROL, "Zl": _BREAKING, "Zp": _BREAKING, "Cs": _HALF, "Co": _UNKNOWN}
"""Reasons by the category of a character. One that the tables of this Python do not have yet is refused for none."""

_MARKS: Final = frozenset({"Mn", "Me"})


def check_pseudonym(typed: str) -> str:
    """Return `typed` in NFC (Unicode Standard Annex 15) and trimmed; it may be empty.

    Raises `PseudonymTooLong`, `PseudonymInvisible`, `PseudonymMarksStacked` or `PseudonymCharacterRefused`, on the
    field `pseudonym`.
    """
    pseudonym = normalize("NFC", typed.strip())
    if len(pseudonym) > PSEUDONYM_CHARACTERS:
        raise PseudonymTooLong(_FIELD, most=PSEUDONYM_CHARACTERS, count=len(pseudonym))
    marks = 0
    for character in pseudonym:
        reason = _reason_against(character)
        if reason is not None:
            raise PseudonymCharacterRefused(_FIELD, sign=f"U+{ord(character):04X}", reason=reason)
        marks = marks + 1 if category(character) in _MARKS else 0
        if marks > PSEUDONYM_MARKS:
            raise PseudonymMarksStacked(_FIELD, most=PSEUDONYM_MARKS)
    if pseudonym and is_invisible(pseudonym):
        raise PseudonymInvisible(_FIELD)
    return pseudonym


def _reason_against(character: str) -> str | None:
    if character in _TURNS:
        return _TURNING
    return _UNKNOWN if is_noncharacter(character) else _REASONS.get(category(character))
