"""Roots of trust: the fingerprint by which people know one, and the chain from each to the next."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

from tuf.api.exceptions import BadVersionNumberError, DownloadHTTPError, RepositoryError
from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet
from tuf.ngclient.config import EnvelopeType

from portal.domain.limits import ROOT_ROTATIONS
from portal.domain.trust.mirror_errors import RootUnknown
from portal.mirror.client.fetching import Source
from portal.mirror.client.tuf_errors import MISSING, as_mirror_errors


def fingerprint_of(root: bytes) -> str:
    """Return the SHA-256 of the file of a root: 64 hexadecimal digits."""
    return sha256(root).hexdigest()


def trusted_set(root: bytes, now: datetime | None = None) -> TrustedMetadataSet:
    """Return what TUF's client trusts `now` when it is given `root` alone. Raises TUF's errors.

    Without `now`, nothing but roots can be added: they are accepted after they expired.
    """
    trusted = TrustedMetadataSet(root, EnvelopeType.METADATA)
    if now:
        trusted.reference_time = now
    return trusted


def newer_roots(trusted: TrustedMetadataSet, source: Source) -> Iterator[bytes]:
    """Fetch the roots of `source` that follow the newest `trusted` one, verify and yield each. Raises TUF's errors."""
    for _, root in _roots_from(source, trusted.root.version + 1):
        trusted.update_root(root)
        yield root


def follows(before: bytes, after: bytes) -> bool:
    """Return whether the root `after` is the next of `before`, signed as both ask (specification 1.0 §5.3.4)."""
    try:
        trusted_set(before).update_root(after)
    except RepositoryError:
        return False
    return True


def roots_of(source: Source) -> tuple[bytes, ...]:
    """Return the roots of trust of `source` from its first one on, each of which follows the one before.

    Raises `MirrorError`.
    """
    first = roots_up_to(source, None)
    with as_mirror_errors():
        return (*first, *newer_roots(trusted_set(first[-1]), source))


def roots_up_to(source: Source, fingerprint: str | None) -> tuple[bytes, ...]:
    """Return the roots of trust of `source` up to the one with `fingerprint`; the first one alone where that is None.

    Those that do not lead to it are left out. Raises `MirrorError`.
    """
    roots: list[bytes] = []
    with as_mirror_errors():
        for number, root in _roots_from(source, 1):
            if roots and not follows(roots[-1], root):
                roots.clear()
            roots.append(root)
            if fingerprint in (None, fingerprint_of(root)):
                if trusted_set(root).root.version != number:
                    raise BadVersionNumberError
                return tuple(roots)
    raise RootUnknown


def _roots_from(source: Source, first: int) -> Iterator[tuple[int, bytes]]:
    """Yield the roots of `source` with their numbers, from `first` on, not verified. Raises without a root 1."""
    for number in range(first, first + ROOT_ROTATIONS):
        try:
            root = source.metadata(f"{number}.root.json")
        except DownloadHTTPError as error:
            if number == 1 or error.status_code not in MISSING:
                raise
            return
        yield number, root
