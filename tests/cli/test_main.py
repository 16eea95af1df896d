"""The command `portal`, in both languages: what it does, what it says, and how it refuses."""

import re
from pathlib import Path
from typing import Final

import pytest

from portal.cli.main import run_command
from tests.factories.commands import SAMPLE, errors_of, holding, output_of
from tests.factories.origin_process import CHEAP, sample_ahead

FRENCH: Final = {**CHEAP, "LC_ALL": "fr_FR.UTF-8"}
COMMANDS: Final = (
    *("init", "serve", "export", "check", "limits", "verify", "sign", "mirror", "push"),
    *("draft", "organiser", "onion", "key"),
)


HELP: Final = """\
Usage: portal COMMAND

The portal of one event: its programme, its anonymous registration, its onion service.

Commands
  init       Set up a portal: its event, its keys, its first organiser.
  serve      Serve the portal, until Ctrl-C.
  export     Write the public site to a folder that any web server can serve.
  check      Check an event file, and write nothing.
  limits     Show every limit of the portal.
  verify     Verify a copy or an address card (status 0 if it is true, else 1 or 2).
  sign       Read what waits for signatures at a portal, and sign it with your key.
  mirror     Run a copy of an event: follow it, verify it, serve it.
  push       Send a signed edition to a copy, which verifies its signatures.
  draft      The draft as a file.
  organiser  The people who may edit and publish.
  onion      The onion service of the portal.
  key        The people who sign the editions, each with a key.

Options
  --version  Show the version.
  --help     Show this page.
"""

HELP_ON_ORGANISERS: Final = """\
Utilisation : portal organiser COMMANDE

Les personnes qui peuvent modifier et publier.

Commandes
  add         Ajoute quelqu’un à l’organisation et montre, une seule fois, sa phrase de passe.
  passphrase  Donne une autre phrase de passe à quelqu’un qui a perdu la sienne et la montre,
              une seule fois.
  remove      Retire quelqu’un de l’organisation et déconnecte cette personne partout. La
              dernière personne reste.
  onion-key   Crée la clé qui ouvre à quelqu’un l’onion propre à l’organisation et la montre,
              une seule fois.

Options
  --help  Affiche cette page.
"""

HELP_ON_ADD: Final = """\
Utilisation : portal organiser add NOM [OPTIONS]

Ajoute quelqu’un à l’organisation et montre, une seule fois, sa phrase de passe.

Arguments
  NOM  Le nom avec lequel cette personne se connecte.

Options
  --with AUTRE    Permet de lire les pseudonymes, avec la phrase de passe de cette autre
                  personne, qui les lit. Elle est demandée.
  --data DOSSIER  Le dossier de tout ce que le portail conserve (data).
  --help          Affiche cette page.
"""

HELP_PAGES: dict[str, tuple[list[str], dict[str, str], str]] = {
    "the name alone": ([], CHEAP, HELP),
    "the name and --help": (["--help"], CHEAP, HELP),
    "a group, in French": (["organiser", "--help"], FRENCH, HELP_ON_ORGANISERS),
    "a command, in French": (["organiser", "add", "--help"], FRENCH, HELP_ON_ADD),
}


@pytest.mark.parametrize(("arguments", "environment", "page"), HELP_PAGES.values(), ids=HELP_PAGES.keys())
def test_help_is_in_the_language_of_the_terminal(
    capsys: pytest.CaptureFixture[str], arguments: list[str], environment: dict[str, str], page: str
) -> None:
    assert run_command(arguments, environment) == 0
    assert output_of(capsys).replace("\N{NO-BREAK SPACE}", " ") == page


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("environment", [CHEAP, FRENCH], ids=["English", "French"])
def test_every_command_has_a_help_page_that_fits_a_screen(
    capsys: pytest.CaptureFixture[str], command: str, environment: dict[str, str]
) -> None:
    assert run_command([command, "--help"], environment) == 0
    lines = output_of(capsys).splitlines()
    assert max(map(len, lines)) <= 100
    assert len(lines) <= 24
    assert [line for line in lines if line.endswith(" ")] == []


def test_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["--version"], CHEAP) == 0
    assert re.fullmatch(r"portal \d+\.\d+\.\d+\S*\n", output_of(capsys))


MISTAKES: dict[str, tuple[list[str], str]] = {
    "an option that does not exist": (["serve", "--prot", "1"], "there is no option --prot"),
    "a command that does not exist": (["serv"], "there is no command serv"),
    "a group without a command": (["organiser"], "a command is missing"),
    "an argument that is missing": (["export"], "FOLDER is missing"),
    "a word too many": (["limits", "all"], "unexpected argument all"),
    "an option without its value": (["serve", "--port"], "--port needs a value"),
    "a value for an option that takes none": (["--version=2"], "--version takes no value"),
}


@pytest.mark.parametrize(("arguments", "mistake"), MISTAKES.values(), ids=MISTAKES.keys())
def test_mistake_is_told_in_one_line(capsys: pytest.CaptureFixture[str], arguments: list[str], mistake: str) -> None:
    assert run_command(arguments, CHEAP) == 2
    assert errors_of(capsys) == f"portal: {mistake}. Type portal --help to see what there is.\n"


def test_mistake_is_told_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["serve", "--prot", "1"], FRENCH) == 2
    sentence = "portal : l’option --prot n’existe pas. Tapez portal --help pour voir ce qui existe.\n"
    assert errors_of(capsys).replace("\N{NO-BREAK SPACE}", " ") == sentence


REFUSALS: dict[str, tuple[list[str], str]] = {
    "serving before there is a portal": (["serve"], "data contains no event yet. Run “portal init” first."),
    "copying before there is a portal": (["export", "www"], "data contains no event yet. Run “portal init” first."),
    "an organiser before there is a portal": (
        ["organiser", "add", "Camille"],
        "data contains no event yet. Run “portal init” first.",
    ),
    "showing a draft before there is a portal": (
        ["draft", "export"],
        "data contains no event yet. Run “portal init” first.",
    ),
    "replacing a draft before there is a portal": (
        ["draft", "import", str(SAMPLE)],
        "data contains no event yet. Run “portal init” first.",
    ),
    "an organiser removed before there is a portal": (
        ["organiser", "remove", "Camille"],
        "data contains no event yet. Run “portal init” first.",
    ),
    "an organiser without a name": (
        ["init", "--organiser", " "],
        "An organiser's name has one line of 1 to 64 characters.",
    ),
    "a port that is none": (["serve", "--port", "x"], "command line: --port: it is a number from 0 to 65535"),
    "a way that is none": (["serve", "--onion", "on"], "command line: --onion: it is one of: auto, launch, off"),
}


@pytest.mark.parametrize(("arguments", "sentence"), REFUSALS.values(), ids=REFUSALS.keys())
def test_refusal_is_one_line_and_leaves_nothing_behind(
    capsys: pytest.CaptureFixture[str], folder: Path, arguments: list[str], sentence: str
) -> None:
    assert run_command(arguments, CHEAP) == 2
    assert errors_of(capsys) == f"portal: {sentence}\n"
    assert holding(folder) == {}


UNFIT_FOLDERS: dict[str, tuple[list[str], str]] = {
    "a portal in a file": (["init", "--data", "file"], "file/registrations.json"),
    "a portal in a folder in a file": (["init", "--data", "file/data"], "file/data"),
    "serving a file": (["serve", "--data", "file"], "file/registrations.json"),
}


@pytest.mark.parametrize(("arguments", "named"), UNFIT_FOLDERS.values(), ids=UNFIT_FOLDERS.keys())
def test_data_folder_that_cannot_be_one_is_told_with_its_reason(
    capsys: pytest.CaptureFixture[str], folder: Path, arguments: list[str], named: str
) -> None:
    (folder / "file").write_text("theirs")
    assert run_command(arguments, CHEAP) == 2
    sentence = f"{named} cannot be read or written: a file is where its folder should be."
    assert errors_of(capsys) == f"portal: {sentence}\n"
    assert holding(folder) == {str(folder / "file"): b"theirs"}


def test_settings_of_the_folder_are_read(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "portal.toml").write_text("port = 'http'")
    assert run_command(["serve"], CHEAP) == 2
    assert errors_of(capsys) == "portal: portal.toml: port: it is a number from 0 to 65535\n"


def test_init_writes_nothing_of_an_event_with_faults(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "ours.toml").write_text("[event]\nname = 3\n")
    assert run_command(["init", "--event", "ours.toml"], CHEAP) == 2
    lines = errors_of(capsys).splitlines()
    assert len(lines) > 3
    assert [line for line in lines if not line.startswith("ours.toml:")] == []
    assert list(holding(folder)) == [str(folder / "ours.toml")]


def test_check_says_that_an_event_is_in_order(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "ours.toml").write_text(sample_ahead())
    before = holding(folder)
    assert run_command(["check", "ours.toml"], CHEAP) == 0
    assert re.fullmatch(r"ours\.toml is valid: “onestla\.tech conference”\. Sessions: \d+\.\n", output_of(capsys))
    assert holding(folder) == before


def test_check_says_each_fault_in_a_line(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    text = SAMPLE.read_text().replace('zone = "Europe/Paris"', 'zone = "Europe/Pari"\ncolour = "red"')
    (folder / "ours.toml").write_text(text)
    assert run_command(["check", "ours.toml"], CHEAP) == 2
    faults = [line.split(": ")[:3] for line in errors_of(capsys).splitlines()]
    first = text.splitlines().index('zone = "Europe/Pari"') + 1
    assert faults == [[f"ours.toml:{first}", "event", "zone"], [f"ours.toml:{first + 1}", "event", "colour"]]


UNREADABLE: dict[str, str] = {
    "nothing.toml": "nothing.toml: it cannot be read: there is no such file\n",
    ".": ".: it cannot be read: it is a folder\n",
}


@pytest.mark.parametrize(("name", "line"), UNREADABLE.items(), ids=UNREADABLE.keys())
def test_check_says_why_it_cannot_read(capsys: pytest.CaptureFixture[str], name: str, line: str) -> None:
    assert run_command(["check", name], CHEAP) == 2
    assert errors_of(capsys) == line


def test_export_writes_the_edition_in_force(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    run_command(["init"], CHEAP)
    capsys.readouterr()
    assert run_command(["export", "www"], CHEAP) == 0
    copied = [
        path for path in (folder / "www").rglob("*") if path.suffix in (".html", ".ics", ".atom", ".json", ".xml")
    ]
    assert output_of(capsys) == f"Edition 1 is in www: {len(copied)} files.\n"


def test_limits_are_one_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["limits"], FRENCH) == 0
    lines = output_of(capsys).splitlines()
    assert lines[0] == "Un formulaire envoyé, au plus" + " " * (lines[0].index("16") - 29) + "16 Kio"
