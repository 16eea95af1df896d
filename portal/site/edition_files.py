"""The files of a mirror: every public file of an edition, and the edition itself, from which anybody can make them."""

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Final, Protocol

from portal.domain.edition.edition import Edition
from portal.domain.edition.edition_file import EDITION_FILE, MIRRORS_FILE, edition_to_json, mirrors_to_json
from portal.domain.event.days import day_span
from portal.site.files import JSON, File, Files
from portal.site.program import program_hash
from portal.site.render import Renderer, SkeletonFile, SkeletonPage, base_edition, file_renderers

Skeletons = Mapping[str, bytes]
"""The skeletons of pages, calendars and schedules by their paths."""
_WITH_SKELETON: Final = (SkeletonPage, SkeletonFile)


class SkeletonCache(Protocol):
    """Keeps the skeletons of an edition, under a key that says of which edition and of which program they are."""

    def read(self, key: str) -> Skeletons:
        """Return those that were kept under `key`, none where there are none, or where they are damaged."""

    def write(self, key: str, skeletons: Skeletons) -> None:
        """Keep `skeletons` in place of all others. A fault of the disk is no error: they can be rendered again."""


class _NoCache:
    def read(self, key: str) -> Skeletons:
        return {}

    def write(self, key: str, skeletons: Skeletons) -> None:
        """Keep nothing."""


NO_CACHE: Final[SkeletonCache] = _NoCache()


class LazyFiles(Mapping[str, File]):
    """Files of an edition, each made when it is read, so that only one is in memory at a time, beside the skeletons.

    Skeletons come from the `cache` where it has those of an edition with the same base. They go there once all of them
    have been rendered.
    """

    def __init__(self, edition: Edition, cache: SkeletonCache = NO_CACHE) -> None:
        self._renderers: dict[str, Callable[[], File]] = {
            **file_renderers(Renderer(edition)),
            EDITION_FILE: lambda: File(edition_to_json(edition), JSON),
            MIRRORS_FILE: lambda: File(mirrors_to_json(edition.event.mirrors), JSON),
        }
        self._cache, self._key = cache, base_key(edition)
        self._skeletons = dict(cache.read(self._key))
        self._missing = {path for path, render in self._renderers.items() if isinstance(render, _WITH_SKELETON)}
        self._missing -= self._skeletons.keys()

    def __getitem__(self, path: str) -> File:
        renderer = self._renderers[path]
        return renderer.filled(self._skeleton(path, renderer)) if isinstance(renderer, _WITH_SKELETON) else renderer()

    def __iter__(self) -> Iterator[str]:
        return iter(self._renderers)

    def __len__(self) -> int:
        return len(self._renderers)

    def _skeleton(self, path: str, page: SkeletonPage | SkeletonFile) -> bytes:
        if path in self._missing:
            self._skeletons[path] = page.skeleton()
            self._missing.discard(path)
            if not self._missing:
                self._cache.write(self._key, self._skeletons)
        return self._skeletons[path]


def edition_files(edition: Edition, cache: SkeletonCache = NO_CACHE) -> Files:
    """Return every file of `render`, and `edition.json` and `mirrors.json` beside them."""
    return dict(LazyFiles(edition, cache))


def base_key(edition: Edition) -> str:
    """Return a name for all that skeletons are made of: the `EditionBase`, the rules of its zone, this program."""
    event = edition.event
    spans = [day_span(event, day).in_zone(event.zone) for day in event.days]
    offsets = " ".join(moment.isoformat() for span in spans for moment in (span.start, span.end))
    return sha256(program_hash() + offsets.encode() + edition_to_json(base_edition(edition))).hexdigest()
