"""The public half of a key: it tells nothing of the private one, and its id is its own."""

from pathlib import Path

import pytest

from portal.domain.trust.signing_errors import PublicKeyUnreadable
from portal.mirror.signing.keys import HOLDER, make_signer, public_line, public_path, read_public


def test_public_key_holds_nothing_of_the_private_one(tmp_path: Path) -> None:
    make_signer(tmp_path, HOLDER, "Alix")
    assert b"PRIVATE" not in public_path(tmp_path, HOLDER).read_bytes()
    assert b"PRIVATE" in (tmp_path / "keys" / f"{HOLDER}.pem").read_bytes()


def test_public_key_of_somebody_else_under_the_id_that_the_holder_told_is_refused(tmp_path: Path) -> None:
    ours, theirs = (make_signer(tmp_path / name, HOLDER, "Alix").public_key for name in ("ours", "theirs"))
    assert read_public(public_path(tmp_path / "ours", HOLDER)) == ours
    on_the_way = tmp_path / "holder.pub"
    theirs.keyid = ours.keyid
    on_the_way.write_bytes(public_line(theirs))
    with pytest.raises(PublicKeyUnreadable):
        read_public(on_the_way)
