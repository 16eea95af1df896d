"""The commands `portal onion`: the status of the onion of the running portal, and the lines for Tor's torrc."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from onion.tor.torrc import EXPORT_CIRCUITS, static_lines
from portal.cli.terminal import HelpCommand, Terminal
from portal.domain.language import N_
from portal.services import OnionView
from portal.site.times import seconds_in_words
from portal.tor.service import DEFENCES, onion_socket
from portal.tor.status import fetch_status

NOT_REACHABLE: Final = 1


def add_onion_commands(app: typer.Typer, terminal: Terminal) -> None:
    """Add `portal onion status` and `portal onion torrc`."""
    _ = terminal.translate
    status_help = _(
        "Say how the onion of the running portal or copy stands, and what to do.\n\n"
        "Ends with 0 when it is reachable, with 1 when it is not, with 2 when nothing is running."
    )

    @app.callback()
    def onion() -> None:
        pass

    @app.command("status", cls=HelpCommand, help=status_help)
    def status(data: Annotated[Path | None, terminal.data_option()] = None) -> None:
        view = fetch_status(terminal.settings(data=data).data)
        _show(terminal, view)
        if view.address is None:
            raise typer.Exit(NOT_REACHABLE)

    @app.command("torrc", cls=HelpCommand, help=_("Print the lines by which Tor publishes the onion by itself."))
    def torrc(data: Annotated[Path | None, terminal.data_option()] = None) -> None:
        settings = terminal.settings(data=data)
        circuits = [EXPORT_CIRCUITS] if settings.onion_circuits else []
        for line in (*static_lines(onion_socket(settings), DEFENCES), *circuits):
            typer.echo(line)


def _show(terminal: Terminal, view: OnionView) -> None:
    """Print the state in words, the address, the last look, then what to do."""
    terminal.say(view.now.text, view.now.details)
    if view.known:
        terminal.say(N_("Address: %(address)s"), {"address": view.known})
    if view.since and view.proven and view.seconds is not None:
        seconds = seconds_in_words(view.seconds, terminal.language)
        looked = {"since": _local(view.since), "when": _local(view.proven), "seconds": seconds}
        terminal.say(N_("Reachable since %(since)s; last checked %(when)s, in %(seconds)s s."), looked)
    for warning in view.warnings:
        terminal.say(warning.text, warning.details)
    terminal.say(view.advice)


def _local(moment: datetime) -> str:
    """Write `moment` in the zone of this machine."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
