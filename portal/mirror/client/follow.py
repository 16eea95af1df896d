"""Following a source: everything is verified before anything of it is served, and what is served stays until then."""

from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from tuf.api.exceptions import DownloadHTTPError, LengthOrHashMismatchError
from tuf.api.metadata import Metadata, TargetFile, Targets, Timestamp
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

from portal.domain.edition.edition_file import EDITION_FILE
from portal.domain.limits import EDITION_KIB, FILES_AT_ONCE, ROOT_ROTATIONS, TARGET_KIB, TIMESTAMP_HOURS
from portal.domain.trust.mirror_errors import (
    EditionTooLarge,
    EditionUnfit,
    FileAltered,
    FileMissing,
    SourceRedirects,
    SourceStale,
    VouchedTooLong,
)
from portal.mirror.client.fetching import Progress, Redirected
from portal.mirror.client.folder import MirrorFolder, Served
from portal.mirror.client.metadata import PREFIX, TIMESTAMP, is_answered_by_origin, sha256_of
from portal.mirror.client.paths import for_visitors, is_plain
from portal.mirror.client.rebuild import Rebuild, make_again
from portal.mirror.client.source import METADATA_BYTES, Source
from portal.mirror.client.tuf_errors import told_in_words
from portal.storage.disk import locked

_TIMESTAMP_BYTES: Final = 16_384
_VOUCHED_AT_MOST: Final = timedelta(hours=2 * TIMESTAMP_HOURS)
"""As long as a portal vouches, and as much again by which two clocks may differ."""
CONFIG: Final = UpdaterConfig(
    max_root_rotations=ROOT_ROTATIONS,
    max_delegations=1,
    root_max_length=METADATA_BYTES,
    timestamp_max_length=_TIMESTAMP_BYTES,
    snapshot_max_length=METADATA_BYTES,
    targets_max_length=METADATA_BYTES,
    prefix_targets_with_hash=False,
)


@dataclass(frozen=True, slots=True)
class Followed:
    """What came of it: `same`, nothing new; `vouched`, the edition is vouched for anew; `new`, another is served."""

    news: Literal["same", "vouched", "new"]
    served: Served


class _Metadata(FetcherInterface):
    """Fetches by `fetcher`, and no more than metadata may be: TUF's client takes as much as was announced."""

    def __init__(self, fetcher: FetcherInterface) -> None:
        self._fetcher = fetcher

    def download_bytes(self, url: str, max_length: int) -> bytes:
        """See the interface."""
        return self._fetcher.download_bytes(url, min(max_length, METADATA_BYTES))

    def _fetch(self, url: str) -> Iterator[bytes]:
        return self._fetcher.fetch(url)


def follow(mirror: MirrorFolder, source: Source, served: Served | None, progress: Progress, make: Rebuild) -> Followed:
    """Bring `mirror`, which serves `served`, up to what `source` offers; `make` makes again what need not be fetched.

    Raises `MirrorError`; what is served stays then as it was, and what was fetched is kept for the next time.
    """
    with told_in_words():
        if served and not served.damaged and source.metadata(TIMESTAMP, _TIMESTAMP_BYTES) == served.timestamp:
            if served.until <= datetime.now(UTC):
                raise SourceStale
            return Followed("same", served)
        with locked(mirror.lock):  # only now, so that a source that is silent keeps no offer waiting
            refresh(mirror, source, served)
            _bring_files(mirror, source, progress, make)
            now = mirror.serve_verified()
    is_same = served and not served.damaged and served.files == now.files
    return Followed("vouched" if is_same else "new", now)


def refresh(mirror: MirrorFolder, source: Source, served: Served | None) -> None:
    """Let TUF's client verify the metadata of `source`, root to targets (specification 1.0 §5).

    Raises the errors of TUF's client, and `VouchedTooLong`.
    """
    mirror.restore_trust(served)
    fetcher, base = _Metadata(source.fetcher), f"{source.base}{PREFIX}"
    updater = Updater(str(mirror.trust), base, fetcher=fetcher, config=CONFIG, bootstrap=mirror.pinned())
    updater.refresh()
    check_vouched(Metadata[Timestamp].from_bytes(mirror.timestamp()).signed)


def check_files(verified: Targets) -> Mapping[str, TargetFile]:
    """The files of `verified` targets by their SHA-256. Raises `EditionUnfit` and `EditionTooLarge`."""
    targets = verified.targets
    for path, target in targets.items():
        if not is_plain(path) or path.startswith(PREFIX) or not sha256_of(target):
            raise EditionUnfit(path=path)
    lengths = [target.length for target in targets.values()]
    if sum(lengths) > EDITION_KIB * 1024 or max(lengths, default=0) > TARGET_KIB * 1024:
        raise EditionTooLarge
    return {sha256_of(target): target for target in targets.values()}


def check_vouched(timestamp: Timestamp) -> None:
    """Raises `VouchedTooLong`."""
    if timestamp.expires > datetime.now(UTC) + _VOUCHED_AT_MOST:
        raise VouchedTooLong(when=f"{timestamp.expires:%Y-%m-%d}")


def _bring_files(mirror: MirrorFolder, source: Source, progress: Progress, make: Rebuild) -> None:
    """Bring those files of the verified targets here that are not there yet, few by fetching, many by making them."""
    files = check_files(mirror.targets())
    missing = {hash: target for hash, target in files.items() if not mirror.has(target)}
    progress(len(files) - len(missing), len(files))
    for target in _arriving(mirror, source, missing.copy(), make):
        del missing[sha256_of(target)]
        progress(len(files) - len(missing), len(files))


def _arriving(
    mirror: MirrorFolder, source: Source, missing: dict[str, TargetFile], make: Rebuild
) -> Iterator[TargetFile]:
    """Each of `missing` as it comes: what the edition makes of itself, then what is fetched."""
    edition = mirror.targets().targets.get(EDITION_FILE)
    if edition and len(missing) > FILES_AT_ONCE:  # fewer come in one turn
        if missing.pop(sha256_of(edition), None):
            mirror.put(edition, fetched(source, edition))
            yield edition
        for target in make_again(mirror, mirror.read(edition) or b"", tuple(missing.values()), make):
            del missing[sha256_of(target)]
            yield target
    yield from _all_of(mirror, source, missing.values())


def _all_of(mirror: MirrorFolder, source: Source, targets: Collection[TargetFile]) -> Iterator[TargetFile]:
    """Fetch `targets`, a few at a time; the first fault ends it."""

    def bring(target: TargetFile) -> TargetFile:
        mirror.put(target, fetched(source, target))
        return target

    with ExitStack() as ended:
        pool = ended.enter_context(ThreadPoolExecutor(FILES_AT_ONCE))
        ended.callback(pool.shutdown, cancel_futures=True)
        yield from pool.map(bring, targets)


def fetched(source: Source, target: TargetFile) -> bytes:
    """The file of `target` as `source` has it for its visitors, verified. Raises `MirrorError`, TUF's errors too.

    What the origin itself answers is looked for under the name of its file first: there alone the origin has it.
    """
    if is_answered_by_origin(target):
        with suppress(SourceRedirects, FileMissing):
            return _fetched_at(source, target.path, target)
    return _fetched_at(source, for_visitors(target.path), target)


def _fetched_at(source: Source, path: str, target: TargetFile) -> bytes:
    try:
        content = source.fetcher.download_bytes(f"{source.base}{path}", target.length)
        target.verify_length_and_hashes(content)
    except Redirected as error:
        raise error.error from None
    except DownloadHTTPError:
        raise FileMissing(path=target.path) from None
    except LengthOrHashMismatchError:
        raise FileAltered(path=target.path) from None
    return content
