"""The command `portal`: its groups of commands, its exit status, and its error lines."""

import ctypes
import os
import resource
import sys
from collections.abc import Mapping, Sequence
from typing import Final

import typer
from typer.main import get_command

from onion.errors import OnionError
from portal.cli.addresses import add_card
from portal.cli.draft import add_draft_commands
from portal.cli.event import add_commands, add_start
from portal.cli.keys import add_keys
from portal.cli.mirror import add_mirror
from portal.cli.onion import add_onion_commands
from portal.cli.organisers import add_organiser_commands
from portal.cli.push import add_push
from portal.cli.sign import add_sign
from portal.cli.terminal import HelpGroup, Terminal, terminal_language, usage_mistake
from portal.cli.verify import add_verify
from portal.domain.disk_faults import reason_of
from portal.domain.errors import EventFileError, PortalError, StorageError
from portal.domain.event.event_file import lines_of
from portal.domain.language import N_

FAILED: Final = 2
_PR_SET_DUMPABLE: Final = 4


def main() -> None:
    """Run the command line that the program was started with, and end with its status."""
    protect_process_memory()
    sys.exit(run_command(sys.argv[1:], os.environ))


def protect_process_memory() -> None:
    """Refuse core files (RLIMIT_CORE, getrlimit(2)) and on Linux access from outside (PR_SET_DUMPABLE, prctl(2)).

    Only a process with CAP_SYS_PTRACE, as root has it, can read the memory after that. Programs that this one starts
    inherit the limit alone.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def run_command(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command line; return its status: 0, or 2 after one line for each error."""
    language = terminal_language(environment)
    terminal = Terminal(language, environment)
    _ = terminal.translate
    try:
        command = get_command(program(terminal))
        status = command.main(list(arguments), prog_name="portal", standalone_mode=False)
    except typer.TyperException as error:
        mistake = usage_mistake(language, error.format_message())
        return _refuse([_("portal: %(mistake)s. Type portal --help to see what there is.", {"mistake": mistake})])
    except EventFileError as error:
        return _refuse(lines_of(error, _))
    except StorageError as error:
        return _refuse([f"portal: {_(*_message_of(error))}"])
    except (PortalError, OnionError) as error:
        return _refuse([f"portal: {_(error.text, error.details)}"])
    return status if isinstance(status, int) else 0


def program(terminal: Terminal) -> typer.Typer:
    """Return every command, with its help in the language of `terminal`."""
    _ = terminal.translate
    app = typer.Typer(
        cls=HelpGroup,
        help=_("The portal of one event: its programme, its anonymous registration, its onion service."),
        add_completion=False,
        rich_markup_mode=None,
        context_settings={"obj": terminal.language},
    )
    organisers = typer.Typer(cls=HelpGroup, help=_("The people who may edit and publish."), rich_markup_mode=None)
    drafts = typer.Typer(cls=HelpGroup, help=_("The draft as a file."), rich_markup_mode=None)
    add_start(app, terminal)
    add_commands(app, terminal)
    add_verify(app, terminal)
    app.add_typer(drafts, name="draft")
    add_draft_commands(drafts, terminal)
    app.add_typer(organisers, name="organiser")
    add_organiser_commands(organisers, terminal)
    onion = typer.Typer(cls=HelpGroup, help=_("The onion service of the portal."), rich_markup_mode=None)
    app.add_typer(onion, name="onion")
    add_onion_commands(onion, terminal)
    add_card(onion, terminal)
    add_keys(app, terminal)
    add_sign(app, terminal)
    add_mirror(app, terminal)
    add_push(app, terminal)
    return app


def _message_of(error: StorageError) -> tuple[str, Mapping[str, object]]:
    """Return the message of `error` for the owner of the folder: the file and the reason where the disk failed."""
    cause = error.__cause__
    if not isinstance(cause, OSError):
        return error.text, error.details
    details = {"file": cause.filename or N_("the data folder"), "reason": reason_of(cause)}
    return N_("%(file)s cannot be read or written: %(reason)s."), details


def _refuse(lines: Sequence[str]) -> int:
    for line in lines:
        typer.echo(line, err=True)
    return FAILED
