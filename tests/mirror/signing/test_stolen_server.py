"""The server of the origin is stolen, with every file on it: no mirror can be made to believe anything new."""

import shutil
from datetime import timedelta

import pytest

from portal.domain.trust.mirror_errors import MirrorError, SignaturesUnfit
from portal.mirror.client.fetching import ignore_progress
from portal.mirror.client.folder import MirrorFolder
from portal.mirror.client.follow import follow, nothing_rebuilt
from portal.mirror.client.metadata import PREFIX, next_root, reissued, signed
from portal.mirror.client.tuf_client import roots_up_to
from portal.mirror.signing.key_holders import enrolment, new_portal_key, new_threshold, revocation
from portal.mirror.signing.keys import HOLDER, PORTAL, make_signer, read_signer
from portal.origin.installation import now
from tests.factories.mirror_scene import Scene, replace_the_portals_key, unmoved
from tests.factories.origin import Holder, Origin, site


def stolen(scene: Scene) -> Origin:
    """Return the origin as whoever took the disk runs it."""
    shutil.copytree(scene.origin.data, scene.folder / "stolen")
    return Origin(scene.folder / "stolen", files=scene.origin.files)


def test_edition_that_the_thief_publishes_is_not_believed(scene: Scene) -> None:
    thief = stolen(scene)
    assert thief.publish(2).next is not None
    scene.simulator.files = {**thief.served(), **{path: file.content for path, file in site(2).items()}}
    assert scene.follow().news == "same"  # of what waits for a signature, mirrors hear nothing
    targets = thief.waiting("targets")
    scene.vouch_for(targets.signed.version, targets.to_bytes())
    with unmoved(scene, SignaturesUnfit):
        scene.follow()


@pytest.mark.parametrize("change", ["one signature is enough", "the others are revoked", "a key of the thief is added"])
def test_root_that_the_thief_makes_is_not_believed(scene: Scene, change: str) -> None:
    thief, own = stolen(scene), Holder(scene.folder / "thief", "Thief")
    edits = {
        "one signature is enough": [new_threshold(1)],
        "the others are revoked": [new_threshold(1), revocation("Billie"), revocation("Camille")],
        "a key of the thief is added": [enrolment(own.key())],
    }[change]
    root = next_root(scene.metadata("4.root.json").signed, scene.origin.now())
    for edit in edits:
        edit(root)
        thief.repository.change_keys(edit)
    assert thief.repository.signing().keys is not None
    signers = [read_signer(thief.data, HOLDER), *([read_signer(own.data, HOLDER)] if len(root.keys) > 4 else [])]
    scene.put("5.root.json", signed(root, signers))
    targets = reissued(scene.metadata("2.targets.json").signed, 3, scene.origin.now())
    scene.vouch_for(3, signed(targets, signers).to_bytes())
    with unmoved(scene, SignaturesUnfit):
        scene.follow()


def test_thief_can_vouch_for_the_edition_in_force_until_the_portals_key_is_replaced(scene: Scene) -> None:
    thief = stolen(scene)
    thief.by = timedelta(hours=13)
    assert thief.repository.renew()
    scene.simulator.files = thief.served()
    assert scene.follow().news == "vouched"
    replace_the_portals_key(scene)
    assert scene.follow().served.edition == 9
    scene.simulator.files = thief.served()
    with unmoved(scene, SignaturesUnfit):
        scene.follow()


def test_one_key_on_the_server_protects_from_no_thief(scene: Scene) -> None:
    """One key proves that a mirror is the server's, and nothing against who has the server, as the guide says."""
    origin = Origin(scene.folder / "alone").begin()
    origin.publish(1)
    scene.simulator.files = origin.served()
    mirror = MirrorFolder(scene.folder / "other")
    mirror.begin(roots_up_to(scene.simulator.source, None))
    follow(mirror, scene.simulator.source, None, ignore_progress, nothing_rebuilt, now())
    shutil.copytree(origin.data, scene.folder / "taken")
    thief = Origin(scene.folder / "taken")
    thief.publish(2)
    scene.simulator.files = thief.served()
    assert (
        follow(mirror, scene.simulator.source, mirror.load(), ignore_progress, nothing_rebuilt, now()).served.edition
        == 2
    )


def test_new_key_of_the_portal_needs_the_holders(scene: Scene) -> None:
    thief = stolen(scene)
    for suffix in ("pem", "pub"):
        (thief.data / "keys" / f"{PORTAL}.{suffix}").unlink()
    assert (
        thief.repository.change_keys(new_portal_key(make_signer(thief.data, PORTAL, "portal").public_key)).keys
        is not None
    )
    assert f"{PREFIX}5.root.json" not in thief.served()
    with pytest.raises(MirrorError):
        roots_up_to(scene.simulator.source, "0" * 64)
