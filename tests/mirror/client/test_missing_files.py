"""A mirror rebuilds the pages from the signed edition, keeps those that were signed so, and fetches the rest."""

import errno
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import pytest
from tuf.api.metadata import TargetFile

from portal.domain.edition.edition import Edition
from portal.domain.edition.edition_file import EDITION_FILE
from portal.domain.language import Text
from portal.domain.limits import MAKE_KIB, MAKE_SECONDS
from portal.domain.trust.mirror_errors import FileAltered, MirrorError, MirrorUnwritable
from portal.mirror.client.folder import MirrorFolder
from portal.mirror.client.follow import FollowResult, Rebuild, RebuildOnce, follow, nothing_rebuilt, rebuilt
from portal.mirror.client.metadata import PREFIX
from portal.mirror.client.tuf_client import roots_up_to
from portal.origin.installation import now
from portal.site.edition_files import LazyFiles, edition_files
from portal.site.files import File, Files
from tests.factories.origin import Origin
from tests.factories.sample import EVENT, edition
from tests.fakes.tuf_simulator import Simulator

ONE: Final = edition(EVENT)
TWO: Final = replace(
    ONE,
    number=ONE.number + 1,
    event=replace(
        EVENT,
        sessions=(replace(EVENT.sessions[0], title=Text("Accueil plus tôt", "Earlier welcome")), *EVENT.sessions[1:]),
    ),
)
SITE_ONE: Final = {path: file.content for path, file in edition_files(ONE).items()}
SITE_TWO: Final = {path: file.content for path, file in edition_files(TWO).items()}
METADATA: Final = ["timestamp.json", "2.root.json", "timestamp.json", "2.snapshot.json", "2.targets.json"]


@dataclass
class UpdateScene:
    """A mirror of edition 1 and the source that it follows, where edition 2 is."""

    folder: Path
    simulator: Simulator = field(default_factory=Simulator)
    origin: Origin = field(init=False)
    mirror: MirrorFolder = field(init=False)

    def __post_init__(self) -> None:
        self.origin = Origin(self.folder / "origin").begin()
        self.mirror = MirrorFolder(self.folder / "copy")

    def publish(self, edition: Edition, files: Files | None = None) -> None:
        """Publish `edition`; what is signed and at the source are `files` where other ones are given."""
        signed = files or edition_files(edition)
        self.origin.repository.sign(signed, (), edition.number)
        served = {**signed, **self.origin.repository.files()}
        self.simulator.files = {path: file.content for path, file in served.items()}

    def follow(self, rebuild: Rebuild, progress: list[tuple[int, int]] | None = None) -> FollowResult:
        """Follow once; `progress` takes the progress."""
        if self.mirror.pinned() is None:
            self.mirror.begin(roots_up_to(self.simulator.source, None))
        self.simulator.requests.clear()

        def tell(done: int, of: int) -> None:
            (progress if progress is not None else []).append((done, of))

        return follow(self.mirror, self.simulator.source, self.mirror.load(), tell, rebuild, now())

    def fetched(self) -> list[str]:
        """Return the public files that were requested, in order."""
        return [path for path in self.simulator.requests if not path.startswith(PREFIX)]


@pytest.fixture
def scene(tmp_path: Path) -> UpdateScene:
    made = UpdateScene(tmp_path)
    made.publish(ONE)
    made.follow(LazyFiles)
    return made


def files_of(mirror: MirrorFolder) -> dict[str, bytes]:
    """Return what the mirror serves."""
    served = mirror.load()
    assert served is not None
    return {path: file.content for path, file in served.files.items()}


def test_changed_session_costs_the_metadata_and_the_edition_and_nothing_else(scene: UpdateScene) -> None:
    scene.publish(TWO)
    progress: list[tuple[int, int]] = []
    assert scene.follow(LazyFiles, progress).served.edition == TWO.number
    assert scene.simulator.requests == [*(f"{PREFIX}{name}" for name in METADATA), EDITION_FILE]
    assert files_of(scene.mirror) == SITE_TWO
    of = len(SITE_TWO)
    assert progress == [(done, of) for done in range(progress[0][0], of + 1)]
    assert progress[0][0] < 10  # every page names its edition: calendars and a list are all that stays


def test_first_mirror_costs_one_file_beside_the_metadata(tmp_path: Path) -> None:
    first = UpdateScene(tmp_path)
    first.publish(ONE)
    progress: list[tuple[int, int]] = []
    assert first.follow(LazyFiles, progress).news == "new"
    assert (first.fetched(), files_of(first.mirror)) == ([EDITION_FILE], SITE_ONE)
    assert progress == [(done, len(SITE_ONE)) for done in range(len(SITE_ONE) + 1)]


def test_few_files_are_fetched_rather_than_made(scene: UpdateScene) -> None:
    kept = sorted((scene.mirror.folder / "files").iterdir())
    for path in kept[:3]:
        path.unlink()
    scene.follow(forbidden)
    assert len(scene.fetched()) == 3
    assert files_of(scene.mirror) == SITE_ONE


def test_what_was_cut_off_after_the_edition_is_made_without_fetching_it_again(scene: UpdateScene) -> None:
    scene.publish(TWO)
    scene.simulator.breaks_after = len(METADATA) + 2
    with pytest.raises(MirrorError):
        scene.follow(nothing_rebuilt)
    scene.simulator.breaks_after = None
    scene.follow(LazyFiles)
    assert scene.fetched() == []
    assert files_of(scene.mirror) == SITE_TWO


def forbidden(edition: Edition) -> Files:
    raise AssertionError(edition)


def another_version(edition: Edition) -> Files:
    return {path: File(file.content + b"\n", file.media_type) for path, file in edition_files(edition).items()}


def far_too_large(edition: Edition) -> Files:
    return {path: File(bytes(100_000), "text/html") for path in edition_files(edition)}


def out_of_memory(edition: Edition) -> Files:
    raise MemoryError


def too_deep(edition: Edition) -> Files:
    raise RecursionError


class EachFails(Mapping[str, File]):
    """Pages each of which is a fault of the templates."""

    def __init__(self, edition: Edition) -> None:
        self._paths = tuple(SITE_TWO)

    def __getitem__(self, path: str) -> File:
        raise ZeroDivisionError(path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


MAKERS: dict[str, Rebuild] = {
    "makes nothing": nothing_rebuilt,
    "makes other bytes": another_version,
    "makes too much": far_too_large,
    "has no memory": out_of_memory,
    "is called too deep": too_deep,
    "fails at the edition": forbidden,
    "fails at each page": EachFails,
}


@pytest.mark.parametrize("rebuild", MAKERS.values(), ids=MAKERS.keys())
def test_everything_is_fetched_where_the_program_of_the_mirror(scene: UpdateScene, rebuild: Rebuild) -> None:
    scene.publish(TWO)
    scene.follow(rebuild)
    assert files_of(scene.mirror) == SITE_TWO
    changed = [path for path, content in SITE_TWO.items() if content != SITE_ONE.get(path)]
    assert len(scene.fetched()) == len(changed)
    assert scene.fetched()[0] == EDITION_FILE


def test_page_that_this_version_makes_otherwise_is_the_only_one_fetched(scene: UpdateScene) -> None:
    page = "fr/programme/index.html"
    scene.publish(TWO, {**edition_files(TWO), page: File(b"the page of another version", "text/html")})
    scene.follow(LazyFiles)
    assert scene.fetched() == [EDITION_FILE, "fr/programme/"]
    assert files_of(scene.mirror)[page] == b"the page of another version"


UNREADABLE: dict[str, bytes] = {
    "is no JSON": b"<html>",
    "is that of another format": b'{"format":2}',
    "is brackets without end": b"[" * 100_000,
    "is larger than is made": b" " * (MAKE_KIB * 1024 + 1),
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_everything_is_fetched_where_the_signed_edition(scene: UpdateScene, content: bytes) -> None:
    scene.publish(TWO, {**edition_files(TWO), EDITION_FILE: File(content, "application/json")})
    scene.follow(forbidden)
    assert files_of(scene.mirror) == {**SITE_TWO, EDITION_FILE: content}


def test_edition_that_was_altered_on_its_way_is_made_into_nothing(scene: UpdateScene) -> None:
    scene.publish(TWO)
    content = scene.simulator.files[EDITION_FILE]
    scene.simulator.files[EDITION_FILE] = content.replace(b"Earlier", b"Earliar")
    with pytest.raises(FileAltered):
        scene.follow(forbidden)
    assert files_of(scene.mirror) == SITE_ONE


def test_pages_are_made_for_so_long_and_no_longer(scene: UpdateScene) -> None:
    scene.publish(TWO)
    scene.follow(nothing_rebuilt)
    targets = tuple(scene.mirror.targets().targets.values())
    moments = iter([0.0, 0.0, MAKE_SECONDS - 0.1, MAKE_SECONDS])
    made = rebuilt(SITE_TWO[EDITION_FILE], targets, LazyFiles, lambda: next(moments))
    assert [target.path for target, _ in made] == [target.path for target in targets[:2]]


class Full(MirrorFolder):
    """A mirror whose disk takes the edition and nothing after it."""

    def put(self, target: TargetFile, content: bytes) -> None:
        if target.path != EDITION_FILE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        super().put(target, content)


def test_disk_that_is_full_is_told_as_such(scene: UpdateScene) -> None:
    scene.publish(TWO)
    scene.mirror = Full(scene.mirror.folder)
    with pytest.raises(MirrorUnwritable):
        scene.follow(LazyFiles)


def test_edition_is_made_once_and_another_anew() -> None:
    rebuild = RebuildOnce(LazyFiles)
    assert [len(rebuild(edition)) > 0 for edition in (ONE, ONE, TWO, TWO, TWO)] == [True, False, True, False, False]
