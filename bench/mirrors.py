"""The cost of a mirror for its line and its machine: the first time, without news, and when one session has changed."""

import asyncio
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.counting import counting
from bench.figure import Figure
from bench.large_event import large_event
from bench.running import Server, running, unset_environment
from portal.domain.edition.edition import Addresses
from portal.domain.event.event import Event
from portal.domain.language import Text
from portal.site.event_toml import event_toml
from portal.storage.embedded.store import open_store
from tests.checkout import ROOT
from tests.factories.origin_process import CHEAP, PORTAL

SHARE: Final = 0.05
"""Share of the bytes of an edition that may travel: its pages are made of far fewer, and onions are slow."""
BYTES_WITHOUT_NEWS: Final = 2_000
QUIET_SECONDS: Final = 0.5
_FINGERPRINT: Final = re.compile(r"(?:[0-9a-f]{8} ?){8}")
_ENVIRONMENT: Final = unset_environment() | CHEAP
_AT_LOOPBACK: Final = ("--port", "0", "--onion", "off")


@dataclass(frozen=True, slots=True)
class Sync:
    """The cost of one start of `portal mirror`, from its first request until it served what there is.

    The last request is its look for news, which a copy that was begun just now takes too.
    """

    requests: int
    byte_count: int
    seconds: float
    peak_mib: float

    def __str__(self) -> str:
        taken = f"{self.requests} request{'' if self.requests == 1 else 's'}, {kilobytes(self.byte_count)}"
        return f"{taken}, {self.seconds:.2f} s, {self.peak_mib:.0f} MiB at most"


@dataclass(frozen=True, slots=True)
class Stage:
    """A folder with an origin that has the fingerprint `root`, and a copy, which is not there at first."""

    folder: Path
    root: str

    @property
    def site(self) -> Path:
        """Return the folder of the exported edition."""
        return self.folder / "site"

    def mirroring(self, source: str) -> AbstractContextManager[Server]:
        """`portal mirror`, which follows `source`."""
        mirror = ("--root", self.root, "--data", str(self.folder / "copy"))
        return running([*PORTAL, "mirror", source, *mirror, *_AT_LOOPBACK], _ENVIRONMENT)

    def sync(self, news: str = "") -> Sync:
        """Serve the origin and the copy, once, until the copy says `news`, and has nothing more to ask."""
        with (
            running([*PORTAL, "serve", *data_of(self.folder), *_AT_LOOPBACK], _ENVIRONMENT) as origin,
            counting(origin.port) as count,
            self.mirroring(count.url) as mirror,
        ):
            if news:
                assert any(news in line for line in mirror.lines)
            moment = time.monotonic()
            count.wait_until_quiet(QUIET_SECONDS)
            seconds = max(moment, count.last) - count.first
            return Sync(count.requests, count.byte_count, seconds, mirror.memory_kib("VmHWM") / 1024)

    def exported(self) -> tuple[int, int]:
        """Return the numbers of files and of bytes of the edition as a folder."""
        typed(self.folder, "export", str(self.site))
        sizes = [path.stat().st_size for path in self.site.rglob("*") if path.is_file()]
        return len(sizes), sum(sizes)

    async def change_one_session(self) -> None:
        """Publish an edition in which one session has another abstract."""
        store = await open_store(self.folder / "origin")
        draft = await store.draft()
        first, *others = draft.event.sessions
        changed = replace(first, abstract=Text("Un autre résumé.", "Another abstract."))
        draft = await store.save_draft(replace(draft.event, sessions=(changed, *others)), draft.revision)
        now = datetime.now(UTC).replace(microsecond=0)
        await store.publish(draft.revision, "Un résumé a changé.", Addresses(), now)
        await store.close()


@contextmanager
def stage(event: Event) -> Iterator[Stage]:
    """Create an origin with `event`."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "event.toml"
        file.write_bytes(event_toml(event))
        typed(Path(folder), "init", "--event", str(file))
        root = _FINGERPRINT.search(typed(Path(folder), "key", "list"))
        assert root
        yield Stage(Path(folder), root[0])


def typed(folder: Path, *words: str) -> str:
    """Return the output of the origin's command in `folder`."""
    command = [*PORTAL, *words, *data_of(folder)]
    return subprocess.run(command, cwd=ROOT, env=_ENVIRONMENT, check=True, capture_output=True, text=True).stdout


def data_of(folder: Path) -> tuple[str, ...]:
    """Return the words that name the origin in `folder`."""
    return "--data", str(folder / "origin")


def measure_first_copy() -> Figure:
    """Measure what travels until a new mirror of 500 sessions is served, beside the edition's files."""
    with stage(large_event()) as scene:
        return _beside_edition("first copy, 500 sessions", scene, scene.sync())


def measure_one_change() -> Figure:
    """Measure what travels when one session of 500 has changed, beside the edition's files."""
    with stage(large_event()) as scene:
        scene.sync()
        asyncio.run(scene.change_one_session())
        return _beside_edition("copy, one session changed", scene, scene.sync("Edition 2 is verified and served."))


def measure_no_news() -> Figure:
    """Measure what travels when nothing has changed."""
    with stage(large_event()) as scene:
        scene.sync()
        return without_news(scene)


def without_news(scene: Stage) -> Figure:
    """Measure the same for a mirror that is there already."""
    sync = scene.sync()
    target = BYTES_WITHOUT_NEWS / 1000
    return Figure("copy, no news", str(sync), "one request", sync.byte_count / 1000, target, is_ceiling=True, unit="KB")


def _beside_edition(name: str, scene: Stage, sync: Sync) -> Figure:
    files, size = scene.exported()
    reference = f"{files} files, {kilobytes(size)}"
    return Figure(name, str(sync), reference, sync.byte_count / size, SHARE, is_ceiling=True)


def kilobytes(count: int) -> str:
    """`count` bytes in words."""
    return f"{count / 1000:,.1f} KB"
