"""The draft as a file in the terminal: shown, and replaced."""

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.cli.main import run_command
from portal.domain.event.event_file import read_event
from portal.storage.embedded.store import open_store
from tests.factories.commands import SAMPLE, errors_of, holding, output_of
from tests.factories.origin_process import CHEAP, sample_ahead
from tests.factories.programmes import event_of_json, schedule_of_json


def test_draft_is_shown_as_the_file_that_check_reads(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    run_command(["init"], CHEAP)
    capsys.readouterr()
    assert run_command(["draft", "export"], CHEAP) == 0
    shown = read_event(output_of(capsys).encode(), "draft.toml")
    assert replace(shown, uid=None) == read_event(SAMPLE.read_bytes(), "sample.toml")


def test_draft_is_replaced_by_a_file_and_told_what_changed(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "ours.toml").write_text(sample_ahead())
    run_command(["init", "--event", "ours.toml"], CHEAP)
    (folder / "ours.toml").write_text(sample_ahead().replace("onestla.tech conference", "Day of the commons"))
    capsys.readouterr()
    assert run_command(["draft", "import", "ours.toml", "--yes"], CHEAP) == 0
    assert output_of(capsys) == (
        "The name of the event, in English: “onestla.tech conference” becomes “Day of the commons”.\n"
        "Unpublished changes of the draft that are lost: 0\n"
        "The draft is now that of ours.toml; nobody sees it before you publish it.\n"
    )
    assert run_command(["draft", "export"], CHEAP) == 0
    assert "Day of the commons" in output_of(capsys)
    assert "dans le terminal" in "".join(path.read_text() for path in (folder / "data").glob("*.json"))


def test_draft_stays_where_a_file_has_faults(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    run_command(["init"], CHEAP)
    (folder / "ours.toml").write_text("[event]\nname = 3\n")
    before = holding(folder)
    capsys.readouterr()
    assert run_command(["draft", "import", "ours.toml"], CHEAP) == 2
    assert "ours.toml:2: event: name: " in errors_of(capsys)
    assert holding(folder) == before


def test_programme_is_merged_into_the_draft_and_told_what_it_adds_and_loses(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    (folder / "ours.toml").write_text(sample_ahead())
    run_command(["init", "--event", "ours.toml"], CHEAP)
    (folder / "schedule.json").write_bytes(schedule_of_json(event_of_json()))
    capsys.readouterr()
    assert run_command(["draft", "import", "schedule.json", "--yes"], CHEAP) == 0
    lines = output_of(capsys).splitlines()
    assert lines[:3] == [
        "Sessions that it adds: 1; changes: 0; leaves as they are: 0.",
        "Addresses for feedback: 1 (Alpha amet)",
        "Addresses of the sessions’ pages in the other program: 1 (Alpha amet)",
    ]
    assert lines[-1] == "The draft has the programme of schedule.json; nobody sees it before you publish it."
    capsys.readouterr()
    assert run_command(["draft", "import", "schedule.json"], CHEAP) == 0
    assert output_of(capsys).splitlines()[0] == "Sessions that it adds: 0; changes: 0; leaves as they are: 1."


def test_programme_is_not_imported_unless_confirmed(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    run_command(["init"], CHEAP)
    (folder / "schedule.json").write_bytes(schedule_of_json(event_of_json()))
    before = holding(folder)
    capsys.readouterr()
    assert run_command(["draft", "import", "schedule.json"], CHEAP) == 2
    assert "Not confirmed: nothing was changed." in capsys.readouterr().err
    assert holding(folder) == before


def test_language_that_the_event_has_not_is_refused(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    run_command(["init"], CHEAP)
    (folder / "schedule.json").write_bytes(schedule_of_json(event_of_json()))
    capsys.readouterr()
    assert run_command(["draft", "import", "schedule.json", "--language", "de", "--yes"], CHEAP) == 2
    assert "The event has no language “de”. Its languages: fr, en." in errors_of(capsys)


def test_fault_of_a_programme_is_told_with_its_place(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    run_command(["init"], CHEAP)
    (folder / "a.csv").write_text("title,date,start\nAlpha,2027-06-12,noon\n")
    capsys.readouterr()
    assert run_command(["draft", "import", "a.csv", "--yes"], CHEAP) == 2
    assert "a.csv: Alpha: start: line 2: “noon” cannot be read" in errors_of(capsys)


async def registered(data: Path) -> None:
    """Somebody registers."""
    store = await open_store(data)
    await store.register("a" * 64, "", "$argon2id$", datetime.now(UTC))
    await store.close()


def test_draft_that_would_bring_the_erasure_nearer_says_how_many_it_erases(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    (folder / "ours.toml").write_text(sample_ahead())
    run_command(["init", "--event", "ours.toml"], CHEAP)
    asyncio.run(registered(folder / "data"))
    (folder / "ours.toml").write_text(SAMPLE.read_text().replace("2026-12-15", "2025-12-15"))
    capsys.readouterr()
    assert run_command(["draft", "import", "--past", "--yes", "ours.toml"], CHEAP) == 0
    assert re.fullmatch(
        r"Publishing it would erase registrations for good, from \d{4}-\d\d-\d\d \d\d:\d\d on: 1\. "
        r"The page asks you to confirm that\.",
        output_of(capsys).splitlines()[-2],
    )
