"""Files on the disk: written whole or not at all, for whom they are meant, behind their lock; free space."""

import fcntl
import os
import shutil
import stat
from pathlib import Path

import pytest

from portal.storage.disk import free_mib, locked, make_folder, make_private_folder, write_atomically


def test_free_space_is_that_of_the_disk_of_the_folder(tmp_path: Path) -> None:
    assert abs(free_mib(tmp_path) - shutil.disk_usage(tmp_path).free / 2**20) < 256


def test_free_space_of_a_folder_that_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="gone"):
        free_mib(tmp_path / "gone")


def test_atomic_write_replaces_the_earlier_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    for content in (b"earlier", b"new"):
        write_atomically(tmp_path / "file", content)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"file": b"new"}


def test_atomic_write_is_on_the_disk_before_the_name_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, os.replace

    def watched_fsync(descriptor: int) -> None:
        fsync(descriptor)
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        done.append("flush the folder" if is_folder else "flush the file")

    def watched_replace(source: Path, target: Path) -> None:
        replace(source, target)
        done.append(f"rename to {target.name}")

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(os, "replace", watched_replace)
    write_atomically(tmp_path / "file", b"")
    assert done == ["flush the file", "rename to file", "flush the folder"]


def test_atomic_write_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    with pytest.raises(IsADirectoryError):
        write_atomically(tmp_path / "file", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_atomic_write_follows_no_link(tmp_path: Path) -> None:
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "folder"
    elsewhere.write_bytes(b"theirs")
    folder.mkdir()
    for name in ("file", ".file.portal.new"):
        (folder / name).symlink_to(elsewhere)
    write_atomically(folder / "file", b"new")
    found = {path.name: (path.is_symlink(), path.read_bytes()) for path in folder.iterdir()}
    assert (found, elsewhere.read_bytes()) == ({"file": (False, b"new")}, b"theirs")


@pytest.mark.parametrize("umask", [0o000, 0o077], ids=oct)
def test_atomic_write_gives_the_permissions_that_are_asked_for(tmp_path: Path, umask: int) -> None:
    kept = os.umask(umask)
    try:
        write_atomically(tmp_path / "private", b"")
        write_atomically(tmp_path / "public", b"", 0o644)
    finally:
        os.umask(kept)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"private": 0o600, "public": 0o644}


def test_folder_is_made_private_and_one_that_is_there_only_when_it_is_to_be(tmp_path: Path) -> None:
    for made, name in ((make_folder, "open"), (make_private_folder, "closed")):
        (tmp_path / name).mkdir(mode=0o755)
        made(tmp_path / name)
        made(tmp_path / name / "new" / "inner")
    modes = {str(path.relative_to(tmp_path)): stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert modes == {
        **{"open": 0o755, "open/new": 0o700, "open/new/inner": 0o700},
        **{"closed": 0o700, "closed/new": 0o700, "closed/new/inner": 0o700},
    }


def test_lock_keeps_everybody_else_away_until_the_block_ends(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with locked(tmp_path / "lock"), pytest.raises(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        os.close(descriptor)
