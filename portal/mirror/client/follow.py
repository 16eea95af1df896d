"""Update of a mirror from a source: all of it is verified before any of it is served.

The files of an edition that are not there yet are rebuilt from the edition itself, or fetched and verified.
"""

import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tuf.api.exceptions import DownloadHTTPError, LengthOrHashMismatchError
from tuf.api.metadata import TargetFile

from portal.domain.edition.edition import Edition
from portal.domain.edition.edition_file import EDITION_FILE, edition_from_json
from portal.domain.limits import FILES_AT_ONCE, MAKE_KIB, MAKE_SECONDS
from portal.domain.trust.mirror_errors import FileAltered, FileMissing, SourceRedirects, SourceStale
from portal.mirror.client.fetching import Progress, RedirectError, Source
from portal.mirror.client.folder import MirrorFolder, ServedEdition
from portal.mirror.client.metadata import TIMESTAMP, for_visitors, is_answered_by_origin, sha256_of
from portal.mirror.client.tuf_client import TIMESTAMP_BYTES, as_mirror_errors, check_files, refresh
from portal.site.files import Files
from portal.storage.disk import locked

Rebuild = Callable[[Edition], Files]
"""Makes the files of an edition. Each is read once, in turn: a lazy mapping keeps one of them in memory."""


def nothing_rebuilt(edition: Edition) -> Files:
    """Return no file, for a mirror that fetches all of them."""
    return {}


@dataclass(frozen=True, slots=True)
class FollowResult:
    """Result of an update: `same`, nothing new; `vouched`, a newer timestamp of the same files; `new`, other files."""

    news: Literal["same", "vouched", "new"]
    served: ServedEdition


def follow(
    mirror: MirrorFolder,
    source: Source,
    served: ServedEdition | None,
    progress: Progress,
    rebuild: Rebuild,
    now: datetime,
) -> FollowResult:
    """Bring `mirror`, which serves `served`, up to what `source` offers `now`; `rebuild` saves fetching.

    Raises `MirrorError`; what is served stays then as it was, and what was fetched is kept for the next time.
    """
    with as_mirror_errors():
        if served and not served.damaged and source.metadata(TIMESTAMP, TIMESTAMP_BYTES) == served.timestamp:
            if served.until <= now:
                raise SourceStale
            return FollowResult("same", served)
        with locked(mirror.lock):  # only now, so that a source that is silent keeps no offer waiting
            refresh(mirror, source, served, now)
            missing = MissingFiles(mirror)
            done = missing.total - len(missing.hashes)
            progress(done, missing.total)
            for count, _ in enumerate(missing.bring(source, rebuild), done + 1):
                progress(count, missing.total)
            after = mirror.serve_verified()
    is_same = served and not served.damaged and served.files == after.files
    return FollowResult("vouched" if is_same else "new", after)


class RebuildOnce:
    """`rebuild`, but nothing for the edition that it made last: whoever offers it again and again causes no work."""

    def __init__(self, rebuild: Rebuild) -> None:
        self._rebuild = rebuild
        self._last: Edition | None = None

    def __call__(self, edition: Edition) -> Files:
        """Return the files of `edition`, the first time."""
        if edition == self._last:
            return {}
        self._last = edition
        return self._rebuild(edition)


def rebuilt(
    content: bytes,
    missing: Collection[TargetFile],
    rebuild: Rebuild,
    clock: Callable[[], float] = time.thread_time,
) -> Iterator[tuple[TargetFile, bytes]]:
    """Yield those of `missing` that `rebuild` makes of the edition in `content` as they were signed. Raises nothing.

    There are none where `content` is no edition or larger than MAKE_KIB; it ends when `clock`, by default the processor
    time of this thread, has gone on by MAKE_SECONDS.
    """
    until = clock() + MAKE_SECONDS
    files = _files_of(content, rebuild)
    for target in missing:
        if clock() >= until:
            return
        file = _as_signed(files, target)
        if file is not None:
            yield target, file


def _files_of(content: bytes, rebuild: Rebuild) -> Files:
    if len(content) > MAKE_KIB * 1024:
        return {}
    # An edition of another version of this program, or made to fail: whatever it raises, the files can be fetched.
    with suppress(Exception):
        return rebuild(edition_from_json(content))
    return {}


def _as_signed(files: Files, target: TargetFile) -> bytes | None:
    """Return the file of `target` as it was signed; None where another one is made, or none."""
    # A page that cannot be made is fetched.
    with suppress(Exception):
        content = files[target.path].content
        target.verify_length_and_hashes(content)
        return content
    return None


class MissingFiles:
    """`hashes` of the files that `mirror` lacks of the edition that it verified last, which has `total` files.

    Raises `EditionUnfit` and `EditionTooLarge`.
    """

    def __init__(self, mirror: MirrorFolder) -> None:
        files = check_files(mirror.targets())
        self.total = len(files)
        self._mirror = mirror
        self._edition = mirror.targets().targets.get(EDITION_FILE)
        self._missing = {hash: target for hash, target in files.items() if not mirror.has(target)}

    @property
    def hashes(self) -> tuple[str, ...]:
        """Return the SHA-256 of each file that is still missing."""
        return tuple(self._missing)

    def rebuild(self, rebuild: Rebuild) -> Iterator[TargetFile]:
        """Keep what `rebuild` makes of the edition, if that is here and fetching takes several turns; yields each."""
        if self._edition and len(self._missing) > FILES_AT_ONCE:
            content = self._mirror.read(self._edition) or b""
            for target, file in rebuilt(content, tuple(self._missing.values()), rebuild):
                yield self._keep(target, file)

    def bring(self, source: Source, rebuild: Rebuild) -> Iterator[TargetFile]:
        """Rebuild what can be, fetch the rest from `source`; yields each. Raises `MirrorError` and TUF's errors."""
        if edition := edition_to_bring_first(self._missing, self._edition):
            yield self._keep(edition, fetched(source, edition))
        yield from self.rebuild(rebuild)
        yield from self._fetch(source, tuple(self._missing.values()))

    def _fetch(self, source: Source, targets: Collection[TargetFile]) -> Iterator[TargetFile]:
        """Fetch `targets`, a few at a time; the first fault ends it."""

        def bring(target: TargetFile) -> TargetFile:
            return self._keep(target, fetched(source, target))

        with ExitStack() as ended:
            pool = ended.enter_context(ThreadPoolExecutor(FILES_AT_ONCE))
            ended.callback(pool.shutdown, cancel_futures=True)
            yield from pool.map(bring, targets)

    def _keep(self, target: TargetFile, content: bytes) -> TargetFile:
        self._mirror.put(target, content)
        del self._missing[sha256_of(target)]
        return target


def edition_to_bring_first(missing: Collection[str], edition: TargetFile | None) -> TargetFile | None:
    """Return the file of the `edition` where its hash is among so many `missing` ones that a rebuild saves turns."""
    is_first = edition and sha256_of(edition) in missing and len(missing) > FILES_AT_ONCE
    return edition if is_first else None


def fetched(source: Source, target: TargetFile) -> bytes:
    """Fetch the file of `target` as `source` has it for its visitors, verified. Raises `MirrorError`, TUF's errors too.

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
    except RedirectError as error:
        raise error.error from None
    except DownloadHTTPError:
        raise FileMissing(path=target.path) from None
    except LengthOrHashMismatchError:
        raise FileAltered(path=target.path) from None
    return content
