"""Folder of a mirror: begun with a root of trust, served through restarts and damage, mended by the next source."""

import fcntl
import shutil
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tuf.api.exceptions import DownloadError

from onion.tor.addresses import TorAddress
from portal.domain.trust.mirror_errors import AddressUnfit, RootUnknown, SourceOlder, SourceUnsigned
from portal.mirror.client.fetching import ignore_progress, source_at
from portal.mirror.client.folder import MirrorFolder
from portal.mirror.client.follow import follow, nothing_rebuilt
from portal.mirror.client.metadata import PREFIX, fingerprint_of
from portal.mirror.client.tuf_client import roots_of, roots_up_to
from portal.origin.installation import now
from tests.factories.mirror_scene import Scene
from tests.fakes.tuf_simulator import Simulator


def test_served_files_are_the_very_bytes_of_the_origin(scene: Scene) -> None:
    served = scene.mirror.load()
    assert served is not None
    assert {path: file.content for path, file in {**served.files, **served.metadata}.items()} == scene.origin.served()


def test_nothing_new_costs_one_small_request(scene: Scene) -> None:
    scene.simulator.requests.clear()
    assert scene.follow().news == "same"
    assert scene.simulator.requests == [f"{PREFIX}timestamp.json"]
    assert len(scene.simulator.files[f"{PREFIX}timestamp.json"]) < 600


def test_only_files_that_changed_travel(scene: Scene) -> None:
    scene.publish(2, fr__programme__index="another programme")
    scene.simulator.requests.clear()
    scene.follow()
    files = [path for path in scene.simulator.requests if not path.startswith(PREFIX)]
    assert sorted(files) == ["", "edition.json", "fr/programme/"]


def test_page_that_the_origin_answers_itself_is_fetched_as_a_file(scene: Scene) -> None:
    scene.publish(2, fr__inscription__index="go elsewhere")
    scene.simulator.requests.clear()
    scene.follow()
    assert "fr/inscription/index.html" in scene.simulator.requests


def test_progress_is_told_from_the_first_file_to_the_last(scene: Scene) -> None:
    progress: list[tuple[int, int]] = []
    other = MirrorFolder(scene.folder / "other")
    other.begin(roots_up_to(scene.simulator.source, None))
    follow(other, scene.simulator.source, None, lambda done, of: progress.append((done, of)), nothing_rebuilt, now())
    assert progress == [(done, 6) for done in range(7)]


def test_roots_of_a_source_follow_from_each_other(scene: Scene) -> None:
    files = scene.simulator.files
    signed = tuple(files[f"{PREFIX}{number}.root.json"] for number in range(1, 5))
    assert roots_of(scene.simulator.source) == signed
    files[f"{PREFIX}3.root.json"] = files[f"{PREFIX}4.root.json"]
    with pytest.raises(SourceOlder):
        roots_of(scene.simulator.source)
    with pytest.raises(SourceUnsigned):
        roots_of(Simulator().source)
    other = MirrorFolder(scene.folder / "other")
    other.begin(signed)
    files[f"{PREFIX}3.root.json"] = signed[2]
    assert follow(other, scene.simulator.source, None, ignore_progress, nothing_rebuilt, now()).served.edition == 1


@pytest.mark.parametrize("version", [1, 2, 4])
def test_any_root_of_the_origin_can_be_pinned(scene: Scene, version: int) -> None:
    fingerprint = fingerprint_of(scene.simulator.files[f"{PREFIX}{version}.root.json"])
    other = MirrorFolder(scene.folder / "other")
    other.begin(roots_up_to(scene.simulator.source, fingerprint))
    served = follow(other, scene.simulator.source, None, ignore_progress, nothing_rebuilt, now()).served
    assert [path for path in served.metadata if path.endswith("root.json")] == [
        f"{PREFIX}{number}.root.json" for number in range(1, 5)
    ]


def test_root_before_the_pinned_one_that_does_not_lead_to_it_is_left_out(scene: Scene) -> None:
    fingerprint = fingerprint_of(scene.simulator.files[f"{PREFIX}3.root.json"])
    scene.simulator.files[f"{PREFIX}1.root.json"] = b"something else"
    assert len(roots_up_to(scene.simulator.source, fingerprint)) == 2


def test_source_without_the_root_that_was_asked_for_is_refused(scene: Scene) -> None:
    with pytest.raises(RootUnknown):
        roots_up_to(scene.simulator.source, "0" * 64)
    with pytest.raises(SourceUnsigned):
        roots_up_to(Simulator().source, None)


def kept(scene: Scene, content: bytes) -> Path:
    """Return the file of the mirror that holds `content`."""
    return next(path for path in (scene.mirror.folder / "files").iterdir() if path.read_bytes() == content)


def test_damaged_file_is_told_served_around_and_fetched_again(scene: Scene) -> None:
    before = scene.mirror.load()
    kept(scene, b"programme").write_bytes(b"Programme")
    served = scene.mirror.load()
    assert before and served
    assert served.damaged == ("fr/programme/index.html",)
    assert set(before.files) - set(served.files) == {"fr/programme/index.html"}
    assert scene.follow().served == before


def test_edition_before_is_served_where_the_newest_is_damaged(scene: Scene) -> None:
    scene.publish(2, fr__programme__index="another programme")
    scene.follow()
    kept(scene, b"another programme").unlink()
    served = scene.mirror.load()
    assert served and (served.edition, served.damaged) == (1, ())
    assert scene.follow().served.edition == 2


@pytest.mark.parametrize("lost", ["timestamp.json", "snapshot.json", "targets.json", "root_history"])
def test_mirror_whose_memory_is_damaged_takes_nothing_older(scene: Scene, lost: str) -> None:
    old = scene.origin.served()
    scene.publish(2)
    scene.follow()
    path = scene.mirror.trust / lost
    shutil.rmtree(path) if path.is_dir() else path.write_bytes(b"{")
    scene.simulator.files = old
    with pytest.raises(SourceOlder):
        scene.follow()


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"{")], ids=["lost", "overwritten"])
def test_mirror_whose_root_is_damaged_follows_from_the_one_that_it_serves(
    scene: Scene, damage: Callable[[Path], object]
) -> None:
    pinned = scene.mirror.pinned()
    damage(scene.mirror.folder / "pinned.json")
    assert scene.mirror.pinned() == pinned == scene.simulator.files[f"{PREFIX}1.root.json"]
    scene.publish(2)
    assert scene.follow().served.edition == 2
    shutil.rmtree(scene.mirror.folder / "served")
    assert scene.mirror.pinned() is None


@dataclass
class Watching(Simulator):
    """A source that looks at each request whether the mirror in `folder` is locked."""

    folder: Path = Path()
    locked: list[bool] = field(default_factory=list)

    def _fetch(self, url: str) -> Iterator[bytes]:
        with (self.folder / ".lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self.locked.append(False)
            except BlockingIOError:
                self.locked.append(True)
        return super()._fetch(url)


def test_mirror_is_locked_once_a_source_has_answered_and_not_before(scene: Scene) -> None:
    scene.publish(2)
    watching = Watching(scene.simulator.files, folder=scene.mirror.folder)
    assert scene.follow(watching.source).news == "new"
    assert watching.locked == [False, *[True] * (len(watching.requests) - 1)]


def test_only_what_two_editions_need_stays_on_the_disk(scene: Scene) -> None:
    for number in range(2, 6):
        scene.publish(number, fr__programme__index=f"programme {number}")
        scene.follow()
    names = {path.read_bytes() for path in (scene.mirror.folder / "files").iterdir()}
    assert {text for text in names if text.startswith(b"programme")} == {b"programme 4", b"programme 5"}
    assert len(list((scene.mirror.folder / "served").iterdir())) == 2


ADDRESSES = [
    "",
    "ftp://example.org",
    "https://",
    "https://name@example.org",
    "https://example.org/?q",
    "/no/such",
    "http://[",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_address_of_nothing_is_refused(address: str) -> None:
    with pytest.raises(AddressUnfit):
        source_at(address)


@pytest.mark.parametrize("host", ["abc.onion", "abc.onion.", "ABC.Onion", "abc。onion", "abc．onion", "abc.onion。"])
def test_onion_is_reached_through_tor_however_it_is_written(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as tor:
        tor.settimeout(10)  # a name that is looked up elsewhere never comes here
        source = source_at(f"http://{host}/", tor=TorAddress(port=tor.getsockname()[1]))
        with ThreadPoolExecutor(1) as pool:
            fetched = pool.submit(source.metadata, "timestamp.json", 100)
            tor.accept()[0].close()
            with pytest.raises(DownloadError):
                fetched.result()
        source.close()
