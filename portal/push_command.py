"""The command `portal push`: an edition that holders have signed is handed to a copy, when the origin cannot."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from portal.domain.language import N_
from portal.mirror.fetching import source_at
from portal.mirror.follow import roots_up_to
from portal.mirror.offer import push
from portal.mirror_command import progress
from portal.sign_command import TOR, socks_option
from portal.terminal import HelpCommand, Terminal


def add_push(app: typer.Typer, terminal: Terminal) -> None:
    """`portal push`."""
    _ = terminal.translate

    @app.command("push", cls=HelpCommand, help=_("Hand a signed edition to a copy, which takes it by its signatures."))
    def push_edition(
        folder: Annotated[Path, typer.Argument(metavar=_("EDITION"), help=_("The folder that “portal export” wrote."))],
        address: Annotated[str, typer.Argument(metavar=_("ADDRESS"), help=_("The copy's."))],
        socks: Annotated[str | None, socks_option(terminal)] = None,
    ) -> None:
        with (
            closing(source_at(str(folder), None, TOR)) as source,
            closing(source_at(address, socks, socks or TOR)) as to,
        ):
            number = push(source, to, roots_up_to(source, None), progress(terminal))
        terminal.say(N_("The copy at %(address)s serves edition %(number)s."), {"address": address, "number": number})
