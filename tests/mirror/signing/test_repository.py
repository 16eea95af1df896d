"""The signatures of the origin: one key that works at once, several that have to agree, and every change of them."""

import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from securesystemslib.signer import Signature
from tuf.api.metadata import Metadata, Root, Targets

from portal.domain.trust.signing import Pending
from portal.domain.trust.signing_errors import (
    HolderKnown,
    HolderUnknown,
    NothingToSign,
    SignaturesDamaged,
    SignatureUnfit,
    SigningError,
    ThresholdImpossible,
)
from portal.mirror.client.metadata import PREFIX, fingerprint_of
from portal.mirror.client.tuf_client import follows
from portal.mirror.signing.key_holders import Edit, enrolment, new_portal_key, new_threshold, replacement, revocation
from portal.mirror.signing.keys import HOLDER, PORTAL, make_signer, read_signer
from tests.factories.origin import Holder, Origin, two_of_three


def names(origin: Origin) -> list[str]:
    return [path.removeprefix(PREFIX) for path in origin.repository.files()]


def test_one_key_on_the_server_signs_at_once(tmp_path: Path) -> None:
    signing = Origin(tmp_path).begin().publish(1)
    assert (signing.edition, signing.needed, signing.next, signing.keys) == (1, 1, None, None)
    assert [holder.name for holder in signing.holders] == ["Alix"]
    assert signing.fingerprint == fingerprint_of((tmp_path / "tuf" / "1.root.json").read_bytes())


def test_keys_and_signatures_are_their_owners_alone(tmp_path: Path) -> None:
    Origin(tmp_path / "data").begin().publish(1)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").rglob("*") if path.is_file()}
    folders = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").rglob("*") if path.is_dir()}
    assert (modes, folders) == ({0o600}, {0o700})


def test_beginning_again_changes_nothing(tmp_path: Path) -> None:
    before = Origin(tmp_path).begin().publish(1)
    assert Origin(tmp_path).begin().repository.signing() == before


def test_published_metadata_is_one_of_each_and_the_timestamp_comes_last(tmp_path: Path) -> None:
    origin = Origin(tmp_path).begin()
    origin.publish(1)
    origin.publish(2)
    assert names(origin) == ["1.root.json", "2.targets.json", "2.snapshot.json", "timestamp.json"]
    assert sorted(path.name for path in (tmp_path / "tuf").glob("*.json")) == sorted(names(origin))


def test_same_edition_is_signed_once(tmp_path: Path) -> None:
    origin = Origin(tmp_path).begin()
    origin.publish(1)
    before = origin.served()
    origin.publish(1)
    assert origin.served() == before


def test_edition_waits_until_another_holder_signs(tmp_path: Path) -> None:
    origin, billie, _ = two_of_three(tmp_path)
    signing = origin.publish(2)
    assert (signing.edition, signing.next) == (1, Pending(2, ("Alix",), 2))
    signing = billie.sign(origin)
    assert (signing.edition, signing.next) == (2, None)
    assert [name for name in names(origin) if "waiting" in name] == []


def test_newer_edition_takes_the_place_of_the_one_that_waits(tmp_path: Path) -> None:
    origin, billie, _ = two_of_three(tmp_path)
    origin.publish(2)
    stale = origin.waiting("targets").sign(read_signer(billie.data, HOLDER))
    assert origin.publish(3).next == Pending(3, ("Alix",), 2)
    with pytest.raises(SignatureUnfit):
        origin.repository.add_signature("targets", stale)
    assert billie.sign(origin).edition == 3


def test_signature_that_is_there_writes_nothing_again(tmp_path: Path) -> None:
    origin, billie, _ = two_of_three(tmp_path)
    origin.repository.change_keys(new_threshold(3))
    signing, stamp = billie.sign(origin, "root"), origin.repository.stamp()
    assert billie.sign(origin, "root") == signing
    assert origin.repository.stamp() == stamp


def test_signature_of_a_stranger_is_refused(tmp_path: Path) -> None:
    origin, *_ = two_of_three(tmp_path)
    origin.publish(2)
    stranger = Holder(tmp_path / "stranger", "Dominique")
    stranger.key()
    with pytest.raises(SignatureUnfit):
        stranger.sign(origin)


def test_signature_of_a_holder_over_something_else_is_refused(tmp_path: Path) -> None:
    origin, billie, _ = two_of_three(tmp_path)
    origin.publish(2)
    with pytest.raises(SignatureUnfit):
        origin.repository.add_signature("targets", read_signer(billie.data, HOLDER).sign(b"something else"))
    with pytest.raises(SignatureUnfit):
        origin.repository.add_signature("targets", Signature(billie.key().keyid, "no hexadecimal digits"))


def test_signature_is_refused_where_nothing_waits(tmp_path: Path) -> None:
    origin, billie, _ = two_of_three(tmp_path)
    for role in ("root", "targets", "snapshot", ""):
        with pytest.raises(NothingToSign):
            origin.repository.add_signature(role, read_signer(billie.data, HOLDER).sign(b"anything"))


def test_lost_key_is_replaced_by_those_who_remain(tmp_path: Path) -> None:
    origin, billie, camille = two_of_three(tmp_path)
    again = Holder(tmp_path / "camille-again", "Camille")
    origin.repository.change_keys(replacement("Camille", again.key()))
    signing = billie.sign(origin, "root")
    assert {holder.name for holder in signing.holders} == {"Alix", "Billie", "Camille"}
    assert again.key().keyid in {holder.id for holder in signing.holders}
    origin.publish(2)
    with pytest.raises(SignatureUnfit):
        camille.sign(origin)
    assert again.sign(origin).edition == 2


def test_revoked_holder_signs_no_longer_and_the_edition_in_force_is_signed_anew(tmp_path: Path) -> None:
    origin, billie, camille = two_of_three(tmp_path)
    signing = origin.repository.change_keys(revocation("Billie"))
    assert (signing.keys, signing.next) == (Pending(None, ("Alix",), 2), Pending(1, ("Alix",), 2))
    camille.sign(origin, "root")
    signing = camille.sign(origin)
    assert ([holder.name for holder in signing.holders], signing.keys, signing.next) == (
        ["Alix", "Camille"],
        None,
        None,
    )
    origin.publish(2)
    with pytest.raises(SignatureUnfit):
        billie.sign(origin)


def test_edition_is_published_while_a_change_of_the_keys_waits(tmp_path: Path) -> None:
    origin, _, camille = two_of_three(tmp_path)
    origin.repository.change_keys(revocation("Billie"))
    origin.publish(2)
    assert camille.sign(origin).edition == 2
    signing = camille.sign(origin, "root")
    assert ({holder.name for holder in signing.holders}, signing.edition) == ({"Alix", "Camille"}, 2)


def test_new_key_of_the_portal_vouches_from_then_on(tmp_path: Path) -> None:
    origin, billie, _ = two_of_three(tmp_path)
    before = Root.from_dict(Metadata[Root].from_bytes(origin.served()[f"{PREFIX}4.root.json"]).signed.to_dict())
    for suffix in ("pem", "pub"):
        (origin.data / "keys" / f"{PORTAL}.{suffix}").unlink()
    key = make_signer(origin.data, PORTAL, "portal").public_key
    assert origin.repository.change_keys(new_portal_key(key)).keys == Pending(None, ("Alix",), 2)
    billie.sign(origin, "root")
    root = Metadata[Root].from_bytes(origin.served()[f"{PREFIX}5.root.json"]).signed
    assert (root.roles["timestamp"].keyids, root.roles["targets"]) == ([key.keyid], before.roles["targets"])
    timestamp = Metadata[Root].from_bytes(origin.served()[f"{PREFIX}timestamp.json"])
    root.verify_delegate("timestamp", timestamp.signed_bytes, timestamp.signatures)


def test_roots_follow_one_another(tmp_path: Path) -> None:
    origin, *_ = two_of_three(tmp_path)
    roots = [origin.served()[f"{PREFIX}{number}.root.json"] for number in (1, 2, 3, 4)]
    pairs = [(first, other) for first in range(4) for other in range(4) if follows(roots[first], roots[other])]
    assert pairs == [(0, 1), (1, 2), (2, 3)]
    assert not follows(b"no root", roots[0])


REFUSED: dict[str, tuple[Callable[[Holder], Edit], type[SigningError]]] = {
    "a key that is there already": (lambda holder: enrolment(holder.key()), HolderKnown),
    "somebody who is no holder": (lambda _: revocation("Dominique"), HolderUnknown),
    "no signature at all": (lambda _: new_threshold(0), ThresholdImpossible),
    "more signatures than holders": (lambda _: new_threshold(4), ThresholdImpossible),
    "a key in place of itself": (lambda holder: replacement("Billie", holder.key()), HolderKnown),
}


@pytest.mark.parametrize("name", REFUSED)
def test_change_of_the_keys_that_makes_no_sense_is_refused(tmp_path: Path, name: str) -> None:
    origin, billie, _ = two_of_three(tmp_path)
    before, (edit, error) = origin.served(), REFUSED[name]
    with pytest.raises(error):
        origin.repository.change_keys(edit(billie))
    assert origin.served() == before


def test_revoking_below_the_number_that_has_to_sign_is_refused(tmp_path: Path) -> None:
    origin = Origin(tmp_path).begin()
    origin.publish(1)
    with pytest.raises(ThresholdImpossible):
        origin.repository.change_keys(revocation("Alix"))


def test_same_key_under_another_id_is_refused(tmp_path: Path) -> None:
    origin, billie, _ = two_of_three(tmp_path)
    twin = billie.key()
    twin.keyid, twin.unrecognized_fields["x-portal-holder"] = "f" * 64, "Dominique"
    with pytest.raises(HolderKnown):
        origin.repository.change_keys(enrolment(twin))


def test_timestamp_is_renewed_when_it_is_some_hours_old(tmp_path: Path) -> None:
    origin = Origin(tmp_path).begin()
    assert origin.repository.renew() is False
    origin.publish(1)
    before = names(origin), origin.served()
    assert (origin.repository.renew(), origin.served()) == (False, before[1])
    origin.by = timedelta(hours=13)
    assert origin.repository.renew() is True
    changed = [path for path, content in origin.served().items() if before[1].get(path) != content]
    assert (names(origin), changed) == (before[0], [f"{PREFIX}timestamp.json"])


def test_server_without_a_holders_key_signs_nothing_and_loses_nothing(tmp_path: Path) -> None:
    origin, billie, camille = two_of_three(tmp_path)
    for suffix in ("pem", "pub"):
        (origin.data / "keys" / f"{HOLDER}.{suffix}").unlink()
    assert origin.publish(2).next == Pending(2, (), 2)
    billie.sign(origin)
    assert camille.sign(origin).edition == 2


def test_damaged_signatures_are_told_and_left_as_they_are(tmp_path: Path) -> None:
    origin = Origin(tmp_path).begin()
    origin.publish(1)
    path = tmp_path / "tuf" / "1.targets.json"
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(SignaturesDamaged):
        origin.repository.sign(origin.files, (), 1)
    with pytest.raises(SignaturesDamaged):
        origin.publish(2)


def test_key_that_others_can_read_signs_nothing(tmp_path: Path) -> None:
    origin = Origin(tmp_path).begin()
    (tmp_path / "keys" / f"{HOLDER}.pem").chmod(0o644)
    with pytest.raises(Exception, match="can read it"):
        origin.publish(1)


def test_targets_name_the_edition_and_what_the_origin_answers_itself(tmp_path: Path) -> None:
    origin = Origin(tmp_path).begin()
    origin.publish(7)
    targets = Metadata[Targets].from_bytes(origin.served()[f"{PREFIX}1.targets.json"]).signed.targets
    assert set(targets) == set(origin.files)
    assert {path: target.custom for path, target in targets.items() if target.custom} == {
        "edition.json": {"edition": 7},
        "fr/inscription/index.html": {"answered_by_origin": True},
    }


def test_portals_key_is_replaced_again_and_again_and_the_old_one_vouches_meanwhile(tmp_path: Path) -> None:
    origin, billie, _ = two_of_three(tmp_path)
    used = []
    for number in (2, 3, 4):
        waiting = origin.repository.change_portals_key()
        assert waiting.keys == Pending(None, ("Alix",), 2)
        origin.by = timedelta(hours=13 * (2 * number - 1))
        assert origin.repository.renew() is True
        billie.sign(origin, "root")
        origin.by = timedelta(hours=26 * number)
        assert origin.repository.renew() is True
        root = Metadata[Root].from_bytes(origin.served()[f"{PREFIX}{number + 3}.root.json"]).signed
        timestamp = Metadata[Root].from_bytes(origin.served()[f"{PREFIX}timestamp.json"])
        root.verify_delegate("timestamp", timestamp.signed_bytes, timestamp.signatures)
        used += root.roles["timestamp"].keyids
    assert len(set(used)) == 3
