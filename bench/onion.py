"""The portal over its onion, beside a bare server's onion: both behind one Tor, on one private network, in one run."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory, mkdtemp
from typing import Final

import httpx

from bench.figure import Figure
from bench.programme import PATH
from onion.tor.addresses import TorAddress
from onion.tor.control import tor_control
from tests.checkout import ROOT
from tests.factories.origin_process import CHECKOUT, PORTAL, serving
from tests.tornet.network import Network, private_network
from tests.tornet.node import free_ports, running

CIRCUITS: Final = 12
PAGES: Final = 20
STARTS: Final = 7
RATIO: Final = 1.15
REACHABLE_SECONDS: Final = 120
POLL_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True)
class Stage:
    """The network, the Tor behind which both services are, by its control socket and SOCKS port, and a folder."""

    network: Network
    control: Path
    socks: str
    folder: Path

    def ours(self) -> Path:
        """Return a new folder with a portal that was never served."""
        folder = Path(mkdtemp(dir=self.folder))
        init = [*PORTAL, "init"]
        subprocess.run(init, cwd=folder, env=os.environ | CHECKOUT, check=True, stdout=subprocess.DEVNULL)
        return folder


def measure_latency() -> Figure:
    """Measure how long the programme takes over an open circuit: median over CIRCUITS of the median of PAGES."""
    with stage() as scene, reached_portal(scene, scene.ours()) as ours, bare(scene, answer_of(scene)) as other:
        rounds = [
            [over_one_circuit(scene.network.socks, host, f"circuit{number}") for host in (ours, other)]
            for number in range(CIRCUITS)
        ]
    latency, reference = (1000 * median(column) for column in zip(*rounds, strict=True))
    return Figure(
        "page over the onion",
        f"{latency:.1f} ms",
        f"{reference:.1f} ms (a bare server's onion, same page)",
        latency / reference,
        RATIO,
        is_ceiling=True,
    )


def measure_start() -> Figure:
    """From the start of the process until its onion is reached through Tor: median over STARTS, which take turns."""
    with stage() as scene:
        answer = answer_of(scene)
        rounds = [
            (until_open(reached_portal(scene, scene.ours())), until_open(bare(scene, answer))) for _ in range(STARTS)
        ]
    ours, reference = (median(column) for column in zip(*rounds, strict=True))
    return Figure(
        "serve to reachable",
        f"{ours:.1f} s",
        f"{reference:.1f} s (a bare server's onion)",
        ours / reference,
        RATIO,
        is_ceiling=True,
    )


@contextmanager
def stage() -> Iterator[Stage]:
    """Run a private network with one more Tor in it."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "network").mkdir()
        with private_network(folder / "network") as network:
            tor, socks = folder / "tor", f"127.0.0.1:{free_ports(1)[0]}"
            ports = [f"SocksPort {socks}", f"ControlSocket {tor}/control", "CookieAuthentication 1"]
            with running(tor, [*network.membership, f"DataDirectory {tor}/data", *ports]):
                asyncio.run(_joined(tor / "control"))
                yield Stage(network, tor / "control", socks, folder)


async def _joined(control: Path) -> None:
    async with asyncio.timeout(REACHABLE_SECONDS):
        while not control.exists():
            await asyncio.sleep(POLL_SECONDS)
        async with tor_control([TorAddress(control)], "") as opened:
            while "PROGRESS=100" not in (await opened.ask("GETINFO status/bootstrap-phase")).text:
                await asyncio.sleep(POLL_SECONDS)


@contextmanager
def reached_portal(scene: Stage, folder: Path) -> Iterator[str]:
    """Yield the host of the portal's onion, once it has reached itself."""
    environment = {**CHECKOUT, "PORTAL_TOR_CONTROL": str(scene.control)}
    with serving(folder, "--onion", "auto", environment=environment) as ours:
        yield ours.onion_host(REACHABLE_SECONDS)
        ours.stop()


def answer_of(scene: Stage) -> Path:
    """Return a file with the portal's answer for the programme, to be sent by the bare server."""
    with (
        serving(scene.ours()) as ours,
        httpx.stream("GET", ours.url + PATH[1:], headers={"accept-encoding": "gzip"}) as sent,
    ):
        body = b"".join(sent.iter_raw())
        head = "\n".join(f"{name}: {value}" for name, value in sent.headers.items() if name != "content-length")
    file = scene.folder / "answer"
    file.write_bytes(head.encode("ascii") + b"\n\n" + body)
    return file


@contextmanager
def bare(scene: Stage, answer: Path) -> Iterator[str]:
    """Yield the host of the onion of a bare server, once it is reached through Tor."""
    with TemporaryDirectory(dir=scene.folder) as folder:
        path = Path(folder) / "listener" / "socket"
        command = [sys.executable, "-m", "bench.bare", str(answer), str(path)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as server:
            assert server.stdout is not None
            server.stdout.readline()
            with asyncio.Runner() as runner:
                control = tor_control([TorAddress(scene.control)], "")
                opened = runner.run(control.__aenter__())
                reply = runner.run(opened.ask(f"ADD_ONION NEW:ED25519-V3 Flags=DiscardPK Port=80,unix:{path}")).text
                host = f"{reply.partition('=')[2].splitlines()[0]}.onion"
                until_reached(scene.socks, host)
                yield host
                runner.run(control.__aexit__(None, None, None))
            server.terminate()


def until_reached(socks: str, host: str) -> None:
    """Ask for the page until it comes."""
    until = time.monotonic() + REACHABLE_SECONDS
    for attempt in range(int(REACHABLE_SECONDS / POLL_SECONDS)):
        try:
            page(socks, host, f"attempt{attempt}")
        except httpx.HTTPError:
            assert time.monotonic() < until
            time.sleep(POLL_SECONDS)
        else:
            return


def page(socks: str, host: str, circuit: str) -> None:
    """Return the programme of `host`, over the circuit of that name."""
    with visitor(socks, host, circuit) as client:
        client.get(PATH).raise_for_status()


def over_one_circuit(socks: str, host: str, circuit: str) -> float:
    """Seconds that a page takes, the median of PAGES, once the circuit stands."""
    with visitor(socks, host, circuit) as client:
        client.get(PATH).raise_for_status()
        return median(timed(lambda: client.get(PATH).raise_for_status()) for _ in range(PAGES))


def visitor(socks: str, host: str, circuit: str) -> httpx.Client:
    """Somebody who comes over a circuit of their own: Tor gives each name at its SOCKS port another."""
    proxy = httpx.Proxy(f"socks5h://{socks}", auth=(circuit, host))
    return httpx.Client(proxy=proxy, base_url=f"http://{host}", timeout=60, trust_env=False)


def until_open(onion: AbstractContextManager[str]) -> float:
    """Return the seconds until `onion` is reached, and close it again."""
    began = time.monotonic()
    with onion:
        return time.monotonic() - began


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that `work` takes."""
    began = time.monotonic()
    work()
    return time.monotonic() - began
