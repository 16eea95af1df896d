"""Check of a pseudonym: any script, but no character that hides, breaks or turns the line that shows it."""

from typing import Final
from unicodedata import category, normalize

from portal.domain.input_errors import PseudonymCharacterRefused, PseudonymTooLong
from portal.domain.language import N_
from portal.domain.limits import PSEUDONYM_CHARACTERS

_FIELD: Final = "pseudonym"

# Unicode Standard Annex 9 §2.1 to §2.4: the characters that override, or isolate, the direction of what follows.
_TURNS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_TURNING: Final = N_("it turns the direction of writing")

_REASONS: Final = {
    "Cc": N_("it is a control character"),
    "Zl": N_("it breaks the line"),
    "Zp": N_("it breaks the line"),
    "Cs": N_("it is half a character"),
    "Co": N_("not every device knows it"),
    "Cn": N_("not every device knows it"),
}


def check_pseudonym(typed: str) -> str:
    """Return `typed` in NFC (Unicode Standard Annex 15) and trimmed; it may be empty.

    Raises `PseudonymTooLong` or `PseudonymCharacterRefused`, on the field `pseudonym`.
    """
    pseudonym = normalize("NFC", typed.strip())
    if len(pseudonym) > PSEUDONYM_CHARACTERS:
        raise PseudonymTooLong(_FIELD, most=PSEUDONYM_CHARACTERS, count=len(pseudonym))
    for character in pseudonym:
        reason = _TURNING if character in _TURNS else _REASONS.get(category(character))
        if reason is not None:
            raise PseudonymCharacterRefused(_FIELD, sign=f"U+{ord(character):04X}", reason=reason)
    return pseudonym
