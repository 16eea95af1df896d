"""A mirror as it runs: how often it asks, what it says once, and what it tells of its onion."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from onion.tor.addresses import TorAddress
from portal.domain.edition.edition_file import MIRRORS_FILE, mirrors_to_json
from portal.domain.errors import NotRunning
from portal.domain.event.event import Mirror
from portal.domain.trust.mirror_errors import MirrorError, SourceSilent
from portal.mirror.app import MirrorSite
from portal.mirror.client.banner import sentences
from portal.mirror.client.fetching import ignore_progress
from portal.mirror.client.folder import MirrorFolder, ServedEdition
from portal.mirror.client.follow import nothing_rebuilt
from portal.mirror.client.tuf_client import roots_up_to
from portal.mirror.startup import Follower, first_served, keep_following, other_mirrors, run_mirror
from portal.settings import Settings
from portal.site.files import File
from portal.tor.status import fetch_status
from tests.factories.origin import Origin
from tests.fakes.tor import FakeTor
from tests.fakes.tuf_simulator import Simulator, answering
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.anyio
HOST = "a" * 56 + ".onion"


class Heard(list[str]):
    """Messages to the terminal."""

    def __call__(self, message: str, details: Mapping[str, object]) -> None:
        self.append(message % details if details else message)


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Scene:
    """A mirror of edition 1 whose first source is gone."""

    folder: Path
    heard: Heard = field(default_factory=Heard)
    gone: Simulator = field(default_factory=lambda: Simulator(breaks_after=0))
    source: Simulator = field(default_factory=Simulator)
    origin: Origin = field(init=False)
    following: Follower = field(init=False)

    def __post_init__(self) -> None:
        self.origin = Origin(self.folder / "origin").begin()
        self.publish(1)
        mirror = MirrorFolder(self.folder / "data" / "copy")
        mirror.begin(roots_up_to(self.source.source, None))
        self.follower = Follower(mirror, (self.gone.source, self.source.source), nothing_rebuilt, now)

    def publish(self, number: int) -> None:
        """Let the second source have edition `number`."""
        self.origin.publish(number)
        self.source.files = self.origin.served()

    def begun(self) -> ServedEdition:
        """Return the edition that is served first."""
        return first_served(self.follower, self.heard, ignore_progress)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


SILENT = ["https://source.example/: nothing new was fetched.", SourceSilent.text]


async def served(current: MirrorSite, edition: int) -> None:
    """Return as soon as `current` serves that edition."""
    await until(lambda: current.served.edition == edition)


@asynccontextmanager
async def keeping_up(scene: Scene, current: MirrorSite) -> AsyncIterator[None]:
    """Follow all the time, within the block."""
    every = timedelta(seconds=0.05)
    task = asyncio.create_task(keep_following(scene.follower, current, scene.heard, random.Random(1), every))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_running_mirror_comes_to_a_new_edition_and_says_the_same_once(scene: Scene) -> None:
    current = MirrorSite(scene.begun(), sentences(), now)
    scene.heard.clear()
    messages = [f"Edition {edition} is verified and served." for edition in (2, 3)]
    async with keeping_up(scene, current):
        for edition, message in zip((2, 3), messages, strict=True):
            scene.publish(edition)
            await until(partial(scene.heard.__contains__, message))
    assert [line for line in scene.heard if line not in SILENT] == messages
    assert [line for line in scene.heard if line in SILENT] == SILENT


async def test_fault_that_nobody_thought_of_ends_no_more_than_the_round(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    current, pages = MirrorSite(scene.begun(), sentences(), now), scene.source.files
    scene.source.files = 7  # type: ignore[assignment]  # not even a mapping
    async with keeping_up(scene, current):
        await until(lambda: caplog.records)
        scene.source.files = pages
        scene.publish(2)
        await served(current, 2)
    lines = caplog.records[0].getMessage().splitlines()
    assert (lines[0], lines[-1]) == ("fault in following", "AttributeError")


def test_first_mirror_comes_from_the_first_source_that_verifies(scene: Scene) -> None:
    assert (scene.begun().edition, scene.heard) == (1, SILENT)
    requests = len(scene.source.requests)
    assert (scene.begun().edition, len(scene.source.requests)) == (1, requests)


def test_mirror_that_no_source_has_is_not_begun(scene: Scene) -> None:
    scene.source.breaks_after = 0
    with pytest.raises(MirrorError):
        scene.begun()


async def test_running_mirror_tells_how_its_onion_stands(scene: Scene, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", port=0, onion_address=HOST, tor_socks=TorAddress(tmp_path / "nothing"))
    served, ready = scene.begun(), asyncio.Event()
    running = asyncio.create_task(
        run_mirror(settings, scene.follower, served, scene.heard, lambda port: ready.set(), audits=False)
    )
    waiting = asyncio.create_task(ready.wait())
    async with asyncio.timeout(PATIENCE):
        await asyncio.wait([running, waiting], return_when=asyncio.FIRST_COMPLETED)
        view = await asyncio.to_thread(fetch_status, settings.data)
        signal.raise_signal(signal.SIGTERM)
        await running
    assert (view.known, view.address) == (f"http://{HOST}", None)
    with pytest.raises(NotRunning):
        fetch_status(settings.data)


async def test_mirror_that_is_asked_to_says_how_the_others_of_the_list_stand(scene: Scene, tmp_path: Path) -> None:
    mine, theirs, clearnet = (f"http://{letter * 56}.onion" for letter in "abc")
    served = scene.begun()
    listed = mirrors_to_json((Mirror("m", "Ours", "We", (mine,)), Mirror("n", "Theirs", "They", (theirs, clearnet))))
    files = {**served.files, MIRRORS_FILE: File(listed, "application/json")}
    assert other_mirrors(replace(served, files=files), (clearnet, None)) == [mine, theirs]
    tor = FakeTor(tmp_path, listener=tmp_path / "listener")
    socks = TorAddress(tmp_path / "socks")
    settings = Settings(data=tmp_path / "data", port=0, onion="off", public_url=mine, tor_socks=socks)
    scene.source.breaks_after = 0
    async with tor.running(), await asyncio.start_unix_server(answering(scene.origin.served()), tmp_path / "listener"):
        shown = replace(served, files=files)
        run = run_mirror(settings, scene.follower, shown, scene.heard, lambda port: None, audits=True)
        running = asyncio.create_task(run)
        wanted = {f"The copy at {address} is true: edition 1." for address in (theirs, clearnet)}
        await until(lambda: wanted <= set(scene.heard))
        signal.raise_signal(signal.SIGTERM)
        await running
    assert f"The copy at {mine} is true: edition 1." not in scene.heard
