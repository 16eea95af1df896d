"""The change that CONTRIBUTING.md walks through can be made as it says, and its hook guards the style."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.checkout import ROOT
from tests.factories.make import LOCKS, give_environment, make
from tests.programs import require

FOLDERS: Final = ("portal", "onion", "templates", "events", "tests", "bench")
DIFF: Final = re.compile(r"^```diff\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WORDS: Final = re.compile(r"<<'END'\n(.*?)\nEND\n", re.DOTALL)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Copy this checkout into a folder that may be changed."""
    require("git")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def run(folder: Path, *words: str, typed: str = "") -> tuple[int, str]:
    """Run a program in `folder`; return its status and its output."""
    done = subprocess.run(words, cwd=folder, input=typed, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_change_that_is_walked_through_works(checkout: Path) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    test, *code = DIFF.findall(text)
    (checkout / "words.json").write_text(WORDS.findall(text)[0])
    pytest_run = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    example = (*pytest_run, "tests/site/test_session_length.py")
    assert run(checkout, "git", "apply", typed=test) == (0, "")
    status, output = run(checkout, *example)
    assert status == 1
    assert "KeyError: 'Durée'" in output
    assert run(checkout, "git", "apply", typed="".join(code)) == (0, "")
    translate = (sys.executable, "-m", "tests.messages", "words.json")
    assert run(checkout, *translate) == (0, "0 without a translation\n")
    assert json.loads((checkout / "words.json").read_text())["Length"] == {"fr": "Durée", "es": "Duración"}
    status, output = run(checkout, *example, "tests/test_messages.py", "tests/site/test_programme.py")
    assert status == 0, output


def test_hook_refuses_a_commit_without_style(checkout: Path) -> None:
    require("make")
    shutil.copytree(ROOT / ".githooks", checkout / ".githooks")
    for name in ("Makefile", ".gitignore", *LOCKS):
        shutil.copy(ROOT / name, checkout)
    give_environment(checkout)
    assert run(checkout, "git", "init", "--quiet") == (0, "")
    assert make(checkout, "hooks").returncode == 0
    commit = ("git", "-c", "user.name=Ada", "-c", "user.email=ada@localhost", "commit", "--quiet", "--message", "Begin")
    added = checkout / "portal" / "added.py"
    added.write_text('"""A number."""\n\nNUMBER =  7\n')
    run(checkout, "git", "add", "--all")
    status, output = run(checkout, *commit)
    assert status == 1
    assert output.splitlines()[-1] == "Type make format.", output
    added.write_text('"""A number."""\n\nNUMBER = 7\n')
    run(checkout, "git", "add", "--all")
    assert run(checkout, *commit) == (0, "")
