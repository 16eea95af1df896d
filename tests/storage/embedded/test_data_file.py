"""A file on the disk and its copy: in which order they are written, their canonical JSON, and what is refused."""

import os
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tinydb import TinyDB, where

from portal.domain.errors import DataDamaged, DataLost
from portal.storage.disk import make_private_folder, write_new_file
from portal.storage.embedded.data_file import DiskFile, JsonFile, Tables
from tests.fakes.memory_store import MemoryFile, sealed


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


any_text = st.text(st.characters(), max_size=8)  # with halves of surrogate pairs, which the default leaves out
scalars = st.none() | st.booleans() | st.integers() | any_text
records = st.dictionaries(any_text, scalars | st.lists(scalars, max_size=2), max_size=3)
tables_of_anything = st.dictionaries(any_text, st.dictionaries(any_text, records, max_size=3), max_size=2)

SMALL: Tables = {"people": {"b": {"name": "Zoë"}, "a": {"name": "Ada", "age": 36}}}


def file_of(content: bytes) -> MemoryFile:
    file = MemoryFile("people.json")
    file.save(content)
    return file


class TwoFiles(MemoryFile):
    """A file in memory whose copy is another one."""

    def __init__(self, content: bytes | None, copy: bytes | None) -> None:
        super().__init__("people.json")
        self.backup_name = "people.last-good.json"
        self._content, self._copy = content, copy

    def load_backup(self) -> bytes | None:
        return self._copy


def test_sealed_is_one_record_a_line_sorted_without_a_time() -> None:
    tables = b'{\n"people":{\n"a":{"age":36,"name":"Ada"},\n"b":{"name":"Zo\xc3\xab"}}}'
    assert sealed(SMALL) == b'{"format":2,"sha256":"%b","tables":%b}\n' % (sha256(tables).hexdigest().encode(), tables)


@given(tables_of_anything)
def test_file_gives_back_what_was_written(tables: Tables) -> None:
    file = MemoryFile("people.json")
    JsonFile(file).write(tables)
    assert JsonFile(file).read() == {name: records for name, records in tables.items() if records}


@given(tables_of_anything)
def test_same_tables_give_the_same_bytes(tables: Tables) -> None:
    backwards = {name: dict(list(records.items())[::-1]) for name, records in list(tables.items())[::-1]}
    assert sealed(backwards) == sealed(tables)


def test_file_that_is_not_there_is_no_table_at_all() -> None:
    assert JsonFile(MemoryFile("people.json")).read() is None


def test_storage_serves_tinydb() -> None:
    file = MemoryFile("people.json")
    with TinyDB(file, storage=JsonFile) as database:
        database.table("people").insert_multiple([{"name": "Ada"}, {"name": "Zoë"}])
        database.table("people").remove(where("name") == "Ada")
    with TinyDB(file, storage=JsonFile) as database:
        assert database.table("people").all() == [{"name": "Zoë"}]


GOOD = sealed(SMALL)
OTHER_JSON = b"[1]"
DAMAGES = {
    "an empty file": (b"", "it is cut off, or is no data file"),
    "a file cut off in the middle": (GOOD[: len(GOOD) // 2], "it is cut off, or is no data file"),
    "a file without its last byte": (GOOD[:-1], "it is cut off, or is no data file"),
    "a file with something after it": (GOOD + b"\n", "it is cut off, or is no data file"),
    "a file of zeros, as a crash may leave": (b"\0" * len(GOOD), "it is cut off, or is no data file"),
    "another file altogether": (b"# registrations\n", "it is cut off, or is no data file"),
    "a record edited by hand": (GOOD.replace(b"36", b"37"), "it does not hold what was written"),
    "a format of another version": (
        GOOD.replace(b'"format":2', b'"format":3'),
        "another version of the portal wrote it",
    ),
    "a right sum of wrong JSON": (
        b'{"format":2,"sha256":"%b","tables":{1}}\n' % sha256(b"{1}").hexdigest().encode(),
        "it does not hold what was written",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_file_is_refused_with_its_reason_and_its_copy(damage: str) -> None:
    content, reason = DAMAGES[damage]
    with pytest.raises(DataDamaged) as caught:
        JsonFile(TwoFiles(content, GOOD)).read()
    assert type(caught.value) is DataDamaged
    assert caught.value.details == {"file": "people.json", "reason": reason, "copy": "people.last-good.json"}


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_any_byte_that_changed_is_detected(place: int, difference: int) -> None:
    content = bytearray(GOOD)
    content[place] ^= difference
    assume(not content.startswith(b'{"format":1,'))  # the checksum does not cover the format, and this one is valid
    with pytest.raises(DataDamaged):
        JsonFile(file_of(bytes(content))).read()


def test_missing_file_with_a_copy_is_damaged() -> None:
    with pytest.raises(DataDamaged, match="it is missing"):
        JsonFile(TwoFiles(None, GOOD)).read()


@pytest.mark.parametrize("copy", [None, b"", GOOD[:-1]])
def test_damaged_file_without_a_good_copy_is_lost(copy: bytes | None) -> None:
    with pytest.raises(DataLost):
        JsonFile(TwoFiles(GOOD[:-1], copy)).read()
