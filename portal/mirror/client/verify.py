"""Comparison of the files at an address with what the organisers signed."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from tuf.api.exceptions import DownloadError, DownloadHTTPError, DownloadLengthMismatchError, LengthOrHashMismatchError
from tuf.api.metadata import TargetFile

from portal.domain.edition.edition import Edition
from portal.domain.edition.edition_file import EDITION_FILE, edition_from_json
from portal.domain.limits import FILES_AT_ONCE
from portal.domain.trust.signing_errors import EditionUnreadable
from portal.mirror.client.banner import Sentences, without_banner
from portal.mirror.client.fetching import Progress, Source
from portal.mirror.client.metadata import for_visitors, is_answered_by_origin
from portal.mirror.client.tuf_client import MISSING, VerifiedMetadata, as_mirror_errors

_BANNER_BYTES: Final = 2_048


@dataclass(frozen=True, slots=True)
class Verdict:
    """Result of a comparison: the `altered` paths, of `files` in all."""

    signed: VerifiedMetadata
    files: int
    altered: tuple[str, ...]


def edition_at(source: Source, signed: VerifiedMetadata) -> Edition | None:
    """Return the edition itself; None where it is not the signed one or cannot be read."""
    try:
        return edition_from_json(_file(source, signed, signed.targets.targets[EDITION_FILE], {}, False))
    except (KeyError, DownloadError, LengthOrHashMismatchError, EditionUnreadable):
        return None


def verify(
    source: Source,
    signed: VerifiedMetadata,
    paths: Sequence[str],
    sentences: Sentences,
    is_origin: bool,
    progress: Progress,
) -> Verdict:
    """Compare the files of `source` at `paths`, as its visitors get them, with what was signed.

    Pages that the origin itself answers may also be under the names of their files where it `is_origin`. Raises
    `MirrorError` where the source does not respond.
    """
    altered = list[str]()
    with as_mirror_errors(), ThreadPoolExecutor(FILES_AT_ONCE) as pool:

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


def _file(source: Source, signed: VerifiedMetadata, target: TargetFile, sentences: Sentences, is_origin: bool) -> bytes:
    """Fetch the signed file of `target` from `source`."""
    try:
        return _file_at(source, for_visitors(target.path), signed, target, sentences)
    except (DownloadHTTPError, DownloadLengthMismatchError, LengthOrHashMismatchError):
        if is_origin and is_answered_by_origin(target):
            return _file_at(source, target.path, signed, target, sentences)
        raise


def _file_at(source: Source, path: str, signed: VerifiedMetadata, target: TargetFile, sentences: Sentences) -> bytes:
    sent = source.fetcher.download_bytes(f"{source.base}{path}", target.length + _BANNER_BYTES)
    content = without_banner(sent, sentences, signed.until)
    target.verify_length_and_hashes(content)
    return content
