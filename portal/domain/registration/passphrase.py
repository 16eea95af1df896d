"""The passphrase of a ticket or of an organiser: made of words, and forgiving of how its blanks are typed."""

import random
from collections.abc import Sequence
from typing import Final
from unicodedata import normalize

from portal.domain.input_errors import PassphraseTooLong, PassphraseTooShort
from portal.domain.limits import PASSPHRASE_MAX_CHARACTERS, PASSPHRASE_MIN_CHARACTERS, PASSPHRASE_WORDS

_FIELD: Final = "passphrase"


def generate(words: Sequence[str], rng: random.Random) -> str:
    """Words drawn from `words`, with a blank between them; `rng` must be fit for secrets.

    Six words of the shorter list carry 76 bits.
    """
    return " ".join(rng.choice(words) for _ in range(PASSPHRASE_WORDS))


def normalised(typed: str) -> str:
    """`typed` as every keyboard would have it: in NFC (RFC 8265 §4.2.2), one blank between two words."""
    return normalize("NFC", " ".join(typed.split()))


def check(passphrase: str) -> str:
    """`passphrase` normalised. Raises `PassphraseTooShort` or `PassphraseTooLong`, on the field `passphrase`."""
    checked = normalised(passphrase)
    if len(checked) < PASSPHRASE_MIN_CHARACTERS:
        raise PassphraseTooShort(_FIELD, least=PASSPHRASE_MIN_CHARACTERS)
    if len(checked) > PASSPHRASE_MAX_CHARACTERS:
        raise PassphraseTooLong(_FIELD, most=PASSPHRASE_MAX_CHARACTERS, count=len(checked))
    return checked
