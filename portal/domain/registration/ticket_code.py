"""The code of a ticket: characters drawn at random and one that checks them, for people who read, type and dictate.

Invitations and set-up codes are codes of the same kind. No code is stored: its record is found by an id that takes
memory and time to compute, so that whoever has the disk with its keys cannot try them all.
"""

import hashlib
import hmac
import random
from dataclasses import dataclass, field
from typing import Final
from unicodedata import category, normalize

from portal.domain.input_errors import CodeMalformed, CodeMistyped, CodeSignUnknown

ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ34679"
"""The 29 signs of a code: no two that a reader takes for one another."""

CODE_CHARACTERS: Final = 12
SHORT_CODE_CHARACTERS: Final = 9
"""The length of the codes that earlier portals made: they stay good."""
INVITATION: Final = b"invitation\0"
SET_UP: Final = b"set-up code\0"
_GROUP: Final = 3
_EXAMPLE: Final = "ABC-DEF-GHJ-KLC"
_LOOK_ALIKE: Final = str.maketrans("1I2580O", "LLZSBQQ")
# A minus, a hyphen bullet, an underscore: each stands for a dash in somebody's keyboard or notes.
_ALSO_DASHES: Final = frozenset("\N{MINUS SIGN}\N{HYPHEN BULLET}_")


@dataclass(frozen=True, slots=True)
class CodeDigest:
    """HMAC-SHA256 of a code, from which its id is computed; `is_short` tells one of SHORT_CODE_CHARACTERS."""

    value: bytes = field(repr=False)
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class CodeKeys:
    """The `id` of a code's record, 64 hexadecimal digits, and a `key` of 32 bytes that nobody has without the code."""

    id: str
    key: bytes = field(repr=False)


def new_code(rng: random.Random) -> str:
    """Return a code of CODE_CHARACTERS; `rng` must be fit for secrets. All but the last carry 53.4 bits."""
    drawn = "".join(rng.choice(ALPHABET) for _ in range(CODE_CHARACTERS - 1))
    return drawn + next(sign for sign in ALPHABET if _agrees(drawn + sign))


def shown(code: str) -> str:
    """Return `code` in groups of three: `K6U-WN9-GLW-A3B`."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def parse_code(typed: str, field: str = "code") -> str:
    """Return the characters of a code as a person typed it, whatever its case, spaces, hyphens and look-alikes.

    Raises `CodeMalformed`, its `CodeSignUnknown`, or `CodeMistyped`, all on the `field` of the form.
    """
    signs = "".join(sign for sign in normalize("NFKC", typed) if not _is_between(sign)).upper().translate(_LOOK_ALIKE)
    unknown = next((sign for sign in signs if sign not in ALPHABET), None)
    if unknown is not None:
        raise CodeSignUnknown(field, sign=unknown, example=_EXAMPLE)
    if len(signs) not in (CODE_CHARACTERS, SHORT_CODE_CHARACTERS):
        raise CodeMalformed(field, count=len(signs), example=_EXAMPLE)
    if not _agrees(signs):
        raise CodeMistyped(field)
    return signs


def code_digest(key: bytes, code: str, purpose: bytes = b"") -> CodeDigest:
    """Return HMAC-SHA256 (RFC 2104) of `purpose` (nothing for a ticket, INVITATION, SET_UP) and `code` under `key`.

    No purpose and code together are the message of another: a code of one kind never opens what another does.
    """
    value = hmac.digest(key, purpose + code.encode("ascii"), hashlib.sha256)
    return CodeDigest(value, is_short=len(code) == SHORT_CODE_CHARACTERS)


def _agrees(code: str) -> bool:
    """Whether the signs of `code`, each times its place from 1, sum up to a multiple of 29.

    29 is a prime and the places differ by less: one wrong sign, or two signs that changed places, always shows.
    """
    return sum(place * ALPHABET.index(sign) for place, sign in enumerate(code, 1)) % len(ALPHABET) == 0


def _is_between(sign: str) -> bool:
    """Whether `sign` only separates others or is not seen: a blank, a dash, a mark of format."""
    return category(sign) in ("Zs", "Zl", "Zp", "Cc", "Cf", "Pd") or sign in _ALSO_DASHES


def new_invitations(number: int, rng: random.Random) -> tuple[str, ...]:
    """Return so many codes, no two alike; `rng` must be fit for secrets."""
    codes = dict[str, None]()
    while len(codes) < number:
        codes[new_code(rng)] = None
    return tuple(codes)
