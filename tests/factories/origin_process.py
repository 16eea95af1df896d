"""The portal as a person starts it: a process of its own, whose lines are read and which is stopped by a signal."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Timer
from typing import Final

from portal.site.bundled import bundled
from tests.checkout import ROOT

CHEAP: Final = {"PORTAL_ARGON2_MEMORY_KIB": "64", "PORTAL_ARGON2_PASSES": "1", "LC_ALL": "C.UTF-8"}
"""An environment in which a passphrase costs next to nothing, and the terminal speaks English."""

CHECKOUT: Final = {**CHEAP, "PYTHONPATH": str(ROOT)}
"""The same, and this very code from whatever folder."""

PORTAL: Final = (sys.executable, "-m", "portal")
STOP_SECONDS: Final = 60


def sample_ahead() -> str:
    """Return the sample event's file with a day a month ahead, so that people may register."""
    sample = (bundled("events") / "onestla.toml").read_text(encoding="utf-8")
    day = datetime.now(UTC).date() + timedelta(days=30)
    return re.sub(r'^day = ".*"$', f'day = "{day}"', sample, flags=re.MULTILINE)


def init_ahead(folder: Path) -> tuple[str, ...]:
    """Return the command that sets up that event, whose file goes into `folder`."""
    file = folder / "ahead.toml"
    file.write_text(sample_ahead(), encoding="utf-8")
    return (*PORTAL, "init", "--event", str(file))


def is_spinner_line(line: str) -> bool:
    """Return whether `line` is that of the spinner, as on a busy machine: `Making the pages…`, no `name.fr = …`."""
    return re.search(r"\w…\n$", line) is not None


@dataclass
class Running:
    """A portal that answers at `url` (with a slash at the end); `lines` are what it said until then."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    url: str = ""

    def onion_host(self, seconds: float) -> str:
        """Return the host of the onion once the portal says that it is reached; kill the portal if that is late."""
        assert self.process.stdout is not None
        too_late = Timer(seconds, self.process.kill)
        too_late.start()
        try:
            for line in self.process.stdout:
                self.lines.append(line)
                if found := re.fullmatch(r"Onion address: http://([a-z2-7]{56}\.onion)\n", line):
                    return found[1]
        finally:
            too_late.cancel()
        raise AssertionError(self.lines)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send the signal and return the exit status."""
        self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS)


@contextmanager
def serving(
    folder: Path, *arguments: str, command: Sequence[str] = PORTAL, environment: Mapping[str, str] = CHECKOUT
) -> Iterator[Running]:
    """Run `portal serve` in `folder`, at a free port and without an onion unless `arguments` say otherwise."""
    with subprocess.Popen(
        [*command, "serve", "--port", "0", "--onion", "off", *arguments],
        cwd=folder,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        running = Running(process)
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if is_spinner_line(line):
                    continue
                running.lines.append(line.rstrip("\n"))
                if found := re.search(r"http://[\w.\[\]:]+/", line):
                    running.url = found[0]
                if line.startswith("Onion"):
                    break
            yield running
        finally:
            if process.poll() is None:
                process.kill()
