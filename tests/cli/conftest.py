"""The folder of each test of a command."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Enter a folder of the test's own, in which it types its commands."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
