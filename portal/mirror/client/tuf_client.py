"""Metadata of a source, verified by python-tuf's client: kept in a mirror's folder, or in memory alone.

Both ways rest on its `TrustedMetadataSet`, which checks signatures, versions, hashes and expiry (specification 1.0 §5);
so does the chain of roots of trust, from each to the next. Its errors become those of this portal.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    ExpiredMetadataError,
    LengthOrHashMismatchError,
    RepositoryError,
    UnsignedMetadataError,
)
from tuf.api.metadata import Metadata, MetaFile, TargetFile, Targets, Timestamp
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig
from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet
from tuf.ngclient.config import EnvelopeType

from portal.domain.disk_faults import reason_of
from portal.domain.limits import EDITION_KIB, ROOT_ROTATIONS, TARGET_KIB, TIMESTAMP_HOURS
from portal.domain.trust.mirror_errors import (
    EditionTooLarge,
    EditionUnfit,
    MetadataMalformed,
    MirrorError,
    MirrorUnwritable,
    RootUnknown,
    SignaturesUnfit,
    SourceMixed,
    SourceOlder,
    SourceRefuses,
    SourceSilent,
    SourceStale,
    SourceTooLarge,
    SourceUnsigned,
    VouchedTooLong,
)
from portal.mirror.client.fetching import METADATA_BYTES, FetchError, RedirectError, Source
from portal.mirror.client.folder import MirrorFolder, ServedEdition
from portal.mirror.client.metadata import PREFIX, TIMESTAMP, edition_of, fingerprint_of, is_plain, sha256_of

MISSING: Final = frozenset({403, 404, 410})
"""The statuses with which web servers say that they do not have a file."""
TIMESTAMP_BYTES: Final = 16_384
_MAX_VALIDITY: Final = timedelta(hours=2 * TIMESTAMP_HOURS)
"""As long as a portal vouches, and as much again by which two clocks may differ."""
CONFIG: Final = UpdaterConfig(
    max_root_rotations=ROOT_ROTATIONS,
    max_delegations=1,
    root_max_length=METADATA_BYTES,
    timestamp_max_length=TIMESTAMP_BYTES,
    snapshot_max_length=METADATA_BYTES,
    targets_max_length=METADATA_BYTES,
    prefix_targets_with_hash=False,
)


@dataclass(frozen=True, slots=True)
class VerifiedMetadata:
    """The verified metadata of a source: the fingerprint of its newest root, and `until` when it is vouched for.

    `snapshot` names the rest with its hash: sources that have the same have the same `targets`.
    """

    fingerprint: str
    snapshot: MetaFile
    targets: Targets
    until: datetime

    @property
    def edition(self) -> int:
        """Return the number of the edition."""
        return edition_of(self.targets)


class _MetadataFetcher(FetcherInterface):
    """Fetches by `fetcher`, and no more than metadata may be: TUF's client takes as much as was announced."""

    def __init__(self, fetcher: FetcherInterface) -> None:
        self._fetcher = fetcher

    def download_bytes(self, url: str, max_length: int) -> bytes:
        """See the interface."""
        return self._fetcher.download_bytes(url, min(max_length, METADATA_BYTES))

    def _fetch(self, url: str) -> Iterator[bytes]:
        return self._fetcher.fetch(url)


def refresh(mirror: MirrorFolder, source: Source, served: ServedEdition | None, now: datetime) -> None:
    """Verify the metadata of `source` as it is `now`, root to targets, and keep it in the folder of `mirror`.

    Raises TUF's errors, and `VouchedTooLong`.
    """
    mirror.restore_trust(served)
    fetcher, base = _MetadataFetcher(source.fetcher), f"{source.base}{PREFIX}"
    updater = Updater(str(mirror.trust), base, fetcher=fetcher, config=CONFIG, bootstrap=mirror.pinned())
    updater._trusted_set.reference_time = now
    updater.refresh()
    _check_validity(Metadata[Timestamp].from_bytes(mirror.timestamp()).signed, now)


def verified_metadata(source: Source, root: bytes, now: datetime) -> VerifiedMetadata:
    """Return the metadata of `source`, whose newest root is `root` or follows it, verified. Raises `MirrorError`."""
    with as_mirror_errors():
        trusted = trusted_set(root, now)
        return _verified([root, *newer_roots(trusted, source)][-1], trusted, source, None)


def verified_under(
    root: bytes, source: Source, now: datetime, known: VerifiedMetadata | None = None
) -> VerifiedMetadata:
    """Return the metadata of `source` verified under `root`, whatever follows it; fetches no more than is not `known`.

    Raises `MirrorError`.
    """
    with as_mirror_errors():
        return _verified(root, trusted_set(root, now), source, known)


def _verified(
    root: bytes, trusted: TrustedMetadataSet, source: Source, known: VerifiedMetadata | None
) -> VerifiedMetadata:
    """Read what is under `root`. An expired timestamp is no error: it is read as of the moment before it expired."""
    now = trusted.reference_time
    try:
        trusted.update_timestamp(source.metadata(TIMESTAMP, TIMESTAMP_BYTES))
    except ExpiredMetadataError:
        if Timestamp.type not in trusted:  # it is the root that has expired
            raise
        trusted.reference_time = trusted.timestamp.expires - timedelta.resolution
    timestamp = trusted.timestamp
    _check_validity(timestamp, now)
    meta = timestamp.snapshot_meta
    if known and known.snapshot == meta:
        return replace(known, until=timestamp.expires)
    trusted.update_snapshot(_announced(source, "snapshot.json", meta))
    targets_meta = trusted.snapshot.meta.get("targets.json")
    if targets_meta is None:
        raise MetadataMalformed
    targets = trusted.update_targets(_announced(source, "targets.json", targets_meta))
    check_files(targets)
    return VerifiedMetadata(fingerprint_of(root), meta, targets, timestamp.expires)


def _announced(source: Source, name: str, meta: MetaFile) -> bytes:
    return source.metadata(f"{meta.version}.{name}", min(meta.length or METADATA_BYTES, METADATA_BYTES))


def check_files(verified: Targets) -> Mapping[str, TargetFile]:
    """Return the files of `verified` targets by their SHA-256. Raises `EditionUnfit` and `EditionTooLarge`."""
    targets = verified.targets
    for path, target in targets.items():
        if not is_plain(path) or path.startswith(PREFIX) or not sha256_of(target):
            raise EditionUnfit(path=path)
    lengths = [target.length for target in targets.values()]
    if sum(lengths) > EDITION_KIB * 1024 or max(lengths, default=0) > TARGET_KIB * 1024:
        raise EditionTooLarge
    return {sha256_of(target): target for target in targets.values()}


def _check_validity(timestamp: Timestamp, now: datetime) -> None:
    """Raises `VouchedTooLong`."""
    if timestamp.expires > now + _MAX_VALIDITY:
        raise VouchedTooLong(when=f"{timestamp.expires:%Y-%m-%d}")


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


@contextmanager
def as_mirror_errors() -> Iterator[None]:
    """Raise `MirrorError` in place of the errors of TUF and of the disk that the block raises."""
    try:
        yield
    except (DownloadError, RepositoryError) as error:
        raise _mirror_error(error) from error
    except OSError as error:
        raise MirrorUnwritable(reason=reason_of(error)) from error


def _mirror_error(error: DownloadError | RepositoryError) -> MirrorError:
    if isinstance(error, FetchError | RedirectError):
        return error.error
    if isinstance(error, DownloadHTTPError):
        is_missing = error.status_code in MISSING
        return SourceUnsigned() if is_missing else SourceRefuses(status=error.status_code)
    kinds: dict[type[Exception], MirrorError] = {
        DownloadLengthMismatchError: SourceTooLarge(),
        DownloadError: SourceSilent(),
        UnsignedMetadataError: SignaturesUnfit(),
        ExpiredMetadataError: SourceStale(),
        BadVersionNumberError: SourceOlder(),
        LengthOrHashMismatchError: SourceMixed(),
    }
    return next((found for kind, found in kinds.items() if isinstance(error, kind)), MetadataMalformed())
