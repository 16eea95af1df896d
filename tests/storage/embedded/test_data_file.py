"""A file on the disk and its copy: in which order they are written, and what others may do with them."""

import os
from pathlib import Path

import pytest

from portal.storage.disk import make_private_folder, write_new_file
from portal.storage.embedded.data_file import DiskFile


@pytest.fixture
def file(tmp_path: Path) -> DiskFile:
    return DiskFile(tmp_path, "people")


def test_disk_file_flushes_both_before_it_renames_the_copy_then_the_file(
    file: DiskFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, os.replace

    def watched_fsync(descriptor: int) -> None:
        fsync(descriptor)
        names = {path.stat().st_ino: path.name for path in tmp_path.iterdir()}
        done.append(f"flush {names.get(os.fstat(descriptor).st_ino, 'the folder')}")

    def watched_replace(source: Path, target: Path) -> None:
        replace(source, target)
        done.append(f"rename {source.name} to {target.name}")

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(os, "replace", watched_replace)
    file.save(b"new")
    assert done == [
        "flush people.last-good.new",
        "flush people.new",
        "rename people.last-good.new to people.last-good.json",
        "rename people.new to people.json",
        "flush the folder",
    ]


def test_disk_file_is_never_ahead_of_its_copy(file: DiskFile, tmp_path: Path) -> None:
    (tmp_path / "people.json").mkdir()
    with pytest.raises(OSError, match="people"):
        file.save(b"without the erased person")
    assert file.load_backup() == b"without the erased person"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["people.json", "people.last-good.json"]


def test_disk_file_has_another_stamp_for_another_content(file: DiskFile) -> None:
    stamps = [file.stamp()]
    for n in range(200):
        file.save(b"%3d" % n)
        stamps.append(file.stamp())
    assert stamps[0] is None
    assert len(set(stamps)) == 201


def test_disk_file_has_another_stamp_once_it_was_cut_off_in_place(file: DiskFile, tmp_path: Path) -> None:
    file.save(b"a" * 1000)
    before = file.stamp()
    with (tmp_path / "people.json").open("r+b") as content:
        content.truncate(999)
    assert file.stamp() != before


def test_disk_file_that_is_not_there_holds_nothing(file: DiskFile) -> None:
    assert (file.stamp(), file.load(), file.load_backup()) == (None, None, None)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
def test_private_file_is_its_owners_alone_under_any_umask(umask: int, tmp_path: Path) -> None:
    before = os.umask(umask)
    try:
        write_new_file(tmp_path / "secret", b"secret")
    finally:
        os.umask(before)
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_private_folder_is_closed_to_others_when_it_is_there_already(tmp_path: Path) -> None:
    for mode in (0o755, 0o710, 0o707):
        tmp_path.chmod(mode)
        make_private_folder(tmp_path)
        assert tmp_path.stat().st_mode & 0o777 == 0o700
