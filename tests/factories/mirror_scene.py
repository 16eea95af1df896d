"""A mirror of an edition that two of three holders sign for, and what may be done to its source."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from securesystemslib.signer import Signer
from tuf.api.metadata import Metadata, MetaFile, Snapshot

from portal.domain.trust.mirror_errors import MirrorError
from portal.mirror.client.fetching import Source, ignore_progress
from portal.mirror.client.folder import MirrorFolder
from portal.mirror.client.follow import FollowResult, follow, nothing_rebuilt
from portal.mirror.client.metadata import PREFIX, signed, timestamp_of
from portal.mirror.client.tuf_client import roots_up_to
from portal.mirror.signing.key_holders import new_portal_key
from portal.mirror.signing.keys import PORTAL, make_signer, read_signer
from portal.origin.installation import now
from tests.factories.origin import Holder, Origin, signed_by, site, two_of_three
from tests.fakes.tuf_simulator import Simulator

TIMESTAMP: Final = f"{PREFIX}timestamp.json"


@dataclass
class Scene:
    """Origin that two of three holders sign for, a mirror of its edition 1, and the source that the mirror follows."""

    folder: Path
    origin: Origin = field(init=False)
    billie: Holder = field(init=False)
    camille: Holder = field(init=False)
    simulator: Simulator = field(default_factory=Simulator)
    mirror: MirrorFolder = field(init=False)
    ahead: timedelta = timedelta(0)
    """By how much the clock of the mirror is ahead."""

    def __post_init__(self) -> None:
        self.origin, self.billie, self.camille = two_of_three(self.folder)
        self.mirror = MirrorFolder(self.folder / "copy")
        self.catch_up()
        self.mirror.begin(roots_up_to(self.simulator.source, None))
        assert self.follow().news == "new"

    def catch_up(self) -> None:
        """Let the source have what the origin has."""
        self.simulator.files = self.origin.served()

    def publish(self, number: int, **changed: str) -> None:
        """Publish an edition, signed by two, and let the source have it."""
        signed_by(self.origin, self.camille, number, **changed)
        self.catch_up()

    def follow(self, source: Source | None = None) -> FollowResult:
        """Let the mirror follow."""
        return follow(
            self.mirror,
            source or self.simulator.source,
            self.mirror.load(),
            ignore_progress,
            nothing_rebuilt,
            now() + self.ahead,
        )

    def metadata(self, name: str) -> Metadata[Any]:
        """Return the metadata `name` of the source."""
        return Metadata.from_bytes(self.simulator.files[f"{PREFIX}{name}"])

    def put(self, name: str, metadata: Metadata[Any]) -> None:
        """Let the source have other metadata."""
        self.simulator.files[f"{PREFIX}{name}"] = metadata.to_bytes()

    def forge(self, *signers: Signer) -> Metadata[Any]:
        """Return the targets of an edition 2 as a thief of the server can make them, signed by `signers`."""
        self.origin.publish(2)
        self.simulator.files |= {path: file.content for path, file in site(2).items()}
        return signed(self.origin.waiting("targets").signed, signers)

    def vouch_for(self, version: int, targets: bytes) -> None:
        """Put `targets` at the source with a snapshot and a timestamp that the portal's own key signed."""
        portal, before = read_signer(self.origin.data, PORTAL), self.metadata("timestamp.json").signed
        number = before.snapshot_meta.version + 1
        meta = {"targets.json": MetaFile.from_data(version, targets, ["sha256"])}
        snapshot = signed(Snapshot(version=number, expires=self.origin.now() + timedelta(days=1), meta=meta), [portal])
        stamp = signed(timestamp_of(snapshot, before.version + 1, self.origin.now()), [portal])
        files = {f"{version}.targets.json": targets, f"{number}.snapshot.json": snapshot.to_bytes()}
        files["timestamp.json"] = stamp.to_bytes()
        self.simulator.files |= {f"{PREFIX}{name}": content for name, content in files.items()}


def publish_the_next(scene: Scene) -> None:
    """Publish edition 9, at the right time."""
    scene.simulator.breaks_after, scene.origin.by, scene.ahead = None, timedelta(0), timedelta(0)
    scene.publish(9)


def replace_the_portals_key(scene: Scene) -> None:
    """Give the portal a new key, as holders do when the server was stolen, and publish edition 9."""
    for suffix in ("pem", "pub"):
        (scene.origin.data / "keys" / f"{PORTAL}.{suffix}").unlink()
    key = make_signer(scene.origin.data, PORTAL, "portal").public_key
    scene.origin.repository.change_keys(new_portal_key(key))
    scene.camille.sign(scene.origin, "root")
    scene.publish(9)


@contextmanager
def unmoved(scene: Scene, error: type[MirrorError]) -> Iterator[None]:
    """Assert that the block raises `error`, and that a mirror started after it serves what it served before."""
    with pytest.raises(MirrorError) as page_errors:
        before = MirrorFolder(scene.mirror.folder).load()
        yield
    assert (page_errors.type, str(page_errors.value)) == (error, error.text % page_errors.value.details)
    assert MirrorFolder(scene.mirror.folder).load() == before
