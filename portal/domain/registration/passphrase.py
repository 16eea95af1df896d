"""Passphrases of tickets and organisers: generated of words, normalised, checked."""

import random
from collections.abc import Sequence
from typing import Final
from unicodedata import normalize

from portal.domain.input_errors import PassphraseTooLong, PassphraseTooShort
from portal.domain.limits import PASSPHRASE_MAX_CHARACTERS, PASSPHRASE_MIN_CHARACTERS, PASSPHRASE_WORDS

_FIELD: Final = "passphrase"


def generate(words: Sequence[str], rng: random.Random) -> str:
    """Return words drawn from `words`, with a space between them; `rng` must be fit for secrets.

    Six words of the shorter list carry 76 bits.
    """
    return " ".join(rng.choice(words) for _ in range(PASSPHRASE_WORDS))


def normalised(typed: str) -> str:
    """Return `typed` in NFC (RFC 8265 §4.2.2) with single spaces, as every keyboard would have it."""
    return normalize("NFC", " ".join(typed.split()))


def check(passphrase: str) -> str:
    """Return `passphrase` normalised. Raises `PassphraseTooShort` or `PassphraseTooLong`, on the field `passphrase`."""
    checked = normalised(passphrase)
    if len(checked) < PASSPHRASE_MIN_CHARACTERS:
        raise PassphraseTooShort(_FIELD, least=PASSPHRASE_MIN_CHARACTERS)
    if len(checked) > PASSPHRASE_MAX_CHARACTERS:
        raise PassphraseTooLong(_FIELD, most=PASSPHRASE_MAX_CHARACTERS, count=len(checked))
    return checked
