"""A real Tor that never touches any network: enough for all that is said at its control socket."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.tornet.node import running

START_SECONDS: Final = 60


@contextmanager
def offline_tor(folder: Path, *lines: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a Tor whose control socket `folder`/control answers, with `lines` more in its torrc; ended on leaving."""
    control = folder / "control"
    torrc = ["DisableNetwork 1", "SocksPort 0", f"DataDirectory {folder}/data", f"ControlSocket {control}", *lines]
    with running(folder, torrc, offline=True) as process:
        until = time.monotonic() + START_SECONDS
        while not control.exists():
            assert process.poll() is None and time.monotonic() < until, (folder / "log").read_text()
            time.sleep(0.05)
        _wait_for_an_answer(control)
        yield process


def _wait_for_an_answer(control: Path) -> None:
    """Return once Tor has read its whole torrc and made what it names: only then does it answer."""
    with socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(START_SECONDS)
        asking.connect(str(control))
        asking.sendall(b"PROTOCOLINFO 1\r\nQUIT\r\n")
        assert asking.recv(1)
