"""Pages made again from the signed edition instead of fetched: kept where they are as they were signed."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from tuf.api.metadata import TargetFile

from portal.domain.edition.edition import Edition
from portal.domain.edition.edition_file import edition_from_json
from portal.domain.limits import MAKE_KIB, MAKE_SECONDS
from portal.mirror.client.folder import MirrorFolder
from portal.site.files import Files

Rebuild = Callable[[Edition], Files]
"""The files of an edition. They are asked for one by one: what makes each at that moment keeps one in memory."""


def nothing_rebuilt(edition: Edition) -> Files:
    """The maker of a copy that makes nothing: every file travels."""
    return {}


class RebuildOnce:
    """`make`, but nothing for an edition that it has just made: whoever hands it over again and again gets no more."""

    def __init__(self, make: Rebuild) -> None:
        self._make = make
        self._last: Edition | None = None

    def __call__(self, edition: Edition) -> Files:
        """The files of `edition`, the first time."""
        if edition == self._last:
            return {}
        self._last = edition
        return self._make(edition)


def make_again(
    mirror: MirrorFolder,
    content: bytes,
    missing: Sequence[TargetFile],
    make: Rebuild,
    clock: Callable[[], float] = time.thread_time,
) -> Iterator[TargetFile]:
    """Keep those of `missing` that `make` makes of the edition `content` as they were signed; yields each.

    None is kept where `content` is no edition or larger than MAKE_KIB; it ends when `clock`, by default the processor
    time of this thread, has gone on by MAKE_SECONDS. Raises `OSError` where the copy cannot be written, nothing else.
    """
    until = clock() + MAKE_SECONDS
    files = _files_of(content, make)
    for target in missing:
        if clock() >= until:
            return
        made = _made(files, target)
        if made is not None:
            mirror.put(target, made)
            yield target


def _files_of(content: bytes, make: Rebuild) -> Files:
    if len(content) > MAKE_KIB * 1024:
        return {}
    # An edition of another version of this program, or made to fail: whatever it raises, the files can be fetched.
    with suppress(Exception):
        return make(edition_from_json(content))
    return {}


def _made(files: Files, target: TargetFile) -> bytes | None:
    """The file of `target` as it was signed; None where another one is made, or none."""
    # The same: a page that cannot be made is one to be fetched.
    with suppress(Exception):
        content = files[target.path].content
        target.verify_length_and_hashes(content)
        return content
    return None
