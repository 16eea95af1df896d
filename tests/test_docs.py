"""The docs say only what is true: their commands, options, settings, limits and links are those of the code."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Final

import pytest
import typer.main
from typer.core import TyperGroup

from portal import __version__
from portal.cli.limits import limits_in_words
from portal.cli.main import program
from portal.cli.terminal import Terminal
from portal.settings import Settings
from tests.checkout import ROOT
from tests.messages import messages_of_the_code

DOCS: Final = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TWINS: Final = (ROOT / "README.md", ROOT / "README.fr.md")
OTHERS: Final = (ROOT / "torrc.example", ROOT / "events" / "onestla.toml")
LICENCE_SECTIONS: Final = 18

CODE_BLOCK: Final = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
COMMAND: Final = re.compile(r"(?:\.venv/bin/python -m portal|(?<!adduser )\bportal) (?=[a-z-])([^`\n“”<.;]*)")
COMMAND_IN_COMMENT: Final = re.compile(r"(?:\"|: )portal ([a-z-][^\"\n]*)")
MAKE: Final = re.compile(r"`make ([a-z]+)\b|^make ([a-z]+)$", re.MULTILINE)
CODE: Final = re.compile(r"`[^`\n]*`")
PAGE: Final = re.compile(r"(?<!\*)\*([A-Z][^*]+)\*(?!\*)")
LINK: Final = re.compile(r"\]\(([^)\s]+)\)")


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def command_lines(text: str) -> Iterator[str]:
    """Yield the words after `portal` in the code of a page; a block of text has none."""
    blocks = [block for language, block in CODE_BLOCK.findall(text) if language != "text"]
    code = [*re.findall(r"`([^`\n]+)`", CODE_BLOCK.sub("", text)), *blocks]
    for part in code:
        yield from (found.strip() for found in COMMAND.findall(part))


def commands() -> dict[str, set[str]]:
    """Return the options of every command, by the words in which it is typed."""
    group = typer.main.get_command(program(Terminal("en", {})))
    found = {"": {option for param in group.params for option in param.opts} | {"--help"}}
    waiting = [("", group)]
    while waiting:
        path, command = waiting.pop()
        if isinstance(command, TyperGroup):
            waiting += [(f"{path} {name}".strip(), inner) for name, inner in command.commands.items()]
        else:
            found[path] = {option for param in command.params for option in param.opts} | {"--help"}
    return found


COMMANDS: Final = commands()


def fault_of(line: str) -> str | None:
    """Return the fault of a command line, or None."""
    words = shlex.split(line)
    names = [word for word in words[:2] if re.fullmatch(r"[a-z][a-z-]*", word)]
    command = next((name for name in (" ".join(names), *names[:1], "") if name in COMMANDS), "")
    if not command and not (words and words[0].startswith("--")):
        return f"no command: {line}"
    unknown = [word for word in words if word.startswith("--") and word.partition("=")[0] not in COMMANDS[command]]
    return f"no option {unknown}: {line}" if unknown else None


@pytest.mark.parametrize("path", [*DOCS, *OTHERS], ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_line_can_be_typed(path: Path) -> None:
    text = text_of(path)
    lines = command_lines(text) if path.suffix == ".md" else COMMAND_IN_COMMENT.findall(text)
    assert [fault for line in lines if (fault := fault_of(line))] == []


def test_readme_shows_every_command_that_a_beginner_needs() -> None:
    shown = {line.split()[0] for line in command_lines(text_of(TWINS[0]))}
    assert {"check", "init", "serve"} <= shown


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_make_target_exists(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    assert {inline or in_block for inline, in_block in MAKE.findall(text_of(path))} - targets == set()


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_between_files_leads_somewhere(path: Path) -> None:
    text = CODE.sub("", text_of(path))
    links = [link.partition("#")[0] for link in LINK.findall(text) if "://" not in link]
    assert [link for link in links if link and not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_into_a_page_leads_to_a_heading(path: Path) -> None:
    links = [
        link.partition("#") for link in LINK.findall(CODE.sub("", text_of(path))) if "#" in link and "://" not in link
    ]
    assert [f"{file}#{id}" for file, _, id in links if id not in anchors(path.parent / file if file else path)] == []


def anchors(path: Path) -> set[str]:
    """Return the ids that forges give to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", CODE_BLOCK.sub("", text_of(path)), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_named_in_code_exists(path: Path) -> None:
    named = re.findall(r"`((?:portal|tests|onion|templates|docs|events)/[\w./-]+)`", text_of(path))
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_page_that_is_named_in_italics_exists(path: Path) -> None:
    names = {" ".join(name.split()) for name in PAGE.findall(CODE_BLOCK.sub("", text_of(path)))}
    assert names - page_names() == set()


@cache
def page_names() -> set[object]:
    """Return the messages of the code, among which are the names of all pages."""
    return set(messages_of_the_code())


def rows_of(text: str, heading: str) -> list[list[str]]:
    """Return the cells of the table under the row `heading`."""
    _, _, after = text.partition(heading)
    lines = after.splitlines()[2:]
    table = lines[: next((number for number, line in enumerate(lines) if not line.startswith("|")), len(lines))]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table]


def in_toml(value: object) -> str:
    """Write a default as it would be in `portal.toml`."""
    if isinstance(value, tuple):
        return "[]" if not value else str(list(value))
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`" if isinstance(value, int) else f'`"{value or ""}"`'


def test_every_setting_is_listed_with_its_default() -> None:
    defaults = {cells[0].strip("`"): cells[1] for cells in rows_of(text_of(ROOT / "docs/settings.md"), "| Setting ")}
    settings = Settings(cores=1)
    expected = {field.name: in_toml(getattr(settings, field.name)) for field in fields(Settings)}
    assert defaults == {
        **expected,
        "hosts": "`[]`",
        "cores": "all of the machine",
        "onion_circuits": "with a Tor of our own",
    }


@pytest.mark.parametrize("path", [*DOCS, *OTHERS], ids=lambda path: str(path.relative_to(ROOT)))
def test_every_setting_that_is_named_exists(path: Path) -> None:
    named = {name.lower() for name in re.findall(r"\bPORTAL_([A-Z_]+)", text_of(path))}
    assert named - {field.name for field in fields(Settings)} == set()


def test_limits_are_those_that_the_terminal_prints() -> None:
    limits = [tuple(cells) for cells in rows_of(text_of(ROOT / "docs/settings.md"), "| What | Limit ")]
    assert limits == list(limits_in_words(str))


def test_word_of_the_glossary_has_its_meaning_and_its_module() -> None:
    rows = rows_of(text_of(ROOT / "docs/glossary.md"), "| Word ")
    words = [cells[0] for cells in rows]
    assert words == sorted(set(words))
    modules = {word: LINK.findall(module) for word, _, module in rows}
    assert {word: links for word, links in modules.items() if not are_modules(links)} == {}
    assert [word for word, meaning, _ in rows if not meaning] == []


def are_modules(links: list[str]) -> bool:
    """Tell whether `links` of a page in docs/ lead to modules of the product, to one at least."""
    paths = [(ROOT / "docs" / link).resolve().relative_to(ROOT) for link in links]
    return bool(paths) and all(path.parts[0] in {"portal", "onion"} and (ROOT / path).is_file() for path in paths)


def folders_of_tree(text: str) -> set[str]:
    """Return the folders of a tree whose lines are indented by two for each level."""
    found, parents = set(), list[str]()
    for indent, name in re.findall(r"^( *)(\w+)/ ", text, re.MULTILINE):
        parents[len(indent) // 2 :] = [name]
        found.add("/".join(parents))
    return found


def test_tree_for_maintainers_has_every_folder_of_the_product() -> None:
    shown = folders_of_tree(text_of(ROOT / "docs/maintainers.md").partition("```text\n")[2].partition("```")[0])
    modules = [path for package in ("portal", "onion") for path in (ROOT / package).rglob("*.py")]
    folders = {str(path.parent.relative_to(ROOT)) for path in modules}
    assert {folder for folder in shown if folder.split("/")[0] in {"portal", "onion"}} - {"portal/locale"} == folders


def test_readmes_are_twins() -> None:
    english, french = (text_of(path) for path in TWINS)
    assert [found[0] for found in CODE_BLOCK.findall(english)] == [found[0] for found in CODE_BLOCK.findall(french)]
    assert list(command_lines(french)) == [line.replace("Your name", "Votre nom") for line in command_lines(english)]
    for part in (r"^#+ ", r"^- ", r"\]\((?!README)([^)]+)\)", r"<http[^>]+>"):
        assert len(re.findall(part, english, re.MULTILINE)) == len(re.findall(part, french, re.MULTILINE)), part
    assert MAKE.findall(english) == MAKE.findall(french)


def test_decisions_have_a_number_of_their_own_and_their_four_parts() -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("*.md"))
    numbers = [int(path.name[:4]) for path in decisions]
    assert numbers == sorted(set(numbers))
    for number, path in zip(numbers, decisions, strict=True):
        assert text_of(path).startswith(f"# {number}. ")
        parts = re.findall(r"^\*\*([A-Z][a-z ]+?)\.?\*\*", text_of(path), re.MULTILINE)
        assert parts == ["Context", "Decision", "Consequences", "Instead of"], path.name


def test_licence_is_the_whole_agpl() -> None:
    text = text_of(ROOT / "LICENSE")
    assert text.split()[:8] == ["GNU", "AFFERO", "GENERAL", "PUBLIC", "LICENSE", "Version", "3,", "19"]
    sections = [int(number) for number in re.findall(r"^  (\d+)\. [A-Z]", text, re.MULTILINE)]
    assert sections == list(range(LICENCE_SECTIONS))
    assert "END OF TERMS AND CONDITIONS" in text


def test_changelog_begins_with_what_is_unreleased_and_the_version_of_the_code() -> None:
    headings = re.findall(r"^## (.+)$", text_of(ROOT / "CHANGELOG.md"), re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert [name for name in headings[1:] if not re.fullmatch(r"\d+\.\d+\.\d+ \(\d{4}-\d\d-\d\d\)", name)] == []
    assert headings[1].partition(" ")[0] == __version__


LOCKS: Final = sorted(ROOT.glob("requirements*.lock"))


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_lock_has_hashes_and_names_no_place(path: Path) -> None:
    text = text_of(path)
    assert re.findall(r"://|--index-url|--find-links|file:/|(?<![\w.-])/\w+", text) == []
    pins = re.findall(r"^([a-z0-9.-]+)==\S+( \\)?$", text, re.MULTILINE)
    assert pins
    assert [name for name, goes_on in pins if not goes_on] == []


def test_locks_of_work_and_of_running_agree() -> None:
    pins = {path.name: set(re.findall(r"^(\S+==\S+)", text_of(path), re.MULTILINE)) for path in LOCKS}
    assert pins["requirements.lock"] - pins["requirements-dev.lock"] == set()
    assert pins["requirements-build.lock"] - pins["requirements-dev.lock"] == set()
