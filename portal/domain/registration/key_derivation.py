"""Keys that follow from a key: HKDF-Expand with SHA-256 (RFC 5869 §2.3), one purpose each."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand


def derived(key: bytes, purpose: str, length: int = 32) -> bytes:
    """Return `length` bytes that follow from `key` (32 random bytes) for `purpose` alone."""
    return HKDFExpand(SHA256(), length, f"portal {purpose}".encode()).derive(key)
