"""The command `portal serve`, and the lines that it begins with."""

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Final

import typer

from portal.cli.terminal import HelpCommand, Terminal, spinner
from portal.domain.edition.edition import Edition
from portal.domain.event.languages import words_of
from portal.domain.language import N_
from portal.origin.origin import run_origin
from portal.server.server import run
from portal.settings import OrganisersPlace, Settings
from portal.site.paths import page_path
from portal.web.listeners import LOCAL_HOST, ListenerName

ONION_LINES: Final = {
    "auto": N_("Onion: the Tor that runs on this machine is used, if there is one; to add it, see docs/onion.md."),
    "launch": N_("Onion: the portal is starting its own Tor; its progress is shown here."),
    "off": N_("Onion: off. To add it, start again with --onion auto; see docs/onion.md."),
}

_LOOK: Final = N_("Look at %(address)s and, to sign in as an organiser, at %(organisers)s (Ctrl-C stops the portal)")
_LOOK_ALONE: Final = N_("Look at %(address)s (Ctrl-C stops the portal)")
_AT_THEIR_OWN_ONION: Final = (
    _LOOK_ALONE,
    N_(
        "Organisers sign in through their own onion alone, each with a key: portal organiser onion-key NAME. "
        "Its address is shown here as soon as it is reachable."
    ),
)
PLACES: Final[Mapping[OrganisersPlace, tuple[str, ...]]] = {
    "everywhere": (_LOOK,),
    "local": (
        _LOOK,
        N_(
            "The organisers' pages are on this machine alone. To open them from yours: "
            "ssh -N -L %(port)s:127.0.0.1:%(port)s ACCOUNT@THIS-MACHINE"
        ),
    ),
    "onion": (
        _LOOK_ALONE,
        N_(
            "Organisers sign in through the onion alone, at its address followed by %(path)s. "
            "Before there is one: start with PORTAL_ORGANISERS=local; see docs/settings.md."
        ),
    ),
}


def add_serve(app: typer.Typer, terminal: Terminal) -> None:
    """Add `portal serve`."""
    _ = terminal.translate

    @app.command("serve", cls=HelpCommand, help=_("Serve the portal, until Ctrl-C."))
    def serve(
        data: Annotated[Path | None, terminal.data_option()] = None,
        host: Annotated[str | None, terminal.host_option()] = None,
        port: Annotated[str | None, terminal.port_option()] = None,
        public_url: Annotated[str | None, terminal.public_url_option()] = None,
        onion: Annotated[str | None, terminal.onion_option()] = None,
    ) -> None:
        settings = terminal.settings(data=data, host=host, port=port, public_url=public_url, onion=onion)
        with ExitStack() as waiting:
            waiting.enter_context(spinner(_("Making the pages"), sys.stderr))

            def ready(edition: Edition, ports: Mapping[ListenerName, int]) -> None:
                waiting.close()
                _show_start(terminal, settings, edition, ports)

            run(run_origin(settings, terminal.say, ready))


def _show_start(terminal: Terminal, settings: Settings, edition: Edition, ports: Mapping[ListenerName, int]) -> None:
    """Print the edition served, the addresses to visit and to sign in at, and how to add the onion."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = settings.public_url or f"http://{host}:{ports['clearnet']}"
    event = edition.event
    details = {"number": edition.number, "name": words_of(event, event.name, terminal.language), "data": settings.data}
    terminal.say(N_("Serving edition %(number)s of “%(name)s” from the folder %(data)s."), details)
    path = page_path("organisers", event.language)
    port = ports.get("local")
    own = f"http://{LOCAL_HOST}:{port}" if port else address
    where = {"address": f"{address}/", "organisers": f"{own}/{path}", "path": f"/{path}", "port": str(port)}
    place = settings.organisers_place
    for line in _AT_THEIR_OWN_ONION if settings.organisers_onion and place == "onion" else PLACES[place]:
        terminal.say(line, where)
    if settings.onion_address and settings.onion != "off":
        terminal.say(
            N_("Onion: %(address)s (published by Tor's own configuration)"), {"address": settings.onion_address}
        )
    else:
        terminal.say(ONION_LINES[settings.onion])
