"""The output of a command, and the content of the folder after it."""

from pathlib import Path
from typing import Final

import pytest

from portal.site.bundled import bundled
from tests.factories.origin_process import is_spinner_line

SAMPLE: Final = bundled("events") / "onestla.toml"


def output_of(capsys: pytest.CaptureFixture[str]) -> str:
    """Return what was printed, where nothing was printed as an error."""
    output = capsys.readouterr()
    assert without_spinner(output.err) == ""
    return output.out


def errors_of(capsys: pytest.CaptureFixture[str]) -> str:
    """Return what was printed as an error, where nothing else was printed."""
    output = capsys.readouterr()
    assert output.out == ""
    return without_spinner(output.err)


def without_spinner(printed: str) -> str:
    """Leave out that something takes longer than two seconds, as it does on a busy machine."""
    return "".join(line for line in printed.splitlines(keepends=True) if not is_spinner_line(line))


def holding(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
