"""The journey of an event that outlives its origin: copies of copies over a real Tor network, an edition handed on."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Timer
from typing import Final

import pytest

from portal.domain.event.event import Mirror
from tests.factories.command_line import CONFIRMED, fingerprint_of, publish, typed, verified, wait_for
from tests.factories.origin_process import CHECKOUT, PORTAL, Running, serving
from tests.tornet.network import Network
from tests.tornet.socks import fetch

pytestmark = pytest.mark.tornet

START_SECONDS: Final = 150
REACHED_SECONDS: Final = 90
PROGRAMME: Final = "/fr/programme/"
SIGNED: Final = "Your signature has reached the portal.\n"


@contextmanager
def mirror_folder(tornet: Network, folder: Path, address: str, root: str) -> Iterator[str]:
    """A copy of the portal or copy at `address`, with an onion of its own; the address of that."""
    folder.mkdir(exist_ok=True)
    words = ["mirror", address, "--root", root, "--socks", tornet.socks, "--port", "0", "--every", "1"]
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
    """Return whether `portal verify` says within some time that `address` is true, and of this edition."""
    until = time.monotonic() + REACHED_SECONDS
    while time.monotonic() < until:
        status, output = verified(folder, address, "--root", root, "--socks", tornet.socks)
        if status == 0 and f"is true: edition {edition}," in output:
            return True
    return False


@contextmanager
def origin_of_two_holders(tornet: Network, folder: Path, holder: Path) -> Iterator[tuple[Running, str]]:
    """A portal in `folder` behind an onion, whose editions its key and that in the folder `holder` sign; its onion."""
    for each in (folder, holder):
        each.mkdir()
    typed(folder, "init")
    typed(holder, "key", "new", "Billie")
    environment = {**CHECKOUT, "PORTAL_TOR_CONTROL": str(tornet.control)}
    with serving(folder, "--onion", "auto", environment=environment) as running:
        typed(folder, "key", "enrol", str(holder / "data" / "keys" / "holder.pub"))
        assert "is signed by 1 of 2" in typed(folder, "key", "threshold", "2")
        wait_for(f"{running.url}tuf/waiting/root.json", "signatures")
        host = running.onion_host(REACHED_SECONDS)
        asyncio.run(fetch(tornet.socks, host, PROGRAMME))
        output = typed(holder, "sign", f"http://{host}", "--socks", tornet.socks, answers=CONFIRMED)
        assert SIGNED in output
        yield running, f"http://{host}"


def sign_the_next_elsewhere(tornet: Network, elsewhere: Path, holder: Path, mirror: str) -> Path:
    """Publish from the folder `elsewhere`, let the holder sign there, and export; the folder of the edition.

    The edition has the `mirror` in its list, which does not have the edition yet.
    """
    listed = Mirror("first", "The first copy", "A community server", (mirror,))
    with serving(elsewhere, "--onion", "off", environment={**CHECKOUT, "PORTAL_TOR_SOCKS": tornet.socks}) as running:
        asyncio.run(publish(elsewhere / "data", listed))
        wait_for(f"{running.url}tuf/waiting/edition.json", "Another sentence")
        assert SIGNED in typed(holder, "sign", running.url, answers="y\n")
        assert "Edition 2 is in" in typed(elsewhere, "export", str(elsewhere / "next"))
        late = "<strong>Late by one edition</strong>: it shows edition 1, unaltered"
        wait_for(f"{running.url}en/mirrors/status/", late, REACHED_SECONDS)
    return elsewhere / "next"


def test_event_outlives_its_origin_over_tor(tornet: Network, tmp_path: Path) -> None:
    server, holder = tmp_path / "server", tmp_path / "holder"
    with ExitStack() as running:
        origin, address = running.enter_context(origin_of_two_holders(tornet, server, holder))
        root = fingerprint_of(server)
        first = running.enter_context(mirror_folder(tornet, tmp_path / "first", address, root))
        second = running.enter_context(mirror_folder(tornet, tmp_path / "second", first, root))
        origin.stop(signal.SIGKILL)
        elsewhere = tmp_path / "elsewhere"
        shutil.copytree(server / "data", elsewhere / "data", ignore=shutil.ignore_patterns("socket"))
        edition = sign_the_next_elsewhere(tornet, elsewhere, holder, first)
        output = typed(holder, "push", str(edition), first, "--socks", tornet.socks)
        assert "serves edition 2." in output
        assert f"Address: {first}\nReachable since " in typed(tmp_path / "first", "onion", "status")
        assert reaches(tornet, holder, first, root, 2)
        assert reaches(tornet, holder, second, root, 2)
