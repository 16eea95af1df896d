"""`portal check` on a file with very many faults."""

from pathlib import Path

import pytest

from portal.cli.main import run_command
from portal.domain.limits import FAULTS_LISTED
from tests.factories.origin_process import CHEAP


def test_check_says_the_first_faults_and_how_many_more_there_are(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "ours.toml"
    file.write_text("[event]\n" + "".join(f"x{number} = 1\n" for number in range(200)))
    assert run_command(["check", str(file)], CHEAP) == 2
    lines = capsys.readouterr().err.splitlines()
    named = [line.split(": ")[:3] for line in lines]
    assert named[:FAULTS_LISTED] == [[f"{file}:{number + 2}", "event", f"x{number}"] for number in range(FAULTS_LISTED)]
    needed = 14  # what the event, and the file, has not
    assert lines[FAULTS_LISTED:] == [f"{file}: other problems that are not listed: {200 + needed - FAULTS_LISTED}"]
