"""Address of an onion: its public key, written out (rend-spec-v3, [ONIONADDRESS])."""

import base64
import binascii
import hashlib
import re
from typing import Final

_VERSION: Final = b"\x03"
_CHECKSUM_BYTES: Final = 2
_KEY_BYTES: Final = 32
_ADDRESS: Final = re.compile(r"([a-z2-7]{56})\.onion")


def address_of(public_key: bytes) -> str:
    """Return the `….onion` of a public key of 32 bytes."""
    decoded = public_key + _checksum(public_key) + _VERSION
    return f"{base64.b32encode(decoded).decode('ascii').lower()}.onion"


def public_key_of(address: str) -> bytes | None:
    """Return the public key in `address`, `….onion`; None where a letter is wrong."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        return None
    try:
        decoded = base64.b32decode(found[1].upper())
    except binascii.Error:
        return None
    key = decoded[:_KEY_BYTES]
    return key if address_of(key) == address else None


def _checksum(public_key: bytes) -> bytes:
    return hashlib.sha3_256(b".onion checksum" + public_key + _VERSION).digest()[:_CHECKSUM_BYTES]
