"""Every attack on a mirror: whatever its source does, the edition that it had is served on, and the reason is told."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from securesystemslib.signer import Signature

from portal.domain.limits import METADATA_KIB, TIMESTAMP_HOURS
from portal.domain.trust.mirror_errors import (
    FileAltered,
    FileMissing,
    MetadataMalformed,
    MirrorError,
    SignaturesUnfit,
    SourceMixed,
    SourceOlder,
    SourceSilent,
    SourceStale,
    SourceTooLarge,
    VouchedTooLong,
)
from portal.mirror.client.fetching import ignore_progress
from portal.mirror.client.folder import MirrorFolder
from portal.mirror.client.follow import follow, nothing_rebuilt
from portal.mirror.client.metadata import PREFIX, signed, timestamp_of
from portal.mirror.client.tuf_client import roots_up_to
from portal.mirror.signing.key_holders import replacement, revocation
from portal.mirror.signing.keys import HOLDER, PORTAL, read_signer
from portal.origin.installation import now
from tests.factories.mirror_scene import TIMESTAMP, Scene, publish_the_next, replace_the_portals_key, unmoved
from tests.factories.origin import Holder
from tests.fakes.tuf_simulator import Simulator

PAGE: Final = "fr/programme/index.html"


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
    scene.publish(2)
    scene.follow()
    scene.ahead = timedelta(hours=TIMESTAMP_HOURS, seconds=1)


def mix_of_files(scene: Scene) -> None:
    before = dict(scene.simulator.files)
    scene.publish(2)
    scene.simulator.files |= {path: content for path, content in before.items() if not path.startswith(PREFIX)}


def mix_of_metadata(scene: Scene) -> None:
    scene.publish(2)
    old = scene.metadata("3.targets.json")
    scene.publish(3)
    scene.put("4.targets.json", old)


def vouched_for_ever(scene: Scene) -> None:
    """Whoever has the portal's key vouches until the end of time, so that no mirror ever says that it could be late."""
    now = scene.metadata("timestamp.json").signed
    snapshot = scene.metadata(f"{now.snapshot_meta.version}.snapshot.json")
    stamp = timestamp_of(snapshot, now.version + 1, datetime(9990, 1, 1, tzinfo=UTC))
    scene.put("timestamp.json", signed(stamp, [read_signer(scene.origin.data, PORTAL)]))


def metadata_without_end(scene: Scene) -> None:
    """Whoever has the portal's key announces a snapshot of a gigabyte, and sends what is longer than any may be."""
    portal, now = read_signer(scene.origin.data, PORTAL), scene.metadata("timestamp.json").signed
    stamp = timestamp_of(
        scene.metadata(f"{now.snapshot_meta.version}.snapshot.json"), now.version + 1, scene.origin.now()
    )
    stamp.snapshot_meta.version, stamp.snapshot_meta.length = now.snapshot_meta.version + 1, 10**9
    scene.put("timestamp.json", signed(stamp, [portal]))
    scene.simulator.files[f"{PREFIX}{stamp.snapshot_meta.version}.snapshot.json"] = bytes(METADATA_KIB * 1024 + 1)


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
    scene.origin.repository.change_keys(revocation("Billie"))
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
    scene.simulator.requests.clear()
    scene.simulator.breaks_after = 6


def clock_three_days_fast(scene: Scene) -> None:
    """To a clock that is three days fast, what was made now was made three days ago."""
    scene.origin.by = timedelta(days=-3)
    scene.publish(2)


ATTACKS: dict[str, tuple[Act, type[MirrorError], Act]] = {
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
    "it is vouched for until the end of time": (vouched_for_ever, VouchedTooLong, replace_the_portals_key),
    "metadata goes on beyond what any may have": (metadata_without_end, SourceTooLarge, replace_the_portals_key),
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
    "the clock of the mirror is three days fast": (clock_three_days_fast, SourceStale, publish_the_next),
}


@pytest.mark.parametrize(("attack", "error", "mend"), ATTACKS.values(), ids=ATTACKS.keys())
def test_edition_is_served_on_and_followed_again_after(
    scene: Scene, attack: Act, error: type[MirrorError], mend: Act
) -> None:
    attack(scene)
    with unmoved(scene, error):
        scene.follow()
    mend(scene)
    assert scene.follow().served.edition == 9


def test_clock_that_is_a_day_off_changes_nothing(scene: Scene) -> None:
    for number, hours in ((2, -24), (3, 24)):
        scene.origin.by = timedelta(hours=hours)
        scene.publish(number)
        assert scene.follow().served.edition == number


def test_root_that_was_rotated_twice_meanwhile_is_followed(scene: Scene) -> None:
    dominique = Holder(scene.folder / "dominique", "Dominique")
    scene.origin.repository.change_keys(replacement("Billie", dominique.key()))
    scene.camille.sign(scene.origin, "root")
    scene.camille.sign(scene.origin)
    scene.origin.repository.change_keys(revocation("Alix"))
    scene.camille.sign(scene.origin, "root")
    dominique.sign(scene.origin, "root")
    scene.camille.sign(scene.origin)
    dominique.sign(scene.origin)
    scene.catch_up()
    assert [path for path in scene.simulator.files if path.endswith(".root.json")][-1] == f"{PREFIX}6.root.json"
    served = scene.follow().served
    assert served.edition == 1
    assert f"{PREFIX}6.root.json" in served.metadata


def test_first_source_that_verifies_is_enough_whoever_runs_it(scene: Scene) -> None:
    other = MirrorFolder(scene.folder / "other")
    served = scene.mirror.load()
    assert served is not None
    edition_files = {path: file.content for path, file in {**served.files, **served.metadata}.items()}
    mirror_as_source = Simulator(edition_files).source
    other.begin(roots_up_to(mirror_as_source, None))
    assert follow(other, mirror_as_source, None, ignore_progress, nothing_rebuilt, now()).served == served
