"""Signed files stay on the origin's disk as they were signed, next to the signatures, and nowhere else."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zipfile import ZIP_STORED, ZipFile

import pytest

from portal.mirror.client.metadata import targets_of
from portal.mirror.signing.key_holders import enrolment, new_threshold, revocation
from portal.mirror.signing.metadata_store import pack, unpack
from portal.site.edition_files import edition_files
from portal.site.files import Files
from tests.checkout import ROOT
from tests.factories.origin import ANSWERED, Holder, Origin, signed_by, site, two_of_three
from tests.factories.sample import edition

TARGETS: Final = targets_of(site(1), ANSWERED, 1, 1, datetime(2026, 11, 24, tzinfo=UTC)).targets


def contents(files: Files | None) -> dict[str, bytes] | None:
    return {path: file.content for path, file in files.items()} if files else None


def kept(origin: Origin) -> list[str]:
    """Return the names of what is kept."""
    return sorted(str(path.relative_to(origin.data / "tuf")) for path in (origin.data / "tuf").rglob("*.zip"))


def test_same_files_are_the_same_bytes_in_whatever_order() -> None:
    assert pack(site(1)) == pack(dict(reversed([*site(1).items()])))
    assert contents(unpack(pack(site(1)), TARGETS)) == contents(site(1))


def test_files_are_what_the_site_made_of_them() -> None:
    files = edition_files(edition())
    targets = targets_of(files, ANSWERED, 2, 1, datetime(2026, 11, 24, tzinfo=UTC)).targets
    assert unpack(pack(files), targets) == files


def with_one_more(content: bytes, path: Path) -> bytes:
    """Return the archive `content` with a file whose length is another than it announces."""
    path.write_bytes(content)
    with ZipFile(path, "a", ZIP_STORED) as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("index.html", b"another home")
    return path.read_bytes()


DAMAGE: Final[dict[str, Callable[[bytes, Path], bytes]]] = {
    "nothing": lambda content, _: b"",
    "its end is missing": lambda content, _: content[:-30],
    "its start is missing": lambda content, _: content[30:],
    "a byte is another one": lambda content, _: content[:40] + bytes([content[40] ^ 1]) + content[41:],
    "a file is another one": with_one_more,
    "it is of another edition": lambda content, _: pack(site(2)),
    "it has too few files": lambda content, _: pack({"index.html": site(1)["index.html"]}),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_archive_that_is_not_what_was_signed_gives_nothing(name: str, tmp_path: Path) -> None:
    assert unpack(DAMAGE[name](pack(site(1)), tmp_path / "site.zip"), TARGETS) is None


def test_files_of_the_edition_in_force_are_kept_and_no_others(tmp_path: Path) -> None:
    origin, billie, _ = two_of_three(tmp_path)
    for number in (2, 3):
        signed_by(origin, billie, number)
        assert contents(origin.repository.signed_files(number)) == contents(site(number))
        assert (len(kept(origin)), origin.repository.signed_files(number + 1)) == (1, None)
    assert not [path for path in origin.served() if path.endswith(".zip")]


def test_files_that_wait_are_kept_beside_those_in_force(tmp_path: Path) -> None:
    origin, billie, _ = two_of_three(tmp_path)
    origin.publish(1, fr__programme__index="made by another program")
    assert contents(origin.repository.signed_files(1)) == contents(site(1))
    billie.sign(origin)
    after = site(1, fr__programme__index="made by another program")
    assert contents(origin.repository.signed_files(1)) == contents(after)
    assert kept(origin) == ["3.site.zip"]


def test_files_are_kept_where_they_are_signed_anew_as_they_are(tmp_path: Path) -> None:
    origin, _, camille = two_of_three(tmp_path)
    origin.repository.change_keys(revocation("Billie"))
    camille.sign(origin, "root")
    assert camille.sign(origin).next is None
    assert (contents(origin.repository.signed_files(1)), kept(origin)) == (contents(site(1)), ["3.site.zip"])


def test_no_file_is_kept_where_one_holder_signs(tmp_path: Path) -> None:
    origin = Origin(tmp_path).begin()
    for number in (1, 2):
        origin.publish(number)
        assert (kept(origin), origin.repository.signed_files(number)) == ([], None)


def test_files_are_kept_as_soon_as_several_holders_are_to_sign(tmp_path: Path) -> None:
    origin = Origin(tmp_path).begin()
    origin.publish(1)
    origin.repository.change_keys(enrolment(Holder(tmp_path / "billie", "Billie").key()))
    origin.publish(1)
    assert kept(origin) == []
    origin.repository.change_keys(new_threshold(2))
    origin.publish(1)
    assert contents(origin.repository.signed_files(1)) == contents(site(1))


def test_files_that_are_not_there_are_kept_when_they_are_offered_again(tmp_path: Path) -> None:
    origin, _, _ = two_of_three(tmp_path)
    (name,) = kept(origin)
    (origin.data / "tuf" / name).unlink()
    assert origin.repository.signed_files(1) is None
    origin.publish(1)
    assert contents(origin.repository.signed_files(1)) == contents(site(1))


@pytest.mark.slow
@pytest.mark.parametrize("how", ["killed", "full"])
def test_origin_that_is_struck_at_any_write_keeps_what_is_in_force(tmp_path: Path, how: str) -> None:
    two_of_three(tmp_path / "origins")
    (tmp_path / "work").mkdir()
    program = [sys.executable, "-m", "tests.fakes.interrupted_origin", "origins", "work", how]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(program, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) > 10
    assert {tuple(line["after"]) for line in lines} == {(1, True), (2, True)}
    assert {tuple(line["last"]) for line in lines} == {(2, True)}
    assert lines[-1]["status"] == 0
