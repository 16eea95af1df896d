"""Roots of trust: the fingerprint by which people know one, and the chain from one to the next."""

import re
from hashlib import sha256
from typing import Any, Final

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root

_GROUP: Final = 8


def fingerprint_of(root: bytes) -> str:
    """SHA-256 of the file of a root: 64 hexadecimal digits."""
    return sha256(root).hexdigest()


def in_groups(fingerprint: str) -> str:
    """A fingerprint as people read it aloud: eight groups of eight."""
    return " ".join(fingerprint[start : start + _GROUP] for start in range(0, len(fingerprint), _GROUP))


def read_fingerprint(typed: str) -> str | None:
    """The fingerprint that somebody typed, with or without blanks; None when it is none."""
    plain = re.sub(r"\s", "", typed).lower()
    return plain if re.fullmatch(r"[0-9a-f]{64}", plain) else None


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
