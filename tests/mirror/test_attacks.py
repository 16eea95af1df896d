"""Every attack on a copy: whatever its source does, the edition that it had is served on, and the reason is told."""

import gzip
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from itertools import repeat
from pathlib import Path
from typing import Any, Final

import pytest
from securesystemslib.signer import Signature, Signer
from tuf.api.metadata import Metadata, MetaFile, Snapshot

from portal.domain.copy_errors import (
    CopyError,
    FileAltered,
    FileMissing,
    MetadataMalformed,
    SignaturesUnfit,
    SourceCompresses,
    SourceMixed,
    SourceOlder,
    SourceRedirects,
    SourceSilent,
    SourceSlow,
    SourceStale,
    SourceTooLarge,
)
from portal.domain.limits import TIMESTAMP_HOURS
from portal.mirror.copy import Copy
from portal.mirror.fetching import Source
from portal.mirror.follow import Followed, follow, roots_up_to
from portal.mirror.holders import replacing, revoking, vouching
from portal.mirror.keys import HOLDER, PORTAL, make_signer, read_signer
from portal.mirror.metadata import PREFIX, signed, timestamp_of
from tests.mirror.origin import Holder, Origin, signed_by, site, two_of_three
from tests.mirror.simulator import Misbehaviour, Simulator, misbehaving

PAGE: Final = "fr/programme/index.html"
TIMESTAMP: Final = f"{PREFIX}timestamp.json"
SECONDS: Final = 0.4


def ignore(done: int, of: int) -> None:
    """A progress that nobody looks at."""


@dataclass
class Scene:
    """An origin that two of three holders sign for, a copy of its edition 1, and the source that the copy follows."""

    folder: Path
    origin: Origin = field(init=False)
    billie: Holder = field(init=False)
    camille: Holder = field(init=False)
    simulator: Simulator = field(default_factory=Simulator)
    copy: Copy = field(init=False)

    def __post_init__(self) -> None:
        self.origin, self.billie, self.camille = two_of_three(self.folder)
        self.copy = Copy(self.folder / "copy")
        self.catch_up()
        self.copy.begin(roots_up_to(self.simulator.source, None))
        assert self.follow().news == "new"

    def catch_up(self) -> None:
        """Let the source have what the origin has."""
        self.simulator.files = self.origin.served()

    def publish(self, number: int, **changed: str) -> None:
        """Publish an edition, signed by two, and let the source have it."""
        signed_by(self.origin, self.camille, number, **changed)
        self.catch_up()

    def follow(self, source: Source | None = None) -> Followed:
        """Let the copy follow."""
        return follow(self.copy, source or self.simulator.source, self.copy.load(), ignore)

    def metadata(self, name: str) -> Metadata[Any]:
        """What the source has of it."""
        return Metadata.from_bytes(self.simulator.files[f"{PREFIX}{name}"])

    def put(self, name: str, metadata: Metadata[Any]) -> None:
        """Let the source have other metadata."""
        self.simulator.files[f"{PREFIX}{name}"] = metadata.to_bytes()

    def forge(self, *signers: Signer) -> Metadata[Any]:
        """The targets of an edition 2 as whoever stole the server can make them, signed by `signers`."""
        self.origin.publish(2)
        self.simulator.files |= {path: file.content for path, file in site(2).items()}
        return signed(self.origin.waiting("targets").signed, signers)

    def vouch_for(self, version: int, targets: bytes) -> None:
        """Put `targets` at the source with a snapshot and a timestamp that the portal's own key signed."""
        portal, now = read_signer(self.origin.data, PORTAL), self.metadata("timestamp.json").signed
        number = now.snapshot_meta.version + 1
        meta = {"targets.json": MetaFile.from_data(version, targets, ["sha256"])}
        snapshot = signed(Snapshot(version=number, expires=self.origin.now() + timedelta(days=1), meta=meta), [portal])
        stamp = signed(timestamp_of(snapshot, now.version + 1, self.origin.now()), [portal])
        files = {f"{version}.targets.json": targets, f"{number}.snapshot.json": snapshot.to_bytes()}
        files["timestamp.json"] = stamp.to_bytes()
        self.simulator.files |= {f"{PREFIX}{name}": content for name, content in files.items()}


def publish_the_next(scene: Scene) -> None:
    """What an origin does day after day."""
    scene.simulator.breaks_after, scene.origin.by = None, timedelta(0)
    scene.publish(9)


def replace_the_portals_key(scene: Scene) -> None:
    """What holders do when the server was stolen: its key vouches no longer, whatever it vouched for."""
    for suffix in ("pem", "pub"):
        (scene.origin.data / "keys" / f"{PORTAL}.{suffix}").unlink()
    key = make_signer(scene.origin.data, PORTAL, "portal").public_key
    scene.origin.repository.change_keys(vouching(key))
    scene.camille.sign(scene.origin, "root")
    scene.publish(9)


Act = Callable[[Scene], None]


def altered_file(scene: Scene) -> None:
    scene.publish(2, fr__programme__index="another programme")
    scene.simulator.files[PAGE] = b"another programm!"


def missing_file(scene: Scene) -> None:
    scene.publish(2, fr__programme__index="another programme")
    del scene.simulator.files[PAGE]


def altered_metadata(scene: Scene) -> None:
    scene.publish(2)
    timestamp = scene.metadata("timestamp.json")
    timestamp.signed.version += 1
    scene.put("timestamp.json", timestamp)


def no_metadata(scene: Scene) -> None:
    scene.publish(2)
    scene.simulator.files[TIMESTAMP] = b"<html>Under construction</html>"


def deep_metadata(scene: Scene) -> None:
    scene.simulator.files[TIMESTAMP] = b"[" * 16_000


def rollback(scene: Scene) -> None:
    old = scene.origin.served()
    scene.publish(2)
    scene.follow()
    scene.simulator.files = old


def rollback_of_the_edition(scene: Scene) -> None:
    old = scene.metadata("2.targets.json")
    scene.publish(2)
    scene.follow()
    scene.vouch_for(2, old.to_bytes())


def freeze(scene: Scene) -> None:
    scene.origin.by = timedelta(hours=-TIMESTAMP_HOURS, seconds=1)
    scene.publish(2)
    scene.follow()
    time.sleep(1.1)


def mix_of_files(scene: Scene) -> None:
    before = dict(scene.simulator.files)
    scene.publish(2)
    scene.simulator.files |= {path: content for path, content in before.items() if not path.startswith(PREFIX)}


def mix_of_metadata(scene: Scene) -> None:
    scene.publish(2)
    old = scene.metadata("3.targets.json")
    scene.publish(3)
    scene.put("4.targets.json", old)


def too_few_signatures(scene: Scene) -> None:
    scene.vouch_for(3, scene.forge(read_signer(scene.origin.data, HOLDER)).to_bytes())


def signature_listed_twice(scene: Scene) -> None:
    targets = scene.forge(read_signer(scene.origin.data, HOLDER)).to_dict()
    targets["signatures"] *= 2
    scene.vouch_for(3, json.dumps(targets).encode())


def signature_under_the_id_of_another(scene: Scene) -> None:
    signer = read_signer(scene.origin.data, HOLDER)
    targets = scene.forge(signer)
    id = scene.billie.key().keyid
    targets.signatures[id] = Signature(id, targets.signatures[signer.public_key.keyid].signature)
    scene.vouch_for(3, targets.to_bytes())


def revoked_holder(scene: Scene) -> None:
    scene.origin.repository.change_keys(revoking("Billie"))
    scene.camille.sign(scene.origin, "root")
    scene.camille.sign(scene.origin)
    scene.catch_up()
    scene.follow()
    targets = scene.forge(read_signer(scene.origin.data, HOLDER), read_signer(scene.billie.data, HOLDER))
    scene.vouch_for(targets.signed.version, targets.to_bytes())


def wrong_length(scene: Scene) -> None:
    scene.publish(2, fr__programme__index="another programme")
    scene.simulator.files[PAGE] += b" and more"


def shorter_file(scene: Scene) -> None:
    scene.publish(2, fr__programme__index="another programme")
    scene.simulator.files[PAGE] = scene.simulator.files[PAGE][:-1]


def source_gone(scene: Scene) -> None:
    scene.publish(2, fr__programme__index="another programme")
    scene.simulator.asked.clear()
    scene.simulator.breaks_after = 6


def clock_three_days_fast(scene: Scene) -> None:
    """To a clock that is three days fast, what was made now was made three days ago."""
    scene.origin.by = timedelta(days=-3)
    scene.publish(2)


ATTACKS: dict[str, tuple[Act, type[CopyError], Act]] = {
    "a file is altered": (altered_file, FileAltered, publish_the_next),
    "a file is missing": (missing_file, FileMissing, publish_the_next),
    "the metadata is altered": (altered_metadata, SignaturesUnfit, publish_the_next),
    "the metadata is something else": (no_metadata, MetadataMalformed, publish_the_next),
    "the metadata is brackets without end": (deep_metadata, MetadataMalformed, publish_the_next),
    "an old edition is offered again, with its own signatures": (rollback, SourceOlder, publish_the_next),
    "an old edition is offered again, vouched for anew": (
        rollback_of_the_edition,
        SourceOlder,
        replace_the_portals_key,
    ),
    "nothing new ever comes": (freeze, SourceStale, publish_the_next),
    "the files of one edition come with the metadata of another": (mix_of_files, FileAltered, publish_the_next),
    "the metadata of two editions is mixed": (mix_of_metadata, SourceMixed, publish_the_next),
    "too few holders signed": (too_few_signatures, SignaturesUnfit, replace_the_portals_key),
    "one holder's signature is there twice": (signature_listed_twice, MetadataMalformed, replace_the_portals_key),
    "one holder's signature is there under the id of another": (
        signature_under_the_id_of_another,
        SignaturesUnfit,
        replace_the_portals_key,
    ),
    "a holder signs who was revoked": (revoked_holder, SignaturesUnfit, replace_the_portals_key),
    "a file is longer than announced": (wrong_length, SourceTooLarge, publish_the_next),
    "a file is shorter than announced": (shorter_file, FileAltered, publish_the_next),
    "the source is gone half-way": (source_gone, SourceSilent, publish_the_next),
    "the clock of the copy is three days fast": (clock_three_days_fast, SourceStale, publish_the_next),
}


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


@contextmanager
def unmoved(scene: Scene, error: type[CopyError]) -> Iterator[None]:
    """What was served before the block is served after it, by a copy that starts anew, and the reason is `error`."""
    with pytest.raises(CopyError) as refused:
        before = Copy(scene.copy.folder).load()
        yield
    assert (refused.type, str(refused.value)) == (error, error.text % refused.value.details)
    assert Copy(scene.copy.folder).load() == before


@pytest.mark.parametrize(("attack", "error", "mend"), ATTACKS.values(), ids=ATTACKS.keys())
def test_edition_is_served_on_and_followed_again_after(
    scene: Scene, attack: Act, error: type[CopyError], mend: Act
) -> None:
    attack(scene)
    with unmoved(scene, error):
        scene.follow()
    mend(scene)
    assert scene.follow().served.edition == 9


def endless(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    handler.send_response(200)
    handler.end_headers()
    with suppress(OSError):
        for _ in repeat(None, 100_000):
            handler.wfile.write(content * 100)


def slow_drip(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    handler.send_response(200)
    handler.end_headers()
    with suppress(OSError):
        for byte in content * 4:
            handler.wfile.write(bytes([byte]))
            time.sleep(SECONDS / 8)


def nothing(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    time.sleep(SECONDS * 3)


def gzip_bomb(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Encoding", "gzip")
    handler.end_headers()
    with suppress(OSError):
        handler.wfile.write(gzip.compress(bytes(10_000_000)))


def redirect(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    handler.send_response(302)
    handler.send_header("Location", "http://elsewhere.example/")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def hang_up(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content[:-1])
    handler.close_connection = True


ON_THE_WIRE: dict[str, tuple[Misbehaviour, type[CopyError]]] = {
    "a file has no end": (endless, SourceTooLarge),
    "a file comes one byte at a time": (slow_drip, SourceSlow),
    "no answer comes": (nothing, SourceSlow),
    "a file is a gzip bomb": (gzip_bomb, SourceCompresses),
    "readers are led elsewhere": (redirect, SourceRedirects),
    "the connection ends in a file": (hang_up, SourceSilent),
}


@pytest.mark.parametrize("when", ["", PREFIX], ids=["public files", "metadata"])
@pytest.mark.parametrize(("misbehave", "error"), ON_THE_WIRE.values(), ids=ON_THE_WIRE.keys())
def test_edition_is_served_on_when_on_the_wire(
    scene: Scene, misbehave: Misbehaviour, error: type[CopyError], when: str
) -> None:
    scene.publish(2, fr__programme__index="another programme, a longer one")
    started = time.monotonic()
    with misbehaving(scene.simulator.files, misbehave, SECONDS, when=when) as source, unmoved(scene, error):
        scene.follow(source)
    assert time.monotonic() - started < 10


def test_clock_that_is_a_day_off_changes_nothing(scene: Scene) -> None:
    for number, hours in ((2, -24), (3, 24)):
        scene.origin.by = timedelta(hours=hours)
        scene.publish(number)
        assert scene.follow().served.edition == number


def test_root_that_was_rotated_twice_meanwhile_is_followed(scene: Scene) -> None:
    dominique = Holder(scene.folder / "dominique", "Dominique")
    scene.origin.repository.change_keys(replacing("Billie", dominique.key()))
    scene.camille.sign(scene.origin, "root")
    scene.camille.sign(scene.origin)
    scene.origin.repository.change_keys(revoking("Alix"))
    scene.camille.sign(scene.origin, "root")
    dominique.sign(scene.origin, "root")
    scene.camille.sign(scene.origin)
    dominique.sign(scene.origin)
    scene.catch_up()
    assert [path for path in scene.simulator.files if path.endswith(".root.json")][-1] == f"{PREFIX}6.root.json"
    served = scene.follow().served
    assert (served.edition, f"{PREFIX}6.root.json" in served.metadata) == (1, True)


def test_first_source_that_verifies_is_enough_whoever_runs_it(scene: Scene) -> None:
    other = Copy(scene.folder / "other")
    served = scene.copy.load()
    assert served is not None
    carried = {path: file.content for path, file in {**served.files, **served.metadata}.items()}
    copy_as_source = Simulator(carried).source
    other.begin(roots_up_to(copy_as_source, None))
    assert follow(other, copy_as_source, None, ignore).served == served
