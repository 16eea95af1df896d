"""Roots of trust: the fingerprint by which people know one, and the chain from one to the next."""

from hashlib import sha256
from typing import Any

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root


def fingerprint_of(root: bytes) -> str:
    """SHA-256 of the file of a root: 64 hexadecimal digits."""
    return sha256(root).hexdigest()


def follows(before: bytes, after: bytes) -> bool:
    """Whether the root `after` is the next of `before` and is signed as both ask (specification 1.0, clause 5.3.4)."""
    try:
        old: Metadata[Any] = Metadata.from_bytes(before)
        new: Metadata[Any] = Metadata.from_bytes(after)
        if not (isinstance(old.signed, Root) and isinstance(new.signed, Root)):
            return False
        return bool(new.signed.get_root_verification_result(old.signed, new.signed_bytes, new.signatures))
    except (RepositoryError, ValueError):
        return False
