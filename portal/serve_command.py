"""The command `portal serve`, and the three lines that it begins with."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Final

import typer

from portal.domain.edition import Edition
from portal.domain.language import N_
from portal.origin import run_origin
from portal.server import run
from portal.settings import Settings
from portal.site.paths import page_path
from portal.terminal import HelpCommand, Terminal, working

ONION_LINES: Final = {
    "auto": N_("Onion: the Tor that runs on this machine is used, if there is one; docs/onion.md tells how to add it."),
    "launch": N_("Onion: a Tor of the portal's own is being started; what becomes of it is told here."),
    "off": N_("Onion: off. To add it, start again with --onion auto; docs/onion.md tells how."),
}


def add_serve(app: typer.Typer, terminal: Terminal) -> None:
    """`portal serve`."""
    _ = terminal.translate

    @app.command("serve", cls=HelpCommand, help=_("Serve the portal, until Ctrl-C."))
    def serve(
        data: Annotated[Path | None, terminal.data_option()] = None,
        host: Annotated[
            str | None, terminal.option("--host", _("HOST"), _("Where the clearnet door opens (127.0.0.1)."))
        ] = None,
        port: Annotated[str | None, terminal.option("--port", _("PORT"), _("Its port (8000)."))] = None,
        public_url: Annotated[
            str | None, terminal.option("--public-url", _("ADDRESS"), _("Its address for people: https://example.org"))
        ] = None,
        onion: Annotated[
            str | None,
            terminal.option("--onion", "auto|launch|off", _("This machine's Tor, one of our own, or none (auto).")),
        ] = None,
    ) -> None:
        settings = terminal.settings(data=data, host=host, port=port, public_url=public_url, onion=onion)
        with ExitStack() as patience:
            patience.enter_context(working(_("Making the pages"), sys.stderr))

            def ready(edition: Edition, port: int) -> None:
                patience.close()
                _show_start(terminal, settings, edition, port)

            run(run_origin(settings, terminal.say, ready))


def _show_start(terminal: Terminal, settings: Settings, edition: Edition, port: int) -> None:
    """Three lines: what is done, where to look, how to add the onion."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = settings.public_url or f"http://{host}:{port}"
    event = edition.event
    told = {"number": edition.number, "name": event.name.in_language(terminal.language), "data": settings.data}
    terminal.say(N_("Serving edition %(number)s of “%(name)s” from the folder %(data)s."), told)
    organisers = f"{address}/{page_path('organisers', event.language)}"
    where = {"address": f"{address}/", "organisers": organisers}
    terminal.say(
        N_("Look at %(address)s and, to sign in as an organiser, at %(organisers)s (Ctrl-C stops the portal)"), where
    )
    if settings.onion_address and settings.onion != "off":
        terminal.say(
            N_("Onion: %(address)s (published by Tor's own configuration)"), {"address": settings.onion_address}
        )
    else:
        terminal.say(ONION_LINES[settings.onion])
