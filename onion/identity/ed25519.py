"""Ed25519 (RFC 8032 §5.1) by libsodium, with the secret key in the form that Tor keeps.

Tor keeps the expanded key: 64 bytes, a clamped scalar and then a prefix (§5.1.5). The seed that they were made from is
gone, so that libsodium's own signing, which begins with the seed, cannot be used.
"""

import hashlib
from typing import Final

from nacl.bindings import (
    crypto_core_ed25519_is_valid_point,
    crypto_core_ed25519_scalar_add,
    crypto_core_ed25519_scalar_mul,
    crypto_core_ed25519_scalar_reduce,
    crypto_scalarmult_ed25519_base_noclamp,
    crypto_sign_open,
)
from nacl.exceptions import BadSignatureError

KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64


def public_key(secret: bytes) -> bytes:
    """Return the public key, 32 bytes, of the expanded key `secret`."""
    return crypto_scalarmult_ed25519_base_noclamp(secret[:KEY_BYTES])


def sign(secret: bytes, message: bytes) -> bytes:
    """Return the signature of `message`, 64 bytes (§5.1.6), by the expanded key `secret`."""
    nonce = _hash(secret[KEY_BYTES:], message)
    commitment = crypto_scalarmult_ed25519_base_noclamp(nonce)
    product = crypto_core_ed25519_scalar_mul(_hash(commitment, public_key(secret), message), secret[:KEY_BYTES])
    return commitment + crypto_core_ed25519_scalar_add(nonce, product)


def is_signature(signature: bytes, message: bytes, public: bytes) -> bool:
    """Check that `signature` is that of `message` by the key `public` (§5.1.7, without the cofactor).

    Like Tor, this takes no key outside the subgroup of prime order. A response beyond that order is refused.
    """
    if len(signature) != SIGNATURE_BYTES or len(public) != KEY_BYTES or not crypto_core_ed25519_is_valid_point(public):
        return False
    try:
        crypto_sign_open(signature + message, public)
    except BadSignatureError:
        return False
    return True


def _hash(*parts: bytes) -> bytes:
    """Return SHA-512 of `parts` as a scalar, 32 bytes, modulo the order of the base point."""
    return crypto_core_ed25519_scalar_reduce(hashlib.sha512(b"".join(parts)).digest())
