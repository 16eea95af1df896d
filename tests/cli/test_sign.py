"""Which of what waits a key signs, and what is no fingerprint."""

from pathlib import Path

import pytest
from tuf.api.metadata import Metadata, Root

from portal.cli.main import run_command
from portal.cli.sign import to_sign
from portal.domain.trust.signing_errors import SignatureUnfit
from portal.mirror.client.metadata import PREFIX
from portal.mirror.signing.key_holders import replacement
from portal.mirror.signing.pending import PendingAtOrigin
from tests.factories.origin import Holder, two_of_three
from tests.factories.sample import EVENT, edition


def test_key_that_is_to_leave_signs_that_it_leaves_and_nothing_more(tmp_path: Path) -> None:
    origin, billie, camille = two_of_three(tmp_path)
    root = Metadata[Root].from_bytes(origin.served()[f"{PREFIX}4.root.json"]).signed
    newer = Holder(tmp_path / "newer", "Billie")
    origin.repository.change_keys(replacement("Billie", newer.key()))
    leaving, targets = origin.waiting("root"), origin.waiting("targets")
    found = PendingAtOrigin(root, "", edition(EVENT, fingerprint=None), leaving, targets, None)
    signed = {
        name: to_sign(found, key.key().keyid) for name, key in {"old": billie, "new": newer, "c": camille}.items()
    }
    assert signed == {"old": [leaving], "new": [leaving, targets], "c": [leaving, targets]}


def test_key_of_somebody_else_signs_nothing(tmp_path: Path) -> None:
    origin, _, _ = two_of_three(tmp_path)
    origin.publish(2)
    root = Metadata[Root].from_bytes(origin.served()[f"{PREFIX}4.root.json"]).signed
    found = PendingAtOrigin(root, "", edition(EVENT, fingerprint=None), None, origin.waiting("targets"), None)
    with pytest.raises(SignatureUnfit):
        to_sign(found, Holder(tmp_path / "stranger", "Dominique").key().keyid)


@pytest.mark.parametrize("command", ["mirror", "verify", "sign"])
@pytest.mark.parametrize("root", ["abc", "", "g" * 64])
def test_what_is_no_fingerprint_is_refused_before_anything_is_asked(
    command: str, root: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command([command, "http://127.0.0.1:1", "--root", root], {}) == 2
    assert capsys.readouterr() == (
        "",
        "portal: A fingerprint is made of 64 digits and letters from a to f, with or without spaces.\n",
    )
