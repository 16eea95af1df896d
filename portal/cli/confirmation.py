"""The question before a command destroys something: asked on a terminal, and answered by `--yes` elsewhere."""

import sys
from collections.abc import Iterable, Mapping
from typing import Any, Final

import typer

from portal.cli.terminal import Terminal
from portal.domain.errors import NotConfirmed
from portal.domain.language import N_

Loss = tuple[str, Mapping[str, object]]
"""A message on something that is lost, with the values of its `%(name)s` places."""

_YES_OR_NO: Final = N_("[y/N]")
_YES: Final = frozenset({"y", "yes", "o", "oui", "s", "si", "sí"})


def yes_option(terminal: Terminal) -> Any:  # noqa: ANN401 - what typer itself says it returns
    """Return `--yes`, of every command that destroys something."""
    return typer.Option("--yes", help=terminal.translate(N_("Show what is lost, and go ahead without asking.")))


def confirm(terminal: Terminal, losses: Iterable[Loss], yes: bool) -> None:
    """Print what is lost; return once somebody agrees to it, or at once with `--yes`. Raises `NotConfirmed`."""
    for text, details in losses:
        terminal.say(text, details)
    if not (yes or (sys.stdin.isatty() and answers_yes(terminal, terminal.translate(N_("Go on?"))))):
        raise NotConfirmed


def answers_yes(terminal: Terminal, question: str) -> bool:
    """Return whether somebody answers yes, in any of our languages; any other answer is no."""
    try:
        answer: str = typer.prompt(f"{question} {terminal.translate(_YES_OR_NO)}", default="", show_default=False)
    except typer.Abort:
        typer.echo()
        return False
    return answer.strip().lower() in _YES
