"""The journey of an event that outlives its origin: copies of copies over a real Tor network, an edition handed on."""

import asyncio
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Timer
from typing import Final

import pytest

from tests.journeys.test_key_holders import publish, typed
from tests.journeys.test_mirror import fingerprint_of, verified
from tests.origin_process import CHECKOUT, PORTAL, serving
from tests.tornet.network import Network
from tests.tornet.socks import fetch

pytestmark = pytest.mark.tornet

START_SECONDS: Final = 150
REACHED_SECONDS: Final = 90
PROGRAMME: Final = "/fr/programme/"


@contextmanager
def copy_of(tornet: Network, folder: Path, address: str, root: str) -> Iterator[str]:
    """A copy of the portal or copy at `address`, with an onion of its own; the address of that."""
    folder.mkdir(exist_ok=True)
    words = ["mirror", address, "--root", root, "--socks", tornet.socks, "--port", "0", "--onion", "auto"]
    environment = os.environ | CHECKOUT | {"PORTAL_TOR_CONTROL": str(tornet.control)}
    with subprocess.Popen(
        [*PORTAL, *words], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        too_late = Timer(START_SECONDS, process.kill)
        too_late.start()
        lines = []
        try:
            assert process.stdout is not None
            for line in process.stdout:
                lines.append(line)
                if found := re.fullmatch(r"Onion address: (http://[a-z2-7]{56}\.onion)\n", line):
                    break
            else:
                raise AssertionError(lines)
            asyncio.run(fetch(tornet.socks, found[1].removeprefix("http://"), PROGRAMME))
            yield found[1]
        finally:
            too_late.cancel()
            process.kill()


def reaches(tornet: Network, folder: Path, address: str, root: str, edition: int) -> bool:
    """Whether `portal verify` says within some time that `address` is true, and of this edition."""
    until = time.monotonic() + REACHED_SECONDS
    while time.monotonic() < until:
        status, said = verified(folder, address, "--root", root, "--socks", tornet.socks)
        if status == 0 and f"is true: edition {edition}," in said:
            return True
    return False


def test_event_outlives_its_origin_over_tor(tornet: Network, tmp_path: Path) -> None:
    home = tmp_path / "origin"
    home.mkdir()
    typed(home, "init")
    root = fingerprint_of(home)
    environment = {**CHECKOUT, "PORTAL_TOR_CONTROL": str(tornet.control)}
    with ExitStack() as running:
        origin = running.enter_context(serving(home, "--onion", "auto", environment=environment))
        host = origin.onion_host(REACHED_SECONDS)
        asyncio.run(fetch(tornet.socks, host, PROGRAMME))
        first = running.enter_context(copy_of(tornet, tmp_path / "first", f"http://{host}", root))
        origin.stop(signal.SIGKILL)
        with copy_of(tornet, tmp_path / "second", first, root) as second:
            assert reaches(tornet, home, second, root, 1)

        asyncio.run(publish(home / "data"))
        typed(home, "export", str(tmp_path / "next"))
        assert "serves edition 2." in typed(home, "push", str(tmp_path / "next"), first, "--socks", tornet.socks)
        assert reaches(tornet, home, first, root, 2)
        with copy_of(tornet, tmp_path / "second", first, root) as second:
            assert reaches(tornet, home, second, root, 2)
