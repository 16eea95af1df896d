"""`portal init`: the sample or an event of one's own, its seats, and a passphrase that is shown once."""

import json
import re
from pathlib import Path
from typing import Final

import pytest

from portal.cli.main import run_command
from portal.domain.event.event_file import read_event
from portal.domain.language import Text
from tests.factories.commands import errors_of, holding, output_of
from tests.factories.origin_process import CHEAP, sample_ahead


def test_init_sets_up_the_sample_and_shows_the_passphrase_once(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    assert run_command(["init"], CHEAP) == 0
    found = re.fullmatch(
        "“onestla.tech conference” is set up in the folder data.\n"
        r"Seats: 500\. The organisers can change that, and reserve some for invitations\.\n"
        r"The passphrase of the organiser “organisation”:\n\n    (\w+(?: \w+){5})\n\n"
        r"Write it down now: it is not shown again\.\n",
        output_of(capsys),
    )
    assert found is not None
    assert [path for path, content in holding(folder).items() if found[1].encode() in content] == []


def test_init_never_touches_a_portal_that_is_there(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    run_command(["init"], CHEAP)
    before = holding(folder)
    capsys.readouterr()
    assert run_command(["init"], CHEAP) == 2
    assert errors_of(capsys) == "portal: data already contains an event; it was left untouched.\n"
    assert run_command(["init", "--if-missing"], CHEAP) == 0
    assert output_of(capsys) == ""
    assert holding(folder) == before


def test_init_takes_an_event_of_ones_own(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "ours.toml").write_text(sample_ahead().replace("onestla.tech conference", "Day of the commons"))
    assert run_command(["init", "--event", "ours.toml", "--data", "here", "--organiser", " Camille  D. "], CHEAP) == 0
    lines = output_of(capsys).splitlines()
    assert lines[0] == "“Day of the commons” is set up in the folder here."
    assert lines[2] == "The passphrase of the organiser “Camille D.”:"


SEATS: Final[dict[str, tuple[list[str], str, int | None]]] = {
    "a number": (
        ["--capacity", "40"],
        "Seats: 40. The organisers can change that, and reserve some for invitations.",
        40,
    ),
    "no limit": (
        ["--no-limit"],
        "There is no limit to the seats: a patient program can register without end. The organisers can set one.",
        None,
    ),
}


@pytest.mark.parametrize(("options", "words", "capacity"), SEATS.values(), ids=SEATS.keys())
def test_init_takes_a_number_of_seats_or_says_what_it_means_to_have_none(
    options: list[str], words: str, capacity: int | None, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    assert run_command(["init", *options], CHEAP) == 0
    assert output_of(capsys).splitlines()[1] == words
    kept = json.loads((folder / "data" / "registrations.json").read_bytes())["tables"]["policy"]
    assert {name: rules["capacity"] for name, rules in kept.items()} == {"at first": capacity}


def test_init_refuses_a_number_of_seats_beside_no_limit(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert run_command(["init", "--capacity", "40", "--no-limit"], CHEAP) == 2
    assert errors_of(capsys).startswith("portal: the value of --capacity --no-limit is not valid.")
    assert holding(folder) == {}


def test_init_refuses_more_seats_than_an_event_can_have(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert run_command(["init", "--capacity", "100001"], CHEAP) == 2
    assert errors_of(capsys).startswith("portal: the value of --capacity is not valid.")
    assert holding(folder) == {}


def test_init_makes_an_empty_event_of_a_name(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert run_command(["init", "--new", "Nuit du code"], CHEAP | {"LC_ALL": "fr_FR.UTF-8"}) == 0
    assert "« Nuit du code »" in output_of(capsys).replace("\N{NO-BREAK SPACE}", " ")
    assert run_command(["draft", "export"], CHEAP) == 0
    event = read_event(output_of(capsys).encode(), "draft.toml")
    assert (event.name, event.languages, event.sessions) == (Text("Nuit du code"), ("fr",), ())


def test_init_takes_a_file_or_a_name_not_both(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert run_command(["init", "--new", "Nuit", "--event", "ours.toml"], CHEAP) == 2
    assert "--event --new" in errors_of(capsys)
    assert list(folder.iterdir()) == []
