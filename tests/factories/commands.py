"""What a command prints, and what a folder has after it."""

from pathlib import Path
from typing import Final

import pytest

from portal.site.bundled import bundled

SAMPLE: Final = bundled("events") / "onestla.toml"


def said(capsys: pytest.CaptureFixture[str]) -> str:
    output = capsys.readouterr()
    assert output.err == ""
    return output.out


def page_errors(capsys: pytest.CaptureFixture[str]) -> str:
    output = capsys.readouterr()
    assert output.out == ""
    return output.err


def holding(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
