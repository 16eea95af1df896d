"""The commands of the Makefile, as a newcomer types them, with their output and their demands on the machine."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.checkout import ROOT
from tests.factories.make import LOCKS, environment_of, give_environment, make
from tests.factories.origin_process import CHEAP, is_spinner_line
from tests.programs import require

SOURCES: Final = ("Makefile", "portal", "onion", "templates", "events", "pyproject.toml")
PASSPHRASE: Final = re.compile(r"    \w+( \w+){5}")
QUIET: Final = {**CHEAP, "PORTAL_PORT": "0", "PORTAL_ONION": "off", "PYTHONPATH": ""}


@pytest.fixture(autouse=True)
def make_is_there() -> None:
    """There is nothing to try without it."""
    require("make")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Link this code into a folder of its own, whose .venv is the environment that runs the tests."""
    for name in (*SOURCES, *LOCKS):
        (tmp_path / name).symlink_to(ROOT / name)
    give_environment(tmp_path)
    return tmp_path


@contextmanager
def make_run(folder: Path) -> Iterator[list[str]]:
    """Yield the lines of `make run` until the portal answers; then send a Ctrl-C, as in a terminal."""
    with subprocess.Popen(
        ["make", "run"],
        cwd=folder,
        env=environment_of(QUIET),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        lines = []
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if not is_spinner_line(line):
                    lines.append(line.rstrip("\n"))
                if line.startswith("Onion"):
                    break
            yield lines
        finally:
            os.killpg(process.pid, signal.SIGINT)


def test_help_lists_every_command(tmp_path: Path) -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony is not None
    lines = make(ROOT).stdout.splitlines()
    assert [line.split()[1] for line in lines] == phony[1].split()
    assert [line for line in lines if not re.fullmatch(r"  make [a-z]+ +\w.*", line)] == []


def test_run_sets_up_the_first_time_and_serves(checkout: Path) -> None:
    with make_run(checkout) as lines:
        assert lines[0] == "“onestla.tech conference” is set up in the folder data."
        assert lines[1] == "Seats: 500. The organisers can change that, and reserve some for invitations."
        assert lines[2:4] == ["The passphrase of the organiser “organisation”:", ""]
        assert PASSPHRASE.fullmatch(lines[4])
        assert lines[5:7] == ["", "Write it down now: it is not shown again."]
        assert [line.partition(" ")[0] for line in lines[7:]] == ["Serving", "Look", "Onion:"]
    with make_run(checkout) as lines:
        assert [line.partition(" ")[0] for line in lines] == ["Serving", "Look", "Onion:"]


def test_install_sets_up_nothing(checkout: Path) -> None:
    before = set(checkout.iterdir())
    done = make(checkout, "install")
    assert (done.returncode, done.stdout) == (
        0,
        "The portal is installed. Type: .venv/bin/python -m portal --help\n",
    )
    assert set(checkout.iterdir()) == before


def test_nothing_is_installed_again_while_the_locks_stay(checkout: Path) -> None:
    dry = make(checkout, "--dry-run", "run", "test", "lint")
    assert dry.returncode == 0
    assert "pip install" not in dry.stdout


SOME_TESTS: Final = """
import pytest

def test_seat(): ...
def test_table(): ...
@pytest.mark.slow
def test_room(): assert False
"""
RUNS: Final[dict[str, tuple[list[str], int, str]]] = {
    "all of them, which fail and are too few for the coverage": (["test"], 2, "1 failed, 2 passed"),
    "some of them": (["test", "ARGS=-k seat"], 0, "1 passed"),
    "those of the fast ones": (["--assume-old=lint", "check", "ARGS=-k 'seat or room'"], 0, "1 passed"),
}


@pytest.mark.parametrize(("words", "status", "outcome"), RUNS.values(), ids=RUNS.keys())
def test_run_of_tests_ends_well_when_those_that_were_chosen_pass(
    checkout: Path, words: list[str], status: int, outcome: str
) -> None:
    (checkout / "tests" / "tornet").mkdir(parents=True)
    for pattern in ("conftest.py", "programs.py", "scheduling.py", "tornet/[!t]*.py"):
        for path in (ROOT / "tests").glob(pattern):
            (checkout / path.relative_to(ROOT)).symlink_to(path)
    (checkout / "tests" / "test_some.py").write_text(SOME_TESTS)
    done = make(checkout, *words)
    assert (done.returncode, re.findall(r"\d+ failed, \d+ passed|\d+ passed", done.stdout)) == (status, [outcome]), done


CHANGES: dict[str, tuple[str, list[str]]] = {
    "the lock of the portal": ("requirements.lock", ["requirements.lock"]),
    "the lock of the tools": ("requirements-dev.lock", ["requirements-dev.lock"]),
    "the lock of what builds": ("requirements-build.lock", list(LOCKS)),
}


@pytest.mark.parametrize(("lock", "installed"), CHANGES.values(), ids=CHANGES.keys())
def test_lock_that_changed_is_installed(checkout: Path, lock: str, installed: list[str]) -> None:
    content = (ROOT / lock).read_bytes()
    (checkout / lock).unlink()
    (checkout / lock).write_bytes(content)
    later = (checkout / ".venv" / "tools").stat().st_mtime + 10
    os.utime(checkout / lock, (later, later))
    dry = make(checkout, "--dry-run", "run", "test")
    assert re.findall(r"pip install .*--requirement (\S+)", dry.stdout.replace(";", " ")) == installed


def test_environment_whose_python_has_gone_is_made_anew(checkout: Path) -> None:
    (checkout / ".venv" / "bin" / "python").unlink()
    assert "rm -rf .venv" in make(checkout, "--dry-run", "run").stdout


PYTHONS: dict[str, tuple[str, str]] = {
    "no Python at all": (
        "",
        "The portal needs Python 3.11 or newer. On Debian 12 or later: apt-get install python3 python3-venv",
    ),
    "a Python that is too old": (
        "exit 1",
        "The portal needs Python 3.11 or newer. On Debian 12 or later: apt-get install python3 python3-venv",
    ),
    "a Python without its module venv": (
        'case "$2" in *ensurepip*) exit 1;; esac',
        "python3 cannot make a virtual environment. On Debian: apt-get install python3-venv",
    ),
}


@pytest.mark.parametrize(("script", "sentence"), PYTHONS.values(), ids=PYTHONS.keys())
def test_unfit_python_is_refused_with_the_line_that_installs_a_fit_one(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory, script: str, sentence: str
) -> None:
    shutil.rmtree(checkout / ".venv")
    programs = tmp_path_factory.mktemp("bin")
    for name in ("rm", "touch"):
        (programs / name).symlink_to(shutil.which(name) or name)
    if script:
        (programs / "python3").write_text(f"#!/bin/sh\n{script}\n")
        (programs / "python3").chmod(0o755)
    done = make(checkout, "run", path=str(programs))
    assert done.returncode != 0
    assert done.stderr.splitlines()[0] == sentence
