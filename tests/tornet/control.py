"""Questions to the control socket of a Tor of the tests."""

from pathlib import Path

import stem
import stem.connection
import stem.socket


def ask(control: Path, question: str) -> str:
    """Tor's answer to one `question` (control-spec §3) on a connection of its own; "" while Tor does not answer."""
    try:
        with stem.socket.ControlSocketFile(str(control)) as opened:
            stem.connection.authenticate(opened)
            opened.send(question)
            return str(opened.recv())
    except stem.ControllerError:
        return ""
