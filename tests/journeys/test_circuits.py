"""Two people by two circuits of a real Tor network: one floods the portal with forms, and the other gets through."""

import asyncio
import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

import httpx
import pytest

from onion.launch import OwnTor
from portal.domain.limits import CIRCUIT_FORMS_A_MINUTE
from tests.origin_process import CHECKOUT, PORTAL, serving
from tests.routes.page import Page
from tests.tornet.guard import check_private
from tests.tornet.network import Network
from tests.tornet.node import running
from tests.tornet.socks import fetch

pytestmark = pytest.mark.tornet

TYPED = {"code": "mistyped", "passphrase": "six words that nobody has", "pseudonym": "Nausicaä"}


REACHABLE_SECONDS: Final = 90


@contextmanager
def behind_a_torrc(tornet: Network, folder: Path) -> Iterator[tuple[str, Path]]:
    """A portal behind a torrc's service that tells circuits, reached once; the onion's host and the door's socket."""
    service, door = folder / "service", folder / "door" / "onion"
    torrc = [f"DataDirectory {folder}/tor-data", "SocksPort 0", f"HiddenServiceDir {service}"]
    torrc += [f"HiddenServicePort 80 unix:{door}", "HiddenServiceExportCircuitID haproxy"]
    subprocess.run([*PORTAL, "init"], cwd=folder, env=os.environ | CHECKOUT, check=True, capture_output=True)
    with running(folder / "tor", [*tornet.membership, *torrc]):
        host = asyncio.run(hostname(service / "hostname"))
        told = {"ONION_ADDRESS": host, "ONION_SOCKET": str(door), "ONION_CIRCUITS": "true"}
        environment = {**CHECKOUT, **{f"PORTAL_{name}": value for name, value in told.items()}}
        with serving(folder, "--onion", "auto", environment=environment) as portal:
            asyncio.run(fetch(tornet.socks, host, "/fr/"))
            yield host, door
            assert portal.stop() == 0
            assert portal.process.stdout is not None
            assert portal.process.stdout.read() == ""


@contextmanager
def with_a_tor_of_its_own(tornet: Network, folder: Path) -> Iterator[tuple[str, Path]]:
    """A portal that starts its own Tor, which tells circuits, and reached itself; the same."""
    extra, door = folder / "extra", folder / "door" / "onion"
    extra.write_text("\n".join(tornet.membership), encoding="utf-8")
    check_private("\n".join(OwnTor(folder / "data" / "tor", extra=extra).torrc_lines()))
    subprocess.run([*PORTAL, "init"], cwd=folder, env=os.environ | CHECKOUT, check=True, capture_output=True)
    told = {"TOR_EXTRA_TORRC": str(extra), "ONION_SOCKET": str(door), "ONION_CIRCUITS": "true", "ONION": "launch"}
    environment = {**CHECKOUT, **{f"PORTAL_{name}": value for name, value in told.items()}}
    with serving(folder, "--onion", "launch", environment=environment) as portal:
        host = portal.onion_host(REACHABLE_SECONDS)
        yield host, door
        assert portal.stop() == 0
    recorded = (folder / "data" / "keys" / "onion.address").read_text().strip()
    assert (recorded, (folder / "data" / "tor" / "service" / "hostname").read_text().strip()) == (host, host)


Behind = Callable[[Network, Path], AbstractContextManager[tuple[str, Path]]]
WAYS: Final[dict[str, Behind]] = {
    "a service of Tor's own configuration": behind_a_torrc,
    "a Tor of the portal's own": with_a_tor_of_its_own,
}


async def hostname(file: Path) -> str:
    """What Tor wrote into `file`, as soon as it has."""
    async with asyncio.timeout(60):
        while not file.exists():
            await asyncio.sleep(0.2)
    return file.read_text().strip()


@contextmanager
def person(tornet: Network, host: str, name: str) -> Iterator[httpx.Client]:
    """Somebody with a circuit of their own: Tor keeps apart what comes with other SOCKS credentials."""
    proxy = f"socks5h://{name}:{name}@{tornet.socks}"
    with httpx.Client(proxy=proxy, base_url=f"http://{host}", timeout=60) as client:
        yield client


@pytest.mark.parametrize("behind", WAYS.values(), ids=WAYS.keys())
def test_one_who_floods_is_slowed_down_and_another_gets_through(
    behind: Behind, tornet: Network, tmp_path: Path
) -> None:
    with (
        behind(tornet, tmp_path) as (host, door),
        person(tornet, host, "flood") as flood,
        person(tornet, host, "camille") as camille,
    ):
        typed = TYPED | {"own_address": f"http://{host}"}
        answers = [flood.post("/fr/billet/", data=typed) for _ in range(CIRCUIT_FORMS_A_MINUTE + 8)]
        slowed = [answer for answer in answers if answer.status_code == 429]
        assert 1 <= len(slowed) <= 8
        assert int(slowed[-1].headers["retry-after"]) == 5
        assert Page(slowed[-1]).fields()["code"] == TYPED["code"]
        assert flood.get("/fr/programme/").status_code == 200
        assert camille.post("/fr/billet/", data=typed).status_code == 422
        assert said_without_the_line(door) == b""


def said_without_the_line(door: Path) -> bytes:
    """What the door answers to a request without Tor's line."""
    with socket.socket(socket.AF_UNIX) as caller:
        caller.settimeout(5)
        caller.connect(str(door))
        caller.sendall(b"GET /fr/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        try:
            return caller.recv(1)
        except ConnectionResetError:
            return b""
