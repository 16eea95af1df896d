"""A test that needs an absent program is skipped and named in one closing line; in CI it fails."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.checkout import ROOT
from tests.programs import PACKAGES, closing_line

CONFTEST: Final = "from tests.conftest import *\n"
TESTS: Final = """
import pytest
from tests.programs import require

@pytest.fixture
def network():
    require("tor", "tor-gencert")

def test_needs_a_network(network): ...
def test_needs_a_browser(): require("chromium")
def test_needs_nothing(): ...
"""
LINE: Final = "Skipped for want of chromium, tor, tor-gencert; to run those too: apt-get install chromium tor"


def run_without_programs(folder: Path, *arguments: str, ci: str = "") -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_some.py").write_text(TESTS)
    (folder / "bin").mkdir()
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", folder, *arguments, folder],
        env=os.environ | {"PATH": str(folder / "bin"), "PYTHONPATH": str(ROOT), "CI": ci},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


WORKERS: Final[dict[str, list[str]]] = {"this process": [], "two workers": ["-n", "2"]}


@pytest.mark.parametrize("arguments", WORKERS.values(), ids=WORKERS.keys())
def test_absent_programs_are_named_in_the_last_line(tmp_path: Path, arguments: list[str]) -> None:
    run = run_without_programs(tmp_path, *arguments)
    assert run.returncode == 0, run.stdout
    assert run.stdout.splitlines()[-2].startswith("1 passed, 2 skipped")
    assert run.stdout.splitlines()[-1] == LINE


def test_absent_programs_fail_their_tests_in_ci(tmp_path: Path) -> None:
    run = run_without_programs(tmp_path, ci="true")
    assert run.returncode == 1, run.stdout
    assert "1 passed" in run.stdout
    assert "skipped," not in run.stdout


def test_closing_line_goes_to_the_file_that_is_asked_for(tmp_path: Path) -> None:
    run = run_without_programs(tmp_path, "--closing-line", str(tmp_path / "line"))
    assert LINE not in run.stdout
    assert (tmp_path / "line").read_text(encoding="utf-8") == f"{LINE}\n"


def test_no_line_closes_a_run_that_missed_nothing() -> None:
    assert closing_line(set()) == ""


def test_unknown_program_is_refused_so_that_it_gets_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(KeyError, match="kazoo"):
        closing_line({"kazoo"})


def test_ci_installs_the_packages_that_the_closing_line_names() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    listed = re.search(r"^programs=\((.*)\)$", script, re.MULTILINE)
    assert listed is not None
    assert listed[1].split() == sorted(set(PACKAGES.values()))
