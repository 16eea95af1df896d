"""Whether what is at an address is what the organisers signed: read from the root of trust down to every file."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from tuf.api.exceptions import DownloadError, DownloadHTTPError, DownloadLengthMismatchError, LengthOrHashMismatchError
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp

from portal.domain.edition.edition import Edition
from portal.domain.edition.edition_file import EDITION_FILE, edition_from_json
from portal.domain.limits import FILES_AT_ONCE
from portal.domain.trust.mirror_errors import MetadataMalformed
from portal.domain.trust.signing_errors import EditionUnreadable
from portal.mirror.client.banner import Sentences, without_banner
from portal.mirror.client.fetching import Progress
from portal.mirror.client.follow import check_files, check_vouched
from portal.mirror.client.metadata import TIMESTAMP, edition_of, is_answered_by_origin
from portal.mirror.client.paths import for_visitors
from portal.mirror.client.roots import fingerprint_of, newest_root
from portal.mirror.client.source import Source
from portal.mirror.client.tuf_errors import MISSING, told_in_words

_BANNER_BYTES: Final = 2_048


@dataclass(frozen=True, slots=True)
class SignedAt:
    """The metadata at a source, each signed as the one before it asks. `until`: how long it is vouched for.

    `snapshot` names the rest with its hash: sources that have the same have the same `targets`.
    """

    fingerprint: str
    snapshot: MetaFile
    targets: Targets
    until: datetime

    @property
    def edition(self) -> int:
        """The number of the edition."""
        return edition_of(self.targets)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found at a source: `altered` paths, of `files` in all."""

    signed: SignedAt
    files: int
    altered: tuple[str, ...]


def read_signed(source: Source, roots: tuple[bytes, ...]) -> SignedAt:
    """The metadata of `source`, whose root of trust is the last of `roots` or follows from it. Raises `MirrorError`.

    What is out of date is read too: whoever looks wants to know what it was.
    """
    return read_under(newest_root(source, roots[-1]), source)


def read_under(newest: bytes, source: Source, known: SignedAt | None = None) -> SignedAt:
    """The metadata of `source` as the root `newest` has it signed; no more of it is fetched than is not `known`.

    Raises `MirrorError`.
    """
    with told_in_words():
        root: Root = Metadata[Root].from_bytes(newest).signed
        timestamp = _verified(root, Timestamp, source.metadata(TIMESTAMP))
        check_vouched(timestamp)
        meta = timestamp.snapshot_meta
        if known and known.snapshot == meta:
            return replace(known, until=timestamp.expires)
        content = source.metadata(f"{meta.version}.snapshot.json")
        meta.verify_length_and_hashes(content)
        targets_meta = _verified(root, Snapshot, content).meta.get("targets.json")
        if targets_meta is None:
            raise MetadataMalformed
        content = source.metadata(f"{targets_meta.version}.targets.json")
        targets_meta.verify_length_and_hashes(content)
        targets = _verified(root, Targets, content)
        check_files(targets)
        return SignedAt(fingerprint_of(newest), meta, targets, timestamp.expires)


def edition_at(source: Source, signed: SignedAt) -> Edition | None:
    """The edition itself, as far as it is the signed one and can be read."""
    try:
        return edition_from_json(_file(source, signed, signed.targets.targets[EDITION_FILE], {}, False))
    except (KeyError, DownloadError, LengthOrHashMismatchError, EditionUnreadable):
        return None


def verify(
    source: Source, signed: SignedAt, paths: Sequence[str], sentences: Sentences, is_origin: bool, progress: Progress
) -> Verdict:
    """Compare the files of `source` at `paths`, as its visitors get them, with what was signed.

    Pages that the origin itself answers may also be under the names of their files where it `is_origin`. Raises
    `MirrorError` where the source falls silent.
    """
    altered = list[str]()
    with told_in_words(), ThreadPoolExecutor(FILES_AT_ONCE) as pool:

        def is_true(path: str) -> bool:
            try:
                _file(source, signed, signed.targets.targets[path], sentences, is_origin)
            except DownloadHTTPError as error:
                if error.status_code not in MISSING:
                    raise
                return False
            except (DownloadLengthMismatchError, LengthOrHashMismatchError):
                return False
            return True

        for done, (path, found) in enumerate(zip(paths, pool.map(is_true, paths), strict=True), 1):
            altered += [] if found else [path]
            progress(done, len(paths))
    return Verdict(signed, len(paths), tuple(altered))


def _file(source: Source, signed: SignedAt, target: TargetFile, sentences: Sentences, is_origin: bool) -> bytes:
    """The signed file of `target` at `source`."""
    try:
        return _file_at(source, for_visitors(target.path), signed, target, sentences)
    except (DownloadHTTPError, DownloadLengthMismatchError, LengthOrHashMismatchError):
        if is_origin and is_answered_by_origin(target):
            return _file_at(source, target.path, signed, target, sentences)
        raise


def _file_at(source: Source, path: str, signed: SignedAt, target: TargetFile, sentences: Sentences) -> bytes:
    sent = source.fetcher.download_bytes(f"{source.base}{path}", target.length + _BANNER_BYTES)
    content = without_banner(sent, sentences, signed.until)
    target.verify_length_and_hashes(content)
    return content


def _verified(root: Root, kind: type[Any], content: bytes) -> Any:  # noqa: ANN401 - an instance of `kind`
    metadata: Metadata[Any] = Metadata.from_bytes(content)
    if not isinstance(metadata.signed, kind):
        raise MetadataMalformed
    root.verify_delegate(metadata.signed.type, metadata.signed_bytes, metadata.signatures)
    return metadata.signed
