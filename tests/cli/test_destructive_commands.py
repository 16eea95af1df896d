"""Every command that destroys something says what is lost, in numbers, and asks once; the table is of all commands."""

import asyncio
import os
import pty
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from typer.main import get_command

from portal.cli.main import program, run_command
from portal.cli.terminal import Terminal
from portal.domain.language import Text
from portal.domain.organisers.organiser import SetUpCode, SignIn
from portal.mirror.client.metadata import PREFIX
from portal.mirror.signing.repository import Repository
from portal.origin.installation import now
from portal.site.event_toml import event_toml
from portal.storage.embedded.store import open_store
from tests.factories.origin import Holder
from tests.factories.origin_process import CHEAP

HARMLESS: Final = {
    "init": "it never touches a portal that is there",
    "serve": "it destroys what the organisers agreed to in the event's file, and says when",
    "export": "it writes over nothing but an earlier copy",
    "check": "it writes nothing",
    "limits": "it writes nothing",
    "verify": "it writes nothing",
    "sign": "it adds a signature, and asks",
    "mirror": "it writes over nothing but an earlier edition of the same copy",
    "push": "it writes nothing here",
    "draft export": "it writes nothing",
    "organiser add": "it never touches an organiser who is there",
    "onion status": "it writes nothing",
    "onion torrc": "it writes nothing",
    "onion card": "it writes nothing",
    "key list": "it writes nothing",
    "key new": "it never touches a key that is there",
}


@dataclass(frozen=True)
class Destructive:
    """A command with its `arguments`, and what it says is `lost`."""

    arguments: tuple[str, ...]
    lost: tuple[str, ...]


SIGNATURE: Final = "Signatures on the change that waits, which have to be given again: 1 (Billie)\n"
DESTRUCTIVE: Final = {
    "draft import": Destructive(
        ("ours.toml",),
        (
            "Unpublished changes of the draft that are lost: 1\n",
            "” becomes “Unpublished”.\n",
        ),
    ),
    "organiser passphrase": Destructive(
        ("Alix",), ("The passphrase of “Alix” will no longer work.\n", "Browsers that are signed out: 2\n")
    ),
    "organiser remove": Destructive(
        ("Alix",),
        (
            "“Alix” will be removed, and their passphrase will no longer work.\n",
            "Browsers that are signed out: 2\n",
            "The onion key of “Alix” stops working within a minute.\n",
            "Set-up codes that are withdrawn with them: Noa.\n",
            "Organisers who are left: 1\n",
        ),
    ),
    "organiser onion-key": Destructive(("Alix",), ("The onion key of “Alix” stops working within a minute.\n",)),
    "key enrol": Destructive(("new.pub",), (SIGNATURE,)),
    "key threshold": Destructive(("2",), (SIGNATURE,)),
    "key revoke": Destructive(
        ("Camille",), (" of “Camille” no longer signs. Key holders who are left: 3\n", SIGNATURE)
    ),
    "key replace": Destructive(
        ("Camille", "new.pub"), (" of “Camille” no longer signs: the new one replaces it.\n", SIGNATURE)
    ),
    "key portal": Destructive(
        (),
        (
            "The current key of the portal is no longer trusted, once the holders have signed the change.\n",
            SIGNATURE,
        ),
    ),
}


def commands_below(group: object, words: str = "") -> dict[str, list[str]]:
    """Return each command of a group, and of the groups in it, with the options that it takes."""
    found = dict[str, list[str]]()
    for name, command in getattr(group, "commands", {}).items():
        below = commands_below(command, f"{words}{name} ")
        found |= below or {f"{words}{name}": [option for param in command.params for option in param.opts]}
    return found


def test_every_command_is_in_one_of_the_tables() -> None:
    commands = commands_below(get_command(program(Terminal("en", {}))))
    assert sorted([*HARMLESS, *DESTRUCTIVE]) == sorted(commands)
    assert sorted(name for name, options in commands.items() if "--yes" in options) == sorted(DESTRUCTIVE)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """Make a folder with a portal that has something of everything that a command can destroy."""
    monkeypatch.chdir(tmp_path)
    assert run_command(["init"], CHEAP) == run_command(["organiser", "add", "Alix"], CHEAP) == 0
    (tmp_path / "ours.toml").write_bytes(asyncio.run(furnish(tmp_path / "data")))
    sign_a_change(tmp_path)
    newcomer = Holder(tmp_path / "elise", "Élise")
    newcomer.key()
    (newcomer.data / "keys" / "holder.pub").rename(tmp_path / "new.pub")
    capsys.readouterr()
    return tmp_path


async def furnish(data: Path) -> bytes:
    """Give Alix two browsers, an onion key, and a code to pass on; change the draft. Return another event's file."""
    store = await open_store(data)
    known, begin = await store.organiser("Alix"), datetime.now(UTC)
    assert known is not None
    for number in "12":
        await store.open_sign_in(SignIn(number * 64, "Alix", begin, begin), known)
    await store.set_onion_key("Alix", "key")
    await store.give_set_up_code(SetUpCode("c" * 64, "Noa", "Alix", begin + timedelta(hours=1)), begin)
    draft = await store.draft()
    await store.save_draft(replace(draft.event, lead=Text("Unpublished", "Unpublished")), draft.revision)
    await store.close()
    return event_toml(replace(draft.event, name=Text("Autre", "Other")))


def sign_a_change(folder: Path) -> None:
    """Four holders of whom three are to sign from now on: the change waits, and Billie has signed it."""
    holders = [Holder(folder / name.lower(), name) for name in ("Billie", "Camille", "Dominique")]
    assert run_command(["export", "www"], CHEAP) == 0
    for holder in holders:
        holder.key()
        assert run_command(["key", "enrol", str(holder.data / "keys" / "holder.pub")], CHEAP) == 0
    assert run_command(["key", "threshold", "3"], CHEAP) == 0
    repository = Repository(folder / "data", now)
    waiting = repository.files()[f"{PREFIX}waiting/root.json"].content
    assert repository.add_signature("root", holders[0].signature(waiting)).keys is not None


def data_files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted((folder / "data").rglob("*")) if path.is_file()}


@contextmanager
def terminal_that_answers(answer: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Open a real terminal, on which somebody types `answer`."""
    leader, follower = pty.openpty()
    os.write(leader, answer.encode())
    with os.fdopen(follower) as typed:
        monkeypatch.setattr("sys.stdin", typed)
        yield
    os.close(leader)


CASES: Final = [pytest.param(name, key, id=name) for name, key in DESTRUCTIVE.items()]
NOT_CONFIRMED: Final = "portal: Not confirmed: nothing was changed. Add --yes to confirm without being asked.\n"


@pytest.mark.parametrize(("name", "case"), CASES)
def test_command_says_what_is_lost_and_does_nothing_unasked(
    name: str, case: Destructive, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = data_files(folder)
    assert run_command([*name.split(), *case.arguments], CHEAP) == 2
    output = capsys.readouterr()
    assert (output.err, [words for words in case.lost if words not in output.out]) == (NOT_CONFIRMED, [])
    assert data_files(folder) == before


@pytest.mark.parametrize(("name", "case"), CASES)
def test_command_asks_on_a_terminal(
    name: str, case: Destructive, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = data_files(folder)
    for answer in ("\n", "n\n"):
        with terminal_that_answers(answer, monkeypatch):
            assert run_command([*name.split(), *case.arguments], CHEAP) == 2
        output = capsys.readouterr()
        assert "Go on? [y/N]" in output.out
        assert (output.err, data_files(folder)) == (NOT_CONFIRMED, before)
    with terminal_that_answers("y\n", monkeypatch):
        assert run_command([*name.split(), *case.arguments], CHEAP) == 0
    assert data_files(folder) != before


@pytest.mark.parametrize(("name", "case"), CASES)
def test_command_that_is_told_yes_does_not_ask(
    name: str, case: Destructive, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = data_files(folder)
    assert run_command([*name.split(), *case.arguments, "--yes"], CHEAP) == 0
    output = capsys.readouterr()
    assert [words for words in case.lost if words not in output.out] == []
    assert "Go on?" not in output.out
    assert data_files(folder) != before


def test_change_of_keys_that_loses_nothing_is_not_asked_about(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Give the signature of this machine again, unasked."""
    assert run_command(["key", "threshold", "2", "--yes"], CHEAP) == 0
    assert run_command(["key", "threshold", "3"], CHEAP) == 0
    assert capsys.readouterr().out.count("Signatures on the change that waits") == 1


def test_first_onion_key_takes_the_place_of_none(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["organiser", "onion-key", "organisation"], CHEAP) == 0
    assert "“organisation” stops working" not in capsys.readouterr().out


def test_import_of_the_draft_itself_loses_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["draft", "export"], CHEAP) == 0
    (folder / "same.toml").write_text(capsys.readouterr().out)
    before = data_files(folder)
    assert (run_command(["draft", "import", "same.toml"], CHEAP), data_files(folder)) == (0, before)
