"""Number of holders who have signed what is pending, and number of those who have to."""

from pathlib import Path

from portal.domain.trust.signing import Pending
from portal.mirror.signing.key_holders import enrolment, new_threshold, replacement
from tests.factories.origin import Holder, Origin, two_of_three


def test_signature_of_one_holder_counts_once(tmp_path: Path) -> None:
    origin, billie, camille = two_of_three(tmp_path)
    origin.repository.change_keys(new_threshold(3))
    billie.sign(origin, "root")
    assert billie.sign(origin, "root").keys == Pending(None, ("Alix", "Billie"), 3)
    camille.sign(origin, "root")
    billie.sign(origin)
    assert camille.sign(origin).needed == 3


def test_change_of_one_of_two_keys_needs_the_old_one_and_the_new_one(tmp_path: Path) -> None:
    origin, billie = Origin(tmp_path / "origin").begin(), Holder(tmp_path / "billie", "Billie")
    anew = Holder(tmp_path / "anew", "Billie")
    origin.publish(1)
    origin.repository.change_keys(enrolment(billie.key()))
    origin.repository.change_keys(new_threshold(2))
    billie.sign(origin, "root")
    billie.sign(origin)
    assert origin.repository.change_keys(replacement("Billie", anew.key())).keys == Pending(None, ("Alix",), 3)
    assert anew.sign(origin, "root").keys == Pending(None, ("Alix", "Billie"), 3)
    signing = billie.sign(origin, "root")
    assert signing.keys == Pending(None, ("Alix", "Billie", "Billie"), 3)
    assert signing.next == Pending(1, ("Alix",), 2)
    signing = anew.sign(origin)
    assert (signing.keys, signing.next, signing.edition) == (None, None, 1)
