"""The commands `portal organiser …`: what somebody with a shell does for the organisers while the portal runs."""

import asyncio
import base64
import io
import os
import pty
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx
import pytest

from onion.identity.client_key import ClientKey
from portal.cli.main import run_command
from portal.origin.installation import open_installation
from portal.settings import Settings
from tests.factories.commands import errors_of, output_of
from tests.factories.origin_process import CHEAP, CHECKOUT, PORTAL, serving
from tests.factories.tickets import sealed
from tests.waiting import PATIENCE

READS: Final = "With it they can read the pseudonyms of those who register."
READS_LATER: Final = (
    "With it they can do everything but read pseudonyms, until an organiser who can lets them, on the page “Team”."
)
NOBODY_READS: Final = (
    "Nobody can read the pseudonyms that were given until now. On the page “Team”, an organiser can make another key, "
    "for those given from now on."
)
LOSS: Final = (
    "“Camille” is the only organiser who can read the pseudonyms.\n"
    "Registrations whose pseudonym nobody could read any more: 3.\n"
)
NOT_CONFIRMED: Final = "portal: Not confirmed: nothing was changed. Add --yes to confirm without being asked.\n"


def test_organiser_is_added_while_the_portal_runs(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    run_command(["init"], CHEAP)
    with serving(folder) as running:
        capsys.readouterr()
        assert run_command(["organiser", "add", "Camille"], CHEAP) == 0
        added = output_of(capsys)
        assert added.startswith("The passphrase of the organiser “Camille”:\n\n    ")
        assert added.endswith(f"Write it down now: it is not shown again.\n{READS_LATER}\n")
        assert run_command(["organiser", "add", "Camille"], CHEAP) == 2
        taken = "portal: There is already an organiser named “Camille”; nothing was changed.\n"
        assert errors_of(capsys) == taken
        assert httpx.get(running.url, timeout=PATIENCE).status_code == 200


def passphrase_said(capsys: pytest.CaptureFixture[str]) -> str:
    found = re.search(r"^    (\w+(?: \w+){5})$", output_of(capsys), re.MULTILINE)
    assert found is not None
    return found[1]


def test_lost_passphrase_is_given_anew_and_the_last_organiser_stays(capsys: pytest.CaptureFixture[str]) -> None:
    run_command(["init", "--organiser", "Camille"], CHEAP)
    first = passphrase_said(capsys)
    assert run_command(["organiser", "passphrase", " Camille ", "--yes"], CHEAP) == 0
    assert passphrase_said(capsys) != first
    assert run_command(["organiser", "passphrase", "Nobody"], CHEAP) == 2
    assert errors_of(capsys) == "portal: There is no organiser named “Nobody”; nothing was changed.\n"
    assert run_command(["organiser", "remove", "Camille"], CHEAP) == 2
    assert errors_of(capsys) == (
        "portal: “Camille” is the only organiser and was not removed: nobody could sign in any more.\n"
    )


def test_organiser_is_removed_once(capsys: pytest.CaptureFixture[str]) -> None:
    run_command(["init"], CHEAP)
    run_command(["organiser", "add", "Camille"], CHEAP)
    capsys.readouterr()
    assert run_command(["organiser", "remove", "Camille", "--yes"], CHEAP) == 0
    assert output_of(capsys) == (
        "“Camille” will be removed, and their passphrase will no longer work.\n"
        "Browsers that are signed out: 0\n"
        "Organisers who are left: 1\n"
        "“Camille” is no organiser any more, and was signed out everywhere.\n"
    )
    assert run_command(["organiser", "remove", "Camille"], CHEAP) == 2
    assert errors_of(capsys) == "portal: There is no organiser named “Camille”; nothing was changed.\n"


def test_onion_key_is_shown_once_and_its_public_part_kept(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    run_command(["init", "--organiser", "Camille"], CHEAP)
    capsys.readouterr()
    assert run_command(["organiser", "onion-key", "Nobody"], CHEAP) == 2
    assert errors_of(capsys) == "portal: There is no organiser named “Nobody”; nothing was changed.\n"
    (folder / "data/keys/organisers-onion.address").write_text("b" * 56 + ".onion\n")
    assert run_command(["organiser", "onion-key", "Camille"], CHEAP) == 0
    found = re.fullmatch(
        "The onion key of “Camille”, which Tor Browser asks for at the address:\n\n    ([A-Z2-7]{52})\n\n"
        f"The address: http://{'b' * 56}.onion/\n"
        r"There is no such onion yet: write organisers_onion = true into portal\.toml\.\n"
        r"It is not shown again\. Any key that they had before stops working within a minute\.\n",
        output_of(capsys),
    )
    assert found is not None
    private = base64.b32decode(f"{found[1]}====")
    everything = b"".join(path.read_bytes() for path in (folder / "data").rglob("*") if path.is_file())
    assert found[1].encode() not in everything
    assert ClientKey(private).public.encode() in everything


def type_in(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))


def register(folder: Path, number: int = 3) -> None:
    """Keep so many registrations with a pseudonym."""

    async def keep() -> None:
        async with open_installation(Settings(data=folder / "data")) as store:
            for n in range(number):
                await store.register(f"{n:064}", sealed("Ada"), "a hash", datetime(2026, 11, 23, tzinfo=UTC))

    asyncio.run(keep())


def readers(folder: Path) -> tuple[str, ...]:
    async def read() -> tuple[str, ...]:
        async with open_installation(Settings(data=folder / "data")) as store:
            return await store.readers()

    return asyncio.run(read())


def test_organiser_reads_pseudonyms_with_the_passphrase_of_one_who_can(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_command(["init", "--organiser", "Camille"], CHEAP)
    first = passphrase_said(capsys)
    type_in(monkeypatch, "not the passphrase of Camille\n")
    assert run_command(["organiser", "add", "Sacha", "--with", "Camille"], CHEAP) == 2
    assert errors_of(capsys) == ("portal: No organiser has this name with this passphrase. Check both and try again.\n")
    type_in(monkeypatch, f"{first}\n")
    assert run_command(["organiser", "add", "Sacha", "--with", "Camille"], CHEAP) == 0
    added = output_of(capsys)
    assert added.endswith(f"{READS}\n")
    assert first not in added
    assert readers(folder) == ("Camille", "Sacha")
    type_in(monkeypatch, f"{first}\n")
    assert run_command(["organiser", "passphrase", "Sacha", "--with", "Camille", "--yes"], CHEAP) == 0
    assert (output_of(capsys).endswith(f"{READS}\n"), readers(folder)) == (True, ("Camille", "Sacha"))
    assert run_command(["organiser", "passphrase", "Sacha", "--yes"], CHEAP) == 0
    assert (output_of(capsys).endswith(f"{READS_LATER}\n"), readers(folder)) == (True, ("Camille",))


def test_organiser_who_cannot_read_pseudonyms_gives_the_key_to_nobody(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_command(["init", "--organiser", "Camille"], CHEAP)
    capsys.readouterr()
    run_command(["organiser", "add", "Sacha"], CHEAP)
    second = passphrase_said(capsys)
    type_in(monkeypatch, f"{second}\n")
    assert run_command(["organiser", "add", "Noa", "--with", "Sacha"], CHEAP) == 2
    assert errors_of(capsys) == "portal: “Sacha” cannot read the pseudonyms either. Nothing was changed.\n"
    assert readers(folder) == ("Camille",)


@pytest.mark.parametrize(
    ("command", "after"),
    [(["organiser", "passphrase", "Camille"], ("Camille",)), (["organiser", "remove", "Camille"], ())],
    ids=["reset", "removed"],
)
def test_what_makes_pseudonyms_unreadable_says_how_many_and_asks(
    capsys: pytest.CaptureFixture[str],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
    after: tuple[str, ...],
) -> None:
    run_command(["init", "--organiser", "Camille"], CHEAP)
    run_command(["organiser", "add", "Sacha"], CHEAP)
    register(folder)
    before = (folder / "data/organisers.json").read_bytes()
    capsys.readouterr()
    type_in(monkeypatch, "yes\n")  # nobody is there to agree
    assert run_command(command, CHEAP) == 2
    output = capsys.readouterr()
    assert LOSS in output.out
    assert output.err == NOT_CONFIRMED
    assert (folder / "data/organisers.json").read_bytes() == before
    assert run_command([*command, "--yes"], CHEAP) == 0
    assert output_of(capsys).endswith(f"{READS if after else NOBODY_READS}\n")
    assert readers(folder) == after


def test_passphrase_of_another_is_not_seen_when_it_is_typed(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    run_command(["init", "--organiser", "Camille"], CHEAP)
    first = passphrase_said(capsys)
    child, terminal = pty.fork()
    if child == 0:
        command = [*PORTAL, "organiser", "add", "Sacha", "--with", "Camille"]
        os.execve(sys.executable, command, {**os.environ, **CHECKOUT})
    seen = b""
    while not seen.endswith("Passphrase of “Camille”: ".encode()):
        seen += os.read(terminal, 1024)
    os.write(terminal, f"{first}\n".encode())
    while chunk := _read(terminal):
        seen += chunk
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert first.encode() not in seen
    assert READS.encode() in seen
    assert readers(folder) == ("Camille", "Sacha")


def _read(terminal: int) -> bytes:
    """Return what the program writes, b"" once it has ended: the kernel calls that a fault."""
    try:
        return os.read(terminal, 1024)
    except OSError:
        return b""
