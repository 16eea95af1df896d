"""A release: the same bytes wherever and whenever it is made of a commit, and of nothing but that commit."""

import os
import shutil
import subprocess
import tarfile
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest

from portal import __version__
from tests.checkout import ROOT
from tests.factories.make import LOCKS, give_environment, make
from tests.programs import require

FOLDERS: Final = ("portal", "onion", "templates", "events")
FILES: Final = ("Makefile", "pyproject.toml", "README.md", "LICENSE", "torrc.example", ".gitignore", *LOCKS)
AUTHOR: Final = ("-c", "user.name=Ada", "-c", "user.email=ada@localhost")
WHEEL: Final = f"anonymous_event_portal-{__version__}-py3-none-any.whl"
SOURCE: Final = f"anonymous_event_portal-{__version__}.tar.gz"
NOON: Final = 1_796_000_000
"""Time of the commit, in seconds since 1970; an even number, as a zip archive has no others."""


def git(folder: Path, *words: str) -> None:
    """Run git in `folder`, at noon."""
    moment = {name: f"{NOON} +0000" for name in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE")}
    subprocess.run(["git", *AUTHOR, *words], cwd=folder, env=os.environ | moment, check=True, capture_output=True)


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a repository whose only commit is this checkout."""
    require("git", "make")
    folder = tmp_path_factory.mktemp("committed")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy2(ROOT / name, folder)
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "Begin")
    return folder


def released(committed: Path, folder: Path, umask: int) -> Path:
    """Make a release in a clone, as somebody with that `umask`; return its folder `dist`."""
    git(folder.parent, "clone", "--quiet", str(committed), str(folder))
    give_environment(folder)
    done = make(folder, "release", umask=umask)
    assert done.returncode == 0, done.stderr
    assert done.stdout == (folder / "dist" / "SHA256SUMS").read_text()
    return folder / "dist"


def test_two_releases_of_a_commit_are_the_same_bytes(committed: Path, tmp_path: Path) -> None:
    first = released(committed, tmp_path / "first", umask=0o022)
    shutil.rmtree(tmp_path / "first" / ".venv")
    (tmp_path / "second" / "another" / "place").mkdir(parents=True)
    second = released(committed, tmp_path / "second" / "another" / "place" / "clone", umask=0o077)
    assert sums_of(first) == sums_of(second)
    assert set(sums_of(first)) == {WHEEL, SOURCE}


def sums_of(dist: Path) -> dict[str, str]:
    """Return the sums of the files in `dist` by their names, and compare them with SHA256SUMS."""
    sums = {path.name: sha256(path.read_bytes()).hexdigest() for path in dist.iterdir() if path.name != "SHA256SUMS"}
    listed = [line.split() for line in (dist / "SHA256SUMS").read_text().splitlines()]
    assert {name: sum for sum, name in listed} == sums
    return sums


def test_release_is_dated_and_made_of_the_commit_alone(committed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(committed), str(folder))
    (folder / "portal" / "leftover.py").write_text("SECRET = 1\n")
    (folder / "portal" / "__init__.py").write_text("broken")
    give_environment(folder)
    assert make(folder, "release").returncode == 0
    with tarfile.open(folder / "dist" / SOURCE) as source, zipfile.ZipFile(folder / "dist" / WHEEL) as wheel:
        members = source.getmembers()
        assert {member.mtime for member in members} == {NOON}
        assert {member.mode for member in members} <= {0o644, 0o755}
        assert [name for name in (*source.getnames(), *wheel.namelist()) if "leftover" in name or ".venv" in name] == []
        assert wheel.read("portal/__init__.py") == (ROOT / "portal" / "__init__.py").read_bytes()
