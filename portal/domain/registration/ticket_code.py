"""Codes of tickets, invitations and set-ups: random characters with a check character, typed, shown, digested.

No code is stored: its record is found by an id that takes memory and time to compute, so that whoever
has the disk with its keys cannot try them all.
"""

import hashlib
import hmac
import random
from dataclasses import dataclass, field
from typing import Final
from unicodedata import category, normalize

from portal.domain.input_errors import CodeCharacterUnknown, CodeMalformed, CodeMistyped

ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ34679"
"""The 29 characters of a code: no two look alike."""

CODE_CHARACTERS: Final = 12
SHORT_CODE_CHARACTERS: Final = 9
"""Length of the codes that earlier portals made: they stay valid."""
INVITATION: Final = b"invitation\0"
SET_UP: Final = b"set-up code\0"
_GROUP: Final = 3
_EXAMPLE: Final = "ABC-DEF-GHJ-KLC"
_LOOK_ALIKE: Final = str.maketrans("1I2580O", "LLZSBQQ")
# A minus, a hyphen bullet, an underscore: each stands for a hyphen on some keyboard or in notes.
_ALSO_HYPHENS: Final = frozenset("\N{MINUS SIGN}\N{HYPHEN BULLET}_")


@dataclass(frozen=True, slots=True)
class CodeDigest:
    """HMAC-SHA256 of a code, from which its id is computed; `is_short` for SHORT_CODE_CHARACTERS."""

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
    return drawn + next(last for last in ALPHABET if _is_consistent(drawn + last))


def shown(code: str) -> str:
    """Return `code` in groups of three: `K6U-WN9-GLW-A3B`."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def parse_code(typed: str, field: str = "code") -> str:
    """Return the characters of a code as a person typed it, whatever its case, spaces, hyphens and look-alikes.

    Raises `CodeMalformed`, its `CodeCharacterUnknown`, or `CodeMistyped`, all on the `field` of the form.
    """
    characters = (each for each in normalize("NFKC", typed) if not _is_separator(each))
    code = "".join(characters).upper().translate(_LOOK_ALIKE)
    unknown = next((each for each in code if each not in ALPHABET), None)
    if unknown is not None:
        raise CodeCharacterUnknown(field, sign=unknown, example=_EXAMPLE)
    if len(code) not in (CODE_CHARACTERS, SHORT_CODE_CHARACTERS):
        raise CodeMalformed(field, count=len(code), example=_EXAMPLE)
    if not _is_consistent(code):
        raise CodeMistyped(field)
    return code


def code_digest(key: bytes, code: str, purpose: bytes = b"") -> CodeDigest:
    """Return HMAC-SHA256 (RFC 2104) of `purpose` (nothing for a ticket, INVITATION, SET_UP) and `code` under `key`.

    No purpose and code together are the message of another: a code of one kind never opens what another does.
    """
    value = hmac.digest(key, purpose + code.encode("ascii"), hashlib.sha256)
    return CodeDigest(value, is_short=len(code) == SHORT_CODE_CHARACTERS)


def _is_consistent(code: str) -> bool:
    """Return whether the characters of `code`, each times its position from 1, sum up to a multiple of 29.

    29 is a prime and the positions differ by less: a wrong character, or two that changed places, is always detected.
    """
    return sum(position * ALPHABET.index(each) for position, each in enumerate(code, 1)) % len(ALPHABET) == 0


def _is_separator(character: str) -> bool:
    """Return whether `character` is a separator or invisible: a space, a hyphen, a format character."""
    return category(character) in ("Zs", "Zl", "Zp", "Cc", "Cf", "Pd") or character in _ALSO_HYPHENS


def new_invitations(number: int, rng: random.Random) -> tuple[str, ...]:
    """Return so many codes, no two alike; `rng` must be fit for secrets."""
    codes = dict[str, None]()
    while len(codes) < number:
        codes[new_code(rng)] = None
    return tuple(codes)
