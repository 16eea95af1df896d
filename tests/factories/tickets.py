"""Codes, ids and sealed pseudonyms under the keys of the tests, at the least that they cost."""

from typing import Final

from portal.domain.registration.hashing import Argon2, CodeCosts, PassphraseKey, code_keys, new_key
from portal.domain.registration.sealing import open_with_private_key, public_key_of, seal_pseudonym
from portal.domain.registration.ticket_code import INVITATION, SET_UP, CodeKeys, code_digest
from portal.services import Keys

KEYS: Final = Keys(event=b"e" * 32, forms=b"f" * 32)
CHEAP: Final = Argon2(memory_kib=64, passes=1)
CHEAP_CODES: Final = CodeCosts(CHEAP, CHEAP)
ORGANISERS_KEY: Final = b"o" * 32
"""The private key that opens pseudonyms."""


def ticket_id(code: str, key: bytes = KEYS.event) -> str:
    """Return the id of the registration that `code` opens."""
    return code_keys(code_digest(key, code), CHEAP_CODES).id


def invitation_id(code: str, key: bytes = KEYS.event) -> str:
    """Return the id of the invitation that `code` is."""
    return code_keys(code_digest(key, code, INVITATION), CHEAP_CODES).id


def set_up_keys(code: str, key: bytes = KEYS.event) -> CodeKeys:
    """Return the id of a set-up code, and the key of what is wrapped for it."""
    return code_keys(code_digest(key, code, SET_UP), CHEAP_CODES)


def hashed(passphrase: str, cost: Argon2 = CHEAP) -> PassphraseKey:
    """Return the key of a passphrase, always under the same salt."""
    return new_key(cost, passphrase, b"salt of the tests")


def sealed(pseudonym: str, key: bytes = b"p" * 32) -> str:
    """Return `pseudonym` as it is stored for the person whose passphrase has this `key`."""
    return seal_pseudonym(pseudonym, key, public_key_of(ORGANISERS_KEY))


def unsealed(sealed_pseudonym: str) -> str | None:
    """Return the pseudonym as organisers read it."""
    return open_with_private_key(sealed_pseudonym, ORGANISERS_KEY)
