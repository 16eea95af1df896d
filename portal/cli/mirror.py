"""The command `portal mirror`: a mirror of an event, which begins and follows by itself."""

import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

from portal.cli.source_options import pin, root_option, socks_option, source_of
from portal.cli.terminal import HelpCommand, Terminal, spinner
from portal.domain.language import N_
from portal.domain.trust.mirror_errors import AuditWithoutTor
from portal.mirror.client.fetching import Progress
from portal.mirror.client.folder import ServedEdition
from portal.mirror.startup import Follower, first_served, mirror_folder, run_mirror
from portal.origin.installation import now
from portal.server.server import run
from portal.site.edition_files import LazyFiles
from portal.storage.skeletons import skeletons_in

_STEP: Final = 100
"""After how many files a line is written where no screen shows one that changes."""


def add_mirror(app: typer.Typer, terminal: Terminal) -> None:
    """Add `portal mirror`."""
    _ = terminal.translate
    audit_help = _("Check the other listed copies through Tor, and show their status.")
    every_help = _("Minutes between two looks for a new edition (10).")

    @app.command("mirror", cls=HelpCommand, help=_("Run a copy of an event: follow it, verify it, serve it."))
    def mirror(
        addresses: Annotated[list[str], typer.Argument(metavar=_("ADDRESS…"), help=_("The event's, or its copies'."))],
        root: Annotated[str | None, root_option(terminal)] = None,
        socks: Annotated[str | None, socks_option(terminal)] = None,
        data: Annotated[Path | None, terminal.data_option()] = None,
        host: Annotated[str | None, terminal.host_option()] = None,
        port: Annotated[str | None, terminal.port_option()] = None,
        public_url: Annotated[str | None, terminal.public_url_option()] = None,
        onion: Annotated[str | None, terminal.onion_option()] = None,
        every: Annotated[str | None, terminal.option("--every", _("MINUTES"), every_help)] = None,
        audit: Annotated[bool, typer.Option("--audit", help=audit_help)] = False,
    ) -> None:
        places = {"data": data, "host": host, "port": port, "public_url": public_url, "onion": onion}
        settings = terminal.settings(**places, follow_minutes=every, tor_socks=socks)
        if audit and settings.onion == "off" and not settings.tor_socks:
            raise AuditWithoutTor
        mirror = mirror_folder(settings)
        with ExitStack() as closed:
            sources = [source_of(address, settings, socks) for address in addresses]
            for source in sources:
                closed.callback(source.close)
            pin(terminal, mirror, sources, root)
            follower = Follower(mirror, sources, partial(LazyFiles, cache=skeletons_in(settings.data)), now)
            served = _first(terminal, follower)
            _tell(terminal, served)

            def ready(port: int) -> None:
                address = settings.public_url or f"http://{settings.host}:{port}"
                terminal.say(N_("The copy is served at %(address)s (Ctrl-C stops it)"), {"address": f"{address}/"})

            run(run_mirror(settings, follower, served, terminal.say, ready, audits=audit))


def _first(terminal: Terminal, follower: Follower) -> ServedEdition:
    """Return the edition to serve at the start, with a spinner until files are counted."""
    with ExitStack() as waiting:
        waiting.enter_context(spinner(terminal.translate(N_("Asking for the signatures")), sys.stderr))
        count = progress(terminal)

        def tell(done: int, of: int) -> None:
            waiting.close()
            count(done, of)

        return first_served(follower, terminal.say, tell)


def _tell(terminal: Terminal, served: ServedEdition) -> None:
    """Print which edition is there at the start."""
    damaged, count = len(served.damaged), len(served.files) + len(served.damaged)
    details = {"number": served.edition, "count": count, "damaged": damaged}
    if damaged:
        message = N_("Edition %(number)s is here. Damaged files, which will be replaced: %(damaged)s of %(count)s.")
    else:
        message = N_("Edition %(number)s is here: %(count)s files, all exactly as signed.")
    terminal.say(message, details)


def progress(terminal: Terminal) -> Progress:
    """Return a counter of files: a line that changes on a screen, a line for every hundred elsewhere."""

    def tell(done: int, of: int) -> None:
        is_screen = sys.stderr.isatty()
        if is_screen or done % _STEP == 0 or done == of:
            words = terminal.translate(N_("Files: %(done)s of %(of)s"), {"done": done, "of": of})
            end = "\r" if is_screen and done < of else "\n"
            typer.echo(f"{words}{end}", err=True, nl=False)

    return tell
