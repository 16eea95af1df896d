"""`portal check` on a file with very many faults, and on one with warnings."""

from pathlib import Path

import pytest

from portal.cli.main import run_command
from portal.domain.limits import FAULTS_LISTED
from tests.factories.event_file import on_days, session
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


def test_check_prints_the_warnings_of_a_valid_event(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    night = ("2126-10-27", "01:00", "06:00")
    file.write_bytes(on_days(night, sessions=session("veille", "02:30-03:30") + session("suite", "03:30-04:00", "")))
    assert run_command(["check", str(file)], CHEAP) == 0
    first, count, *warnings = capsys.readouterr().out.splitlines()
    assert first == f"{file} is valid: “Small”. Sessions: 2."
    assert count == f"Warnings, which keep nothing from being published: {len(warnings)}"
    assert [line.removeprefix(f"{file}:") for line in warnings if "sessions[" in line][:2] == [
        "53: sessions[1] (veille): start: the clocks show 02:30 twice on 2126-10-27, as they go back; "
        "the first time is meant",
        "57: sessions[2] (suite): room: it has no room",
    ]
