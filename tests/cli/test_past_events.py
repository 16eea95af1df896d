"""An event that is over, in the terminal: refused wherever an event file is read, unless it is asked for."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from portal.cli.main import run_command
from tests.factories.commands import SAMPLE, errors_of, holding
from tests.factories.origin_process import CHEAP


def over(folder: Path) -> str:
    """Return the name of a file of an event that is over."""
    (folder / "over.toml").write_text(SAMPLE.read_text().replace('day = "2026-12-15"', 'day = "2025-12-15"'))
    return "over.toml"


OF_AN_EVENT_FILE: Final = (["check"], ["init", "--event"], ["draft", "import"])


@pytest.mark.parametrize("command", OF_AN_EVENT_FILE, ids=" ".join)
def test_event_that_is_over_is_taken_with_past_alone(
    capsys: pytest.CaptureFixture[str], folder: Path, command: list[str]
) -> None:
    if command[0] == "draft":
        run_command(["init"], CHEAP)
    typed = [*command, over(folder)]
    before = holding(folder)
    capsys.readouterr()
    assert run_command(typed, CHEAP) == 2
    assert errors_of(capsys) == "over.toml:22: event: day: this day is over; if it is the right one, add --past\n"
    assert holding(folder) == before
    assert run_command([*typed, "--past", *(["--yes"] if command[0] == "draft" else [])], CHEAP) == 0


def test_sample_is_set_up_whatever_the_day(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr("portal.cli.event.now", lambda: datetime(2030, 1, 1, tzinfo=UTC))
    assert run_command(["init"], CHEAP) == 0
