"""The terminal: its language, help pages and one-line errors, and a spinner for long work."""

import re
import sys
import textwrap
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol, TextIO

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from portal.domain.errors import SettingsError
from portal.domain.language import N_, Language
from portal.domain.language_tags import canonical_tag, nearest_own
from portal.settings import COMMAND_LINE, Settings, read_settings
from portal.site.catalogue import translated

SETTINGS_FILE: Final = Path("portal.toml")
COLUMNS: Final = 96
SPINNER_DELAY_SECONDS: Final = 2.0

_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""The characters that turn the direction of what follows (Unicode Standard Annex 9 §2.1 to §2.4)."""
# The options that are not named as their settings are.
_OPTIONS: Final = {"follow_minutes": "--every", "tor_socks": "--socks", "public_url": "--public-url"}

# What typer says of a command line that it cannot take, and the same in our words.
_MISTAKES: Final = {
    r"No such option: (?P<name>\S+?)(\s.*)?": N_("there is no option %(name)s"),
    r"No such command '(?P<name>.*?)'\..*": N_("there is no command %(name)s"),
    r"Missing command\.": N_("a command is missing"),
    r"Missing (argument|option) '(?P<name>.*?)'\..*": N_("%(name)s is missing"),
    r"Got unexpected extra argument\(s\) \((?P<name>.*)\)": N_("unexpected argument %(name)s"),
    r"Option '(?P<name>.*)' requires an argument\.": N_("%(name)s needs a value"),
    r"Option '(?P<name>.*)' does not take a value\.": N_("%(name)s takes no value"),
    r"Invalid value for '(?P<name>.*?)': .*": N_("the value of %(name)s is not valid"),
}


def terminal_language(environment: Mapping[str, str]) -> Language:
    """Return the language of the terminal, by the first of the three variables that is set (POSIX.1-2024 §8.2)."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((value for name in names if (value := environment.get(name))), "")
    tag = re.split(r"[.@]", locale, maxsplit=1)[0].replace("_", "-")
    return nearest_own([canonical_tag(tag) or ""])


def usage_mistake(language: Language, message: str) -> str:
    """Return the `message` of typer, in English, on a wrong command line, in `language`."""
    for pattern, text in _MISTAKES.items():
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return translated(language, text, found.groupdict())
    return message


def harmless(text: str) -> str:
    """Return `text` without the characters that command a terminal, end a line or turn its direction."""
    return "".join(_harmless_character(character) for character in text)


def _harmless_character(character: str) -> str:
    if character in "\n\t":
        return " "
    commands = unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in _TURNING
    return "\N{REPLACEMENT CHARACTER}" if commands else character


@dataclass(frozen=True, slots=True)
class Terminal:
    """The terminal that a command was typed in: its language and its environment."""

    language: Language
    environment: Mapping[str, str]

    def translate(self, message: str, details: Mapping[str, object] | None = None) -> str:
        """Return `message` in the language of the terminal, each of its `details` on one line and `harmless`."""
        shown = {name: harmless(value) if isinstance(value, str) else value for name, value in (details or {}).items()}
        return translated(self.language, message, shown)

    def say(self, message: str, details: Mapping[str, object] | None = None) -> None:
        """Print `message`, translated."""
        typer.echo(self.translate(message, details))

    def ask_passphrase(self, name: str) -> str:
        """Return the passphrase of the organiser `name`, typed unseen; a program gives it as a line of its own."""
        if not sys.stdin.isatty():
            return sys.stdin.readline()
        question = self.translate(N_("Passphrase of “%(name)s”"), {"name": name})
        try:
            return str(typer.prompt(question, hide_input=True, default="", show_default=False))
        except typer.Abort:
            typer.echo()
            return ""

    def settings(self, **options: object) -> Settings:
        """Return the settings of `portal.toml`, the environment and the given `options`. Raises `SettingsError`."""
        given = {name: value for name, value in options.items() if value is not None}
        try:
            return read_settings(SETTINGS_FILE if SETTINGS_FILE.exists() else None, self.environment, given)
        except SettingsError as error:
            if error.details.get("source") != COMMAND_LINE:
                raise
            name = str(error.details["setting"])
            raise SettingsError(**{**error.details, "setting": _OPTIONS.get(name, f"--{name}")}) from None

    def data_option(self) -> Any:  # noqa: ANN401 - what typer itself says it returns
        """Return `--data`, which most commands take."""
        _ = self.translate
        return self.option("--data", _("FOLDER"), _("The folder of everything that the portal keeps (data)."))

    def past_option(self) -> Any:  # noqa: ANN401 - what typer itself says it returns
        """Return `--past`, of a command that reads an event file."""
        return typer.Option("--past", help=self.translate(N_("Take an event that is over already.")))

    def host_option(self) -> Any:  # noqa: ANN401 - what typer itself says it returns
        """Return `--host`, for a command that serves."""
        help = self.translate(N_("The address to listen at (127.0.0.1)."))
        return self.option("--host", self.translate(N_("HOST")), help)

    def port_option(self) -> Any:  # noqa: ANN401 - what typer itself says it returns
        """Return `--port`, for a command that serves."""
        return self.option("--port", self.translate(N_("PORT")), self.translate(N_("Its port (8000).")))

    def public_url_option(self) -> Any:  # noqa: ANN401 - what typer itself says it returns
        """Return `--public-url`, the address of the served pages."""
        _ = self.translate
        return self.option("--public-url", _("ADDRESS"), _("Its address for people: https://example.org"))

    def onion_option(self) -> Any:  # noqa: ANN401 - what typer itself says it returns
        """Return `--onion`, of a command that may publish one."""
        return self.option(
            "--onion", "auto|launch|off", self.translate(N_("This machine's Tor, one of our own, or none (auto)."))
        )

    def option(self, name: str, metavar: str, help: str) -> Any:  # noqa: ANN401 - what typer itself says it returns
        """Return an option that takes a value."""
        return typer.Option(name, metavar=metavar, help=help)


class _HelpContext(Protocol):
    """The part of typer's context that a help page uses; `obj` is the language of the whole program."""

    obj: Language

    @property
    def command_path(self) -> str: ...


class HelpCommand(TyperCommand):
    """A command whose help page is in the language of the terminal."""

    def get_help(self, ctx: _HelpContext) -> str:
        """Return the whole page, for `--help`."""
        arguments = [param for param in self.params if isinstance(param, TyperArgument)]
        options = [param for param in self.params if isinstance(param, TyperOption)]
        words = [ctx.command_path, *(f"{param.metavar}" for param in arguments), translated(ctx.obj, N_("[OPTIONS]"))]
        rows = [(f"{param.metavar}", param.help or "") for param in arguments]
        sections = {N_("Arguments"): rows, N_("Options"): [*_rows(options), _help_row(ctx.obj)]}
        return _page(ctx.obj, words, self.help or "", sections)


class HelpGroup(TyperGroup):
    """A group of commands whose help page is in the language of the terminal."""

    def get_help(self, ctx: _HelpContext) -> str:
        """Return the whole page, for `--help`."""
        words = [ctx.command_path, translated(ctx.obj, N_("COMMAND"))]
        commands = [(name, command.short_help or command.help or "") for name, command in self.commands.items()]
        options = [param for param in self.params if isinstance(param, TyperOption)]
        sections = {N_("Commands"): commands, N_("Options"): [*_rows(options), _help_row(ctx.obj)]}
        return _page(ctx.obj, words, self.help or "", sections)


Rows = Sequence[tuple[str, str]]


def _rows(options: Iterable[TyperOption]) -> Rows:
    return [
        (" ".join((option.opts[0], *([option.metavar] if option.metavar else []))), option.help or "")
        for option in options
    ]


def _help_row(language: Language) -> tuple[str, str]:
    return "--help", translated(language, N_("Show this page."))


def _page(language: Language, usage: Sequence[str], text: str, sections: Mapping[str, Rows]) -> str:
    paragraphs = [textwrap.fill(paragraph, COLUMNS) for paragraph in text.split("\n\n")]
    tables = [_table(translated(language, title), rows) for title, rows in sections.items() if rows]
    usage_line = translated(language, N_("Usage: %(line)s"), {"line": " ".join(usage)})
    return "\n\n".join([usage_line, *paragraphs, *tables])


def _table(title: str, rows: Rows) -> str:
    width = max(len(name) for name, _ in rows)
    lines = [
        textwrap.fill(text, COLUMNS, initial_indent=f"  {name:<{width}}  ", subsequent_indent=" " * (width + 4))
        for name, text in rows
    ]
    return "\n".join([title, *lines])


@contextmanager
def spinner(message: str, stream: TextIO, delay: float = SPINNER_DELAY_SECONDS) -> Iterator[None]:
    """While the block runs longer than `delay` seconds, say `message` on `stream`, with the seconds it has taken.

    A screen shows one line that changes every second; a file gets one line.
    """
    done = threading.Event()
    thread = threading.Thread(target=partial(_wait, done, message, stream, delay), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _wait(done: threading.Event, message: str, stream: TextIO, delay: float) -> None:
    seconds = delay
    if done.wait(delay):
        return
    if not stream.isatty():
        stream.write(f"{message}…\n")
        stream.flush()
        return
    while True:
        stream.write(f"\r{message}… {seconds:.0f} s")
        stream.flush()
        if done.wait(1):
            stream.write("\n")
            return
        seconds += 1
