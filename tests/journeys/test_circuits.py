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

from onion.tor.launch import OwnTor
from portal.domain.limits import CIRCUIT_FORMS_A_MINUTE
from tests.factories.origin_process import CHECKOUT, PORTAL, serving
from tests.factories.page import Page
from tests.tornet.guard import check_private
from tests.tornet.network import Network
from tests.tornet.node import running
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.tornet

TYPED = {"code": "mistyped", "passphrase": "six words that nobody has", "pseudonym": "Nausicaä"}


REACHABLE_SECONDS: Final = 90


@contextmanager
def portal_in(folder: Path, mode: str, **settings: str) -> Iterator[tuple[str, Path]]:
    """A portal in `folder` that reached itself by an onion that tells circuits; the onion's host and the door's socket.

    From then on it has nothing to tell; only stem says that the control connection has ended.
    """
    chosen = {"onion_socket": str(socket_in(folder)), "onion": mode, **settings}
    environment = {**CHECKOUT, **{f"PORTAL_{name.upper()}": value for name, value in chosen.items()}}
    subprocess.run([*PORTAL, "init"], cwd=folder, env=os.environ | CHECKOUT, check=True, capture_output=True)
    with serving(folder, "--onion", mode, environment=environment) as portal:
        yield portal.onion_host(REACHABLE_SECONDS), socket_in(folder)
        assert portal.stop() == 0
        assert portal.process.stdout is not None
        assert [line for line in portal.process.stdout if not line.startswith("INFO stem: ")] == []


def socket_in(folder: Path) -> Path:
    """Return the socket of the onion's listener."""
    return folder / "listener" / "onion"


@contextmanager
def behind_a_torrc(tornet: Network, folder: Path) -> Iterator[tuple[str, Path]]:
    """The service is one of the torrc of a Tor that was there before."""
    service = folder / "service"
    torrc = [f"DataDirectory {folder}/tor-data", "SocksPort 0", f"HiddenServiceDir {service}"]
    torrc += [f"HiddenServicePort 80 unix:{socket_in(folder)}", "HiddenServiceExportCircuitID haproxy"]
    with running(folder / "tor", [*tornet.membership, *torrc]):
        host = asyncio.run(hostname(service / "hostname"))
        with portal_in(folder, "auto", onion_address=host, onion_circuits="true", tor_socks=tornet.socks) as served:
            yield served


@contextmanager
def with_a_tor_of_its_own(tornet: Network, folder: Path) -> Iterator[tuple[str, Path]]:
    """The portal starts its own Tor, and writes the service into its torrc: that is so without being asked for."""
    extra, data = folder / "extra", folder / "data"
    extra.write_text("\n".join(tornet.membership), encoding="utf-8")
    check_private("\n".join(OwnTor(data / "tor", extra=extra).torrc_lines()))
    with portal_in(folder, "launch", tor_extra_torrc=str(extra)) as served:
        kept = [(data / name).read_text().strip() for name in ("keys/onion.address", "tor/service/hostname")]
        assert kept == [served[0]] * 2
        yield served


Behind = Callable[[Network, Path], AbstractContextManager[tuple[str, Path]]]
WAYS: Final[dict[str, Behind]] = {
    "a service of Tor's own configuration": behind_a_torrc,
    "a Tor of the portal's own": with_a_tor_of_its_own,
}


async def hostname(file: Path) -> str:
    """Return the text that Tor wrote into `file`, as soon as it has."""
    await until(lambda: file.exists() and file.read_text())
    return file.read_text().strip()


@contextmanager
def person(tornet: Network, host: str, name: str) -> Iterator[httpx.Client]:
    """Somebody with a circuit of their own: Tor keeps apart what comes with other SOCKS credentials."""
    proxy = f"socks5h://{name}:{name}@{tornet.socks}"
    with httpx.Client(proxy=proxy, base_url=f"http://{host}", timeout=PATIENCE) as client:
        yield client


@pytest.mark.parametrize("behind", WAYS.values(), ids=WAYS.keys())
def test_one_who_floods_is_slowed_down_and_another_gets_through(
    behind: Behind, tornet: Network, tmp_path: Path
) -> None:
    with (
        behind(tornet, tmp_path) as (host, listener),
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
        assert said_without_the_line(listener) == b""


def said_without_the_line(listener: Path) -> bytes:
    """Return the answer of the listener to a request without Tor's line."""
    with socket.socket(socket.AF_UNIX) as caller:
        caller.settimeout(5)
        caller.connect(str(listener))
        caller.sendall(b"GET /fr/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        try:
            return caller.recv(1)
        except ConnectionResetError:
            return b""
