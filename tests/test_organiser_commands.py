"""The commands `portal organiser …`: what somebody with a shell does for the organisers while the portal runs."""

import base64
import re
from pathlib import Path

import httpx
import pytest

from onion.client_key import ClientKey
from portal.cli import run_command
from tests.origin_process import CHEAP, serving
from tests.test_cli import refused, said


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every command is typed in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_organiser_is_added_while_the_portal_runs(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    run_command(["init"], CHEAP)
    with serving(folder) as running:
        capsys.readouterr()
        assert run_command(["organiser", "add", "Camille"], CHEAP) == 0
        assert said(capsys).startswith("The passphrase of the organiser “Camille”:\n\n    ")
        assert run_command(["organiser", "add", "Camille"], CHEAP) == 2
        taken = "portal: There is an organiser of the name “Camille” already; nothing was changed.\n"
        assert refused(capsys) == taken
        assert httpx.get(running.url).status_code == 200


def passphrase_said(capsys: pytest.CaptureFixture[str]) -> str:
    found = re.search(r"^    (\w+(?: \w+){5})$", said(capsys), re.MULTILINE)
    assert found is not None
    return found[1]


def test_lost_passphrase_is_given_anew_and_the_last_organiser_stays(capsys: pytest.CaptureFixture[str]) -> None:
    run_command(["init", "--organiser", "Camille"], CHEAP)
    first = passphrase_said(capsys)
    assert run_command(["organiser", "passphrase", " Camille ", "--yes"], CHEAP) == 0
    assert passphrase_said(capsys) != first
    assert run_command(["organiser", "passphrase", "Nobody"], CHEAP) == 2
    assert refused(capsys) == "portal: There is no organiser of the name “Nobody”; nothing was changed.\n"
    assert run_command(["organiser", "remove", "Camille"], CHEAP) == 2
    assert refused(capsys) == (
        "portal: “Camille” is the only organiser and was not removed: nobody could come in any more.\n"
    )


def test_organiser_is_removed_once(capsys: pytest.CaptureFixture[str]) -> None:
    run_command(["init"], CHEAP)
    run_command(["organiser", "add", "Camille"], CHEAP)
    capsys.readouterr()
    assert run_command(["organiser", "remove", "Camille", "--yes"], CHEAP) == 0
    assert said(capsys) == (
        "“Camille” is removed, and their passphrase opens nothing any more.\n"
        "Browsers that are signed out: 0\n"
        "Organisers who are left: 1\n"
        "“Camille” is no organiser any more, and was signed out everywhere.\n"
    )
    assert run_command(["organiser", "remove", "Camille"], CHEAP) == 2
    assert refused(capsys) == "portal: There is no organiser of the name “Camille”; nothing was changed.\n"


def test_onion_key_is_shown_once_and_its_public_part_kept(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    run_command(["init", "--organiser", "Camille"], CHEAP)
    capsys.readouterr()
    assert run_command(["organiser", "onion-key", "Nobody"], CHEAP) == 2
    assert refused(capsys) == "portal: There is no organiser of the name “Nobody”; nothing was changed.\n"
    (folder / "data/keys/organisers-onion.address").write_text("b" * 56 + ".onion\n")
    assert run_command(["organiser", "onion-key", "Camille"], CHEAP) == 0
    found = re.fullmatch(
        "The onion key of “Camille”, which Tor Browser asks for at the address:\n\n    ([A-Z2-7]{52})\n\n"
        f"The address: http://{'b' * 56}.onion/\n"
        r"There is no such onion yet: write organisers_onion = true into portal\.toml\.\n"
        r"It is not shown again\. A key that they had before opens nothing any more, within a minute\.\n",
        said(capsys),
    )
    assert found is not None
    private = base64.b32decode(f"{found[1]}====")
    everything = b"".join(path.read_bytes() for path in (folder / "data").rglob("*") if path.is_file())
    assert (found[1].encode() in everything, ClientKey(private).public.encode() in everything) == (False, True)
