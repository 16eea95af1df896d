"""The skeletons of pages on the disk: whatever happens to them, they are whole or none."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.site.edition_files import edition_files
from portal.storage.skeletons import DiskSkeletons, skeletons_in
from tests.checkout import ROOT
from tests.factories.sample import edition

KEY: Final = "k" * 64
PAGES: Final = {"fr/index.html": b"<p>\0announcements\0</p>", "en/index.html": b"", "fr/é/index.html": b"\xff" * 70_000}


@given(pages=st.dictionaries(st.text(max_size=8), st.binary(max_size=50), max_size=5))
def test_skeletons_come_back_as_they_were(pages: Mapping[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> None:
    kept = DiskSkeletons(tmp_path_factory.mktemp("pages"))
    kept.write(KEY, pages)
    assert kept.read(KEY) == pages


def test_only_the_owner_may_read_the_file_whose_bytes_follow_from_the_pages(tmp_path: Path) -> None:
    for data, pages in (("one", PAGES), ("other", dict(reversed(PAGES.items())))):
        skeletons_in(tmp_path / data).write(KEY, pages)
    folder, file = tmp_path / "one" / "pages", tmp_path / "one" / "pages" / KEY
    assert (stat.S_IMODE(folder.stat().st_mode), stat.S_IMODE(file.stat().st_mode)) == (0o700, 0o600)
    assert file.read_bytes() == (tmp_path / "other" / "pages" / KEY).read_bytes()


def test_skeletons_of_another_key_take_the_place_of_all_others(tmp_path: Path) -> None:
    kept = DiskSkeletons(tmp_path)
    kept.write(KEY, PAGES)
    (tmp_path / f".{KEY}.portal.new").write_bytes(b"left by a process that was killed")
    kept.write("l" * 64, {"en/index.html": b"other"})
    assert ([path.name for path in tmp_path.iterdir()], kept.read(KEY)) == (["l" * 64], {})


DAMAGE: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "is empty": lambda content: b"",
    "has lost its end": lambda content: content[:-1],
    "has lost its start": lambda content: content[1:],
    "is something else": lambda content: b"something else " * 10,
    "has another first byte": lambda content: bytes([content[0] ^ 1]) + content[1:],
    "has another last byte": lambda content: content[:-1] + bytes([content[-1] ^ 1]),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_nothing_is_read_of_a_file_that(damage: Callable[[bytes], bytes], tmp_path: Path) -> None:
    kept = DiskSkeletons(tmp_path)
    kept.write(KEY, PAGES)
    (tmp_path / KEY).write_bytes(damage((tmp_path / KEY).read_bytes()))
    assert kept.read(KEY) == {}


@given(data=st.data())
def test_nothing_is_read_where_any_byte_has_changed(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("pages")
    DiskSkeletons(folder).write(KEY, PAGES)
    content = bytearray((folder / KEY).read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    (folder / KEY).write_bytes(content)
    assert DiskSkeletons(folder).read(KEY) == {}


def test_disk_that_takes_nothing_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    kept = DiskSkeletons(tmp_path / "file")
    kept.write(KEY, PAGES)
    assert kept.read(KEY) == {}


_KILLED: Final = """
import os, signal, sys
from pathlib import Path
from portal.storage import disk
from portal.storage.skeletons import DiskSkeletons
disk.os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
DiskSkeletons(Path(sys.argv[1])).write(sys.argv[2], {"a": b"b" * 100_000})
"""


def test_process_that_is_killed_while_it_writes_leaves_none(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    killed = subprocess.run([sys.executable, "-c", _KILLED, tmp_path, KEY], env=environment, check=False)
    kept = DiskSkeletons(tmp_path)
    assert (killed.returncode, kept.read(KEY), len(list(tmp_path.iterdir()))) == (-9, {}, 1)
    kept.write(KEY, PAGES)
    assert (kept.read(KEY), [path.name for path in tmp_path.iterdir()]) == (PAGES, [KEY])


def test_edition_is_rendered_anew_where_its_skeletons_are_damaged(tmp_path: Path) -> None:
    kept, made = skeletons_in(tmp_path), edition()
    files = edition_files(made, kept)
    (path,) = (tmp_path / "pages").iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    assert edition_files(made, kept) == files
    assert path.read_bytes() == whole
    assert edition_files(made, kept) == files
