"""The onion's key: made once, kept for good, shown to nobody."""

import base64
import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onion.errors import AddressChanged, KeyDamaged, KeyExposed, KeyUnreadable
from onion.identity.key import load_or_create_key, new_key, record_address, recorded_address

ADDRESS = f"{'a' * 56}.onion"


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "onion" / "key"


def modes(file: Path) -> tuple[int, int]:
    return file.parent.stat().st_mode & 0o777, file.stat().st_mode & 0o777


def test_key_is_made_once_and_kept(key_file: Path) -> None:
    made = load_or_create_key(key_file, random.Random(1))
    assert load_or_create_key(key_file, random.Random(2)) == made
    assert key_file.read_text() == f"{made.text}\n"
    assert modes(key_file) == (0o700, 0o600)
    assert [path.name for path in key_file.parent.iterdir()] == ["key"]


def test_folders_made_for_a_key_are_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        load_or_create_key(tmp_path / "data" / "onion" / "key", random.Random(1))
    finally:
        os.umask(before)
    assert modes(tmp_path / "data" / "onion") == (0o700, 0o700)


def test_key_left_half_written_is_made_anew(key_file: Path) -> None:
    key_file.parent.mkdir(mode=0o700)
    (key_file.parent / ".key.aside").write_text("ED25519-V3:half")
    assert load_or_create_key(key_file, random.Random(1)) == new_key(random.Random(1))


@given(st.integers())
def test_key_is_a_clamped_expanded_secret(seed: int) -> None:
    kind, _, encoded = new_key(random.Random(seed)).text.partition(":")
    secret = base64.b64decode(encoded, validate=True)
    assert (kind, len(secret), secret[0] & 0b111, secret[31] >> 6) == ("ED25519-V3", 64, 0, 0b01)


def test_key_does_not_show_itself() -> None:
    assert repr(new_key(random.Random(1))) == "OnionKey()"


GOOD = new_key(random.Random(1)).text

DAMAGED = {
    "it is empty": b"",
    "it was cut off": GOOD[:40].encode(),
    "it lost its last letter": GOOD[:-1].encode(),
    "it is of another kind": GOOD.replace("ED25519-V3", "RSA1024").encode(),
    "it has no kind": GOOD.removeprefix("ED25519-V3:").encode(),
    "it is not base64": GOOD.replace("=", "*").encode(),
    "it is the seed alone": b"ED25519-V3:" + base64.b64encode(bytes(32)),
    "it is all zeros": b"ED25519-V3:" + base64.b64encode(bytes(64)),
    "it is not text": b"\xff\x00\xfe",
    "it holds two keys": f"{GOOD}\n{GOOD}\n".encode(),
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED.keys())
def test_key_file_is_refused_and_left_alone_when(key_file: Path, content: bytes) -> None:
    key_file.parent.mkdir(mode=0o700)
    key_file.touch(mode=0o600)
    key_file.write_bytes(content)
    with pytest.raises(KeyDamaged) as caught:
        load_or_create_key(key_file, random.Random(1))
    assert key_file.read_bytes() == content
    assert caught.value.details == {"file": key_file}


EXPOSED = {
    "others may read the key": (0o700, 0o604),
    "the group may read the key": (0o700, 0o640),
    "the group may enter the folder": (0o750, 0o600),
    "anybody may write to the folder": (0o777, 0o600),
}


@pytest.mark.parametrize(("folder_mode", "file_mode"), EXPOSED.values(), ids=EXPOSED.keys())
def test_key_file_is_refused_when(key_file: Path, folder_mode: int, file_mode: int) -> None:
    load_or_create_key(key_file, random.Random(1))
    key_file.chmod(file_mode)
    key_file.parent.chmod(folder_mode)
    with pytest.raises(KeyExposed):
        load_or_create_key(key_file, random.Random(1))


def test_key_file_that_is_a_folder_is_told_in_words(key_file: Path) -> None:
    key_file.mkdir(parents=True, mode=0o700)
    key_file.parent.chmod(0o700)
    with pytest.raises(KeyUnreadable, match=r"cannot be read or written \(Is a directory\)"):
        load_or_create_key(key_file, random.Random(1))


def test_address_is_recorded_beside_the_key(key_file: Path) -> None:
    assert recorded_address(key_file) == ""
    record_address(key_file, ADDRESS)
    record_address(key_file, ADDRESS)
    assert recorded_address(key_file) == ADDRESS
    assert modes(key_file.with_name("key.address")) == (0o700, 0o600)


def test_address_other_than_the_recorded_one_is_refused(key_file: Path) -> None:
    record_address(key_file, ADDRESS)
    other = f"{'b' * 56}.onion"
    with pytest.raises(AddressChanged) as caught:
        record_address(key_file, other)
    assert recorded_address(key_file) == ADDRESS
    assert caught.value.details == {"file": key_file.with_name("key.address"), "recorded": ADDRESS, "found": other}


def test_address_record_that_is_no_text_is_told_in_words(key_file: Path) -> None:
    record_address(key_file, ADDRESS)
    key_file.with_name("key.address").write_bytes(b"\xff")
    with pytest.raises(KeyUnreadable):
        recorded_address(key_file)
