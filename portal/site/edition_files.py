"""The files of a mirror: every public file of an edition, and the edition itself, from which anybody can make them."""

from collections.abc import Callable, Iterator, Mapping

from portal.domain.edition.edition import Edition
from portal.domain.edition.edition_file import EDITION_FILE, MIRRORS_FILE, edition_to_json, mirrors_to_json
from portal.site.files import JSON, File, Files
from portal.site.render import Renderer, file_renderers


class LazyFiles(Mapping[str, File]):
    """Files of an edition, each rendered whenever it is read, so that only one is in memory at a time."""

    def __init__(self, edition: Edition) -> None:
        self._renderers: dict[str, Callable[[], File]] = {
            **file_renderers(Renderer(edition)),
            EDITION_FILE: lambda: File(edition_to_json(edition), JSON),
            MIRRORS_FILE: lambda: File(mirrors_to_json(edition.event.mirrors), JSON),
        }

    def __getitem__(self, path: str) -> File:
        return self._renderers[path]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._renderers)

    def __len__(self) -> int:
        return len(self._renderers)


def edition_files(edition: Edition) -> Files:
    """Return every file of `render`, and `edition.json` and `mirrors.json` beside them."""
    return dict(LazyFiles(edition))
