"""The pseudonym that a person may give: any script, nothing that hides, breaks or turns the line it is shown on."""

from typing import Final
from unicodedata import category, normalize

from portal.domain.input_errors import PseudonymSignRefused, PseudonymTooLong
from portal.domain.language import N_
from portal.domain.limits import PSEUDONYM_CHARACTERS

_FIELD: Final = "pseudonym"

# Unicode Standard Annex 9 §2.1 to §2.4: the signs that turn, or isolate, the direction of what follows.
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
    """`typed` in NFC (Unicode Standard Annex 15) and trimmed; it may be empty.

    Raises `PseudonymTooLong` or `PseudonymSignRefused`, on the field `pseudonym`.
    """
    pseudonym = normalize("NFC", typed.strip())
    if len(pseudonym) > PSEUDONYM_CHARACTERS:
        raise PseudonymTooLong(_FIELD, most=PSEUDONYM_CHARACTERS, count=len(pseudonym))
    for sign in pseudonym:
        reason = _TURNING if sign in _TURNS else _REASONS.get(category(sign))
        if reason is not None:
            raise PseudonymSignRefused(_FIELD, sign=f"U+{ord(sign):04X}", reason=reason)
    return pseudonym
