"""Roots of trust: the fingerprint by which people know one, and the chain from one to the next."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from tuf.api.exceptions import DownloadHTTPError, RepositoryError
from tuf.api.metadata import Metadata, Root

from portal.domain.limits import ROOT_ROTATIONS
from portal.domain.trust.mirror_errors import RootUnknown
from portal.mirror.client.source import Source
from portal.mirror.client.tuf_errors import told_in_words


def fingerprint_of(root: bytes) -> str:
    """SHA-256 of the file of a root: 64 hexadecimal digits."""
    return sha256(root).hexdigest()


def follows(before: bytes, after: bytes) -> bool:
    """Whether the root `after` is the next of `before` and is signed as both ask (specification 1.0 §5.3.4)."""
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

    Raises `MirrorError`.
    """
    with told_in_words():
        return tuple(_chain(None, _roots_from(source, 1)))


def roots_up_to(source: Source, fingerprint: str | None) -> tuple[bytes, ...]:
    """The roots of trust of `source` up to the one with `fingerprint`; the first one alone where that is None.

    Those that do not lead to it are left out. Raises `MirrorError`.
    """
    roots: list[bytes] = []
    with told_in_words():
        for root in _roots_from(source, 1):
            if roots and not follows(roots[-1], root):
                roots.clear()
            roots.append(root)
            if fingerprint in (None, fingerprint_of(root)):
                return tuple(roots)
    raise RootUnknown


def newest_root(source: Source, root: bytes) -> bytes:
    """The newest root of trust of `source` that follows from `root`, or `root`. Raises `MirrorError`."""
    with told_in_words():
        number = Metadata[Any].from_bytes(root).signed.version
        return [root, *_chain(root, _roots_from(source, number + 1))][-1]


def _roots_from(source: Source, first: int) -> Iterator[bytes]:
    """The roots of `source` from number `first` on, whatever they are, until there is none; raises without a first."""
    for number in range(first, first + ROOT_ROTATIONS):
        try:
            root = source.metadata(f"{number}.root.json")
        except DownloadHTTPError:
            if number == 1:
                raise
            return
        yield root


def _chain(before: bytes | None, roots: Iterator[bytes]) -> Iterator[bytes]:
    """Those of `roots` that follow, each from the one before it."""
    for root in roots:
        if before is not None and not follows(before, root):
            return
        yield root
        before = root
