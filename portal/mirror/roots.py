"""Roots of trust: the fingerprint by which people know one, and the chain from one to the next."""

from hashlib import sha256
from typing import Any

from tuf.api.exceptions import DownloadHTTPError, RepositoryError
from tuf.api.metadata import Metadata, Root

from portal.domain.limits import METADATA_KIB, ROOT_ROTATIONS
from portal.mirror.faults import told_in_words
from portal.mirror.fetching import Source
from portal.mirror.metadata import PREFIX


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


def roots_of(source: Source) -> tuple[bytes, ...]:
    """The roots of trust of `source` from its first one on, each of which follows from the one before.

    Raises `CopyError`.
    """
    roots: list[bytes] = []
    with told_in_words():
        for number in range(1, ROOT_ROTATIONS + 1):
            try:
                root = source.fetcher.download_bytes(f"{source.base}{PREFIX}{number}.root.json", METADATA_KIB * 1024)
            except DownloadHTTPError:
                if not roots:
                    raise
                break
            if roots and not follows(roots[-1], root):
                break
            roots.append(root)
    return tuple(roots)
