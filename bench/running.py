"""Real servers on loopback, each in a process of its own, and what they take of the machine."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from tests.checkout import ROOT
from tests.factories.origin_process import init_ahead

ORGANISER: Final = "organisation"
"""The first organiser, whom `portal init` makes."""
_ADDRESS: Final = re.compile(r"http://127\.0\.0\.1:(\d+)/")


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers on `port` of 127.0.0.1, its process, and the lines that it goes on to say."""

    port: int
    pid: int
    lines: Iterator[str]
    passphrase: str = ""
    """That of ORGANISER, where it is a portal."""

    @property
    def url(self) -> str:
        """Return its root, without a trailing slash."""
        return f"http://127.0.0.1:{self.port}"

    def memory_kib(self, what: str) -> int:
        """`VmRSS` (held now) or `VmHWM` (held at most) of the process, in KiB (proc(5))."""
        lines = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(what))

    def forget_peak(self) -> None:
        """Let `VmHWM` begin anew (proc(5), clear_refs)."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5", encoding="ascii")


@contextmanager
def portal(folder: Path, per_minute: int = 1_000_000) -> Iterator[Server]:
    """Yield the portal as `portal serve` runs it, with the sample event a month ahead, set up in `folder`.

    It takes so many registrations `per_minute`: as many as the machine can, unless that is what is measured.
    """
    environment = unset_environment()
    environment["PORTAL_REGISTRATIONS_PER_MINUTE"] = str(per_minute)
    portal = [sys.executable, "-m", "portal"]
    init = [*init_ahead(folder.parent), "--data", str(folder)]
    output = subprocess.run(init, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    serve = [*portal, "serve", "--data", str(folder), "--port", "0", "--onion", "off"]
    with running(serve, environment) as server:
        yield replace(server, passphrase=passphrase_in(output))


def passphrase_in(output: str) -> str:
    """Return the passphrase of the first organiser, in the `output` of `portal init`."""
    return next(line.strip() for line in output.splitlines() if line.startswith("    "))


def unset_environment() -> dict[str, str]:
    """Return the environment without any setting of a portal."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}


@contextmanager
def running(command: Sequence[str], environment: dict[str, str] | None = None) -> Iterator[Server]:
    """Yield the server that `command` starts, once it has printed its address; it is stopped at the end."""
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        found = next(match for line in process.stdout if (match := _ADDRESS.search(line)))
        yield Server(int(found[1]), process.pid, iter(process.stdout))
    finally:
        process.terminate()
        process.wait(timeout=10)
        process.stdout.close()
