"""The keys: made once, 32 bytes, for their owner alone."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from portal.domain.errors import KeyUnusable, StorageError
from portal.storage.keys import KEY_BYTES, make_key, read_key


def test_key_is_made_of_the_chance_handed_in(tmp_path: Path) -> None:
    key = make_key(tmp_path / "data", "event", Random(7))
    assert key == Random(7).randbytes(KEY_BYTES)
    assert read_key(tmp_path / "data", "event") == key


def test_key_is_never_replaced(tmp_path: Path) -> None:
    key = make_key(tmp_path, "event", Random(7))
    assert make_key(tmp_path, "event", Random(8)) == key


class SlowChance(Random):
    """Chance so slow that another process makes the key in the meantime."""

    def __init__(self, data: Path) -> None:
        super().__init__(8)
        self.data = data

    def randbytes(self, n: int) -> bytes:
        make_key(self.data, "event", Random(7))
        return super().randbytes(n)


def test_key_that_two_make_at_once_is_one(tmp_path: Path) -> None:
    assert make_key(tmp_path, "event", SlowChance(tmp_path)) == Random(7).randbytes(KEY_BYTES)
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["event"]


def test_keys_of_two_names_are_two(tmp_path: Path) -> None:
    rng = Random(7)
    assert make_key(tmp_path, "event", rng) != make_key(tmp_path, "forms", rng)


def test_key_is_alone_in_a_private_folder(tmp_path: Path) -> None:
    make_key(tmp_path / "data", "event", Random(7))
    found = {path.relative_to(tmp_path).as_posix(): path.stat().st_mode & 0o777 for path in tmp_path.rglob("*")}
    assert found == {"data": 0o700, "data/keys": 0o700, "data/keys/event": 0o600}


def test_key_that_was_never_made_is_unusable(tmp_path: Path) -> None:
    with pytest.raises(KeyUnusable, match="it is missing"):
        read_key(tmp_path, "event")


SPOILS: dict[str, tuple[Callable[[Path], object], str]] = {
    "open to the group": (lambda path: path.chmod(0o640), "other users"),
    "open to everybody": (lambda path: path.chmod(0o604), "other users"),
    "too short": (lambda path: path.write_bytes(b"k" * 31), "damaged"),
    "too long": (lambda path: path.write_bytes(b"k" * 33), "damaged"),
    "empty": (lambda path: path.write_bytes(b""), "damaged"),
}


@pytest.mark.parametrize("spoil", SPOILS)
def test_key_that_was_spoilt_is_refused_and_left_alone(spoil: str, tmp_path: Path) -> None:
    make_key(tmp_path, "event", Random(7))
    path = tmp_path / "keys" / "event"
    change, reason = SPOILS[spoil]
    change(path)
    before = path.read_bytes()
    with pytest.raises(KeyUnusable, match=reason):
        read_key(tmp_path, "event")
    with pytest.raises(KeyUnusable, match=reason):
        make_key(tmp_path, "event", Random(8))
    assert path.read_bytes() == before


def test_key_that_cannot_be_written_is_an_error_of_storage(tmp_path: Path) -> None:
    (tmp_path / "keys").write_bytes(b"a file in the way")
    with pytest.raises(StorageError):
        make_key(tmp_path, "event", Random(7))
