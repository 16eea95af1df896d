"""The code of a ticket: eight signs drawn at random and one that checks them, for people who read, type and dictate."""

import hashlib
import hmac
import random
from typing import Final
from unicodedata import category, normalize

from portal.domain.input_errors import CodeMalformed, CodeMistyped, CodeSignUnknown

ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ34679"
"""The 29 signs of a code: no two that a reader takes for one another."""

CODE_SIGNS: Final = 9
_GROUP: Final = 3
_EXAMPLE: Final = "ABC-DEF-GHJ"
_LOOK_ALIKE: Final = str.maketrans("1I2580O", "LLZSBQQ")
# A minus, a hyphen bullet, an underscore: each stands for a dash in somebody's keyboard or notes.
_ALSO_DASHES: Final = frozenset("\N{MINUS SIGN}\N{HYPHEN BULLET}_")


def new_code(chance: random.Random) -> str:
    """A code of nine signs; `chance` must be fit for secrets. The first eight carry 38.9 bits."""
    drawn = "".join(chance.choice(ALPHABET) for _ in range(CODE_SIGNS - 1))
    return drawn + next(sign for sign in ALPHABET if _agrees(drawn + sign))


def shown(code: str) -> str:
    """`code` in groups of three: `K6U-WN9-GLW`."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def parse_code(typed: str, field: str = "code") -> str:
    """The nine signs of a code as a person typed it, whatever its case, blanks, dashes and look-alikes.

    Raises `CodeMalformed`, its `CodeSignUnknown`, or `CodeMistyped`, all on the `field` of the form.
    """
    signs = "".join(sign for sign in normalize("NFKC", typed) if not _is_between(sign)).upper().translate(_LOOK_ALIKE)
    unknown = next((sign for sign in signs if sign not in ALPHABET), None)
    if unknown is not None:
        raise CodeSignUnknown(field, sign=unknown, example=_EXAMPLE)
    if len(signs) != CODE_SIGNS:
        raise CodeMalformed(field, count=len(signs), example=_EXAMPLE)
    if not _agrees(signs):
        raise CodeMistyped(field)
    return signs


def locator(key: bytes, code: str) -> str:
    """The id of the registration that `code` opens: HMAC-SHA256 (RFC 2104) of its nine signs, 64 hexadecimal digits."""
    return hmac.new(key, code.encode("ascii"), hashlib.sha256).hexdigest()


def _agrees(code: str) -> bool:
    """Whether the signs of `code`, each times its place from 1, sum up to a multiple of 29.

    29 is a prime and the places differ by less: one wrong sign, or two signs that changed places, always shows.
    """
    return sum(place * ALPHABET.index(sign) for place, sign in enumerate(code, 1)) % len(ALPHABET) == 0


def _is_between(sign: str) -> bool:
    """Whether `sign` only separates others or is not seen: a blank, a dash, a mark of format."""
    return category(sign) in ("Zs", "Zl", "Zp", "Cc", "Cf", "Pd") or sign in _ALSO_DASHES
