"""The command `portal push`: push an edition that holders have signed to a mirror, when the origin cannot."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from portal.cli.mirror import progress
from portal.cli.source_options import socks_option, source_of
from portal.cli.terminal import HelpCommand, Terminal
from portal.domain.language import N_
from portal.mirror.client.push import push
from portal.mirror.client.tuf_client import roots_up_to
from portal.origin.installation import now


def add_push(app: typer.Typer, terminal: Terminal) -> None:
    """Add `portal push`."""
    _ = terminal.translate

    @app.command("push", cls=HelpCommand, help=_("Send a signed edition to a copy, which verifies its signatures."))
    def push_edition(
        folder: Annotated[Path, typer.Argument(metavar=_("EDITION"), help=_("The folder that “portal export” wrote."))],
        address: Annotated[str, typer.Argument(metavar=_("ADDRESS"), help=_("The copy's."))],
        socks: Annotated[str | None, socks_option(terminal)] = None,
    ) -> None:
        settings = terminal.settings(tor_socks=socks)
        with (
            closing(source_of(str(folder), settings, None)) as source,
            closing(source_of(address, settings, socks)) as to,
        ):
            number = push(source, to, roots_up_to(source, None)[-1], progress(terminal), now())
        terminal.say(N_("The copy at %(address)s serves edition %(number)s."), {"address": address, "number": number})
