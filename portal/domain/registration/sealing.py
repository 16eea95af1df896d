"""Pseudonyms sealed on the disk: readable by who has the passphrase, and by organisers who are signed in.

Each is encrypted under a key that follows from the key of its passphrase (AES-SIV, RFC 5297), and that key is sealed to
the organisers' public key (X25519, RFC 7748; the format of libsodium's sealed box). The private half of the organisers'
key is on the disk only wrapped: sealed again to a key pair that follows from each organiser's passphrase.

All of it is deterministic: what would be random follows from a key that is never on the disk, so that the same
registrations are the same bytes, and nobody can test a guess of a pseudonym against them.
"""

from base64 import b64decode, b64encode
from hashlib import blake2b
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from nacl.exceptions import CryptoError
from nacl.public import Box, PrivateKey, PublicKey, SealedBox

from portal.domain.limits import PSEUDONYM_CHARACTERS
from portal.domain.registration.hashing import derived

PRIVATE_KEY_BYTES: Final = 32
_LENGTH_BYTES: Final = 2
_PADDED_BYTES: Final = _LENGTH_BYTES + 4 * PSEUDONYM_CHARACTERS
"""A character has at most four bytes (RFC 3629): with or without a pseudonym, a record has the same length."""
_AES_SIV_KEY_BYTES: Final = 64


def seal_pseudonym(pseudonym: str, passphrase_key: bytes, organisers_key: bytes) -> str:
    """Seal `pseudonym`, which may be empty, for `passphrase_key` and for the organisers' public key, 32 bytes each.

    Return the encrypted pseudonym and its sealed key, each in base64, with a full stop between them.
    """
    own = _own_key(passphrase_key)
    content = pseudonym.encode()
    padded = (len(content).to_bytes(_LENGTH_BYTES, "big") + content).ljust(_PADDED_BYTES, b"\0")
    sealed = _seal(own, organisers_key, derived(passphrase_key, "pseudonym seal"))
    return f"{_text(_cipher(own).encrypt(padded, None))}.{_text(sealed)}"


def open_with_passphrase_key(sealed: str, passphrase_key: bytes) -> str | None:
    """Return the pseudonym; None when it was sealed for another key, or is damaged."""
    return _opened(sealed, _own_key(passphrase_key))


def open_with_private_key(sealed: str, private_key: bytes) -> str | None:
    """Return the pseudonym by the organisers' private key; None when it was sealed to another one, or is damaged."""
    own = _unsealed(sealed.partition(".")[2], private_key)
    return None if own is None else _opened(sealed, own)


def public_key_of(private_key: bytes) -> bytes:
    """Return the public half of an X25519 private key, 32 bytes each."""
    return bytes(PrivateKey(private_key).public_key)


def recipient_key(secret: bytes) -> bytes:
    """Return the public key to which something is wrapped for whoever has `secret`, 32 bytes each."""
    return public_key_of(_recipient(secret))


def wrap(private_key: bytes, recipient: bytes) -> str:
    """Wrap the organisers' private key for the public key of a `recipient`, in base64."""
    return _text(_seal(private_key, recipient, derived(private_key, f"wrap for {recipient.hex()}")))


def unwrap(wrapped: str, secret: bytes) -> bytes | None:
    """Return the organisers' private key by the `secret` whose `recipient_key` it was wrapped for; None for another."""
    return _unsealed(wrapped, _recipient(secret))


def _recipient(secret: bytes) -> bytes:
    return derived(secret, "recipient")


def _own_key(passphrase_key: bytes) -> bytes:
    return derived(passphrase_key, "pseudonym")


def _cipher(own: bytes) -> AESSIV:
    return AESSIV(derived(own, "pseudonym text", _AES_SIV_KEY_BYTES))


def _opened(sealed: str, own: bytes) -> str | None:
    try:
        padded = _cipher(own).decrypt(_bytes(sealed.partition(".")[0]), None)
    except (InvalidTag, ValueError):
        return None
    length = int.from_bytes(padded[:_LENGTH_BYTES], "big")
    return padded[_LENGTH_BYTES : _LENGTH_BYTES + length].decode()


def _seal(content: bytes, public_key: bytes, ephemeral: bytes) -> bytes:
    """Make libsodium's sealed box, with an `ephemeral` private key of ours in the place of a random one."""
    sender, recipient = PrivateKey(ephemeral), PublicKey(public_key)
    own = bytes(sender.public_key)
    nonce = blake2b(own + public_key, digest_size=Box.NONCE_SIZE).digest()
    return own + Box(sender, recipient).encrypt(content, nonce).ciphertext


def _unsealed(text: str, private_key: bytes) -> bytes | None:
    try:
        return SealedBox(PrivateKey(private_key)).decrypt(_bytes(text))
    except (CryptoError, ValueError, TypeError):
        return None


def _text(content: bytes) -> str:
    return b64encode(content).decode("ascii")


def _bytes(text: str) -> bytes:
    return b64decode(text, validate=True)
