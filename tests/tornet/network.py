"""A private Tor network on loopback: three authorities that are relays too, three relays, one client.

Nothing of it can reach the public network: see `tests.tornet.guard`.
"""

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Final

from tests.tornet.control import ask
from tests.tornet.node import Node, free_ports, running

AUTHORITIES: Final = 3
RELAYS: Final = 3
START_SECONDS: Final = 180
POLL_SECONDS: Final = 0.5
LOG_CHARACTERS: Final = 4000

MEMBER: Final = (
    "TestingTorNetwork 1",
    "Address 127.0.0.1",
    "AssumeReachable 1",
    "PathsNeededToBuildCircuits 0.67",
    "TestingDirAuthVoteExit *",
    "TestingDirAuthVoteHSDir *",
    "TestingDirAuthVoteGuard *",
    "TestingMinExitFlagThreshold 0",
    "V3AuthNIntervalsValid 2",
    "ExitRelay 0",
    "ShutdownWaitLength 0",
    "Log notice stdout",
)
AUTHORITY: Final = (
    "AuthoritativeDirectory 1",
    "V3AuthoritativeDirectory 1",
    "ContactInfo nobody",
    "V3AuthVotingInterval 10",
    "V3AuthVoteDelay 2",
    "V3AuthDistDelay 2",
    "TestingV3AuthInitialVotingInterval 5",
    "TestingV3AuthInitialVoteDelay 2",
    "TestingV3AuthInitialDistDelay 2",
)


class NetworkError(Exception):
    """The private network did not come up."""


@dataclass(frozen=True)
class Network:
    """The running network: how to reach its client, and the lines that make another Tor a member of it."""

    control: Path
    socks: str
    membership: tuple[str, ...]
    started_in: float


@contextmanager
def private_network(folder: Path) -> Iterator[Network]:
    """Start the network; ready once its client can build circuits through it; everything is ended on leaving.

    Raises `NetworkError` with the end of a log when a node ends, or when all takes more than `START_SECONDS`.
    """
    began = time.monotonic()
    ports = free_ports(2 * AUTHORITIES + RELAYS + 1)
    authorities = [Node(_made(folder / f"auth{n}"), ports[2 * n], ports[2 * n + 1]) for n in range(AUTHORITIES)]
    relays = [Node(_made(folder / f"relay{n}"), ports[2 * AUTHORITIES + n]) for n in range(RELAYS)]
    with ThreadPoolExecutor() as pool:
        membership = (*MEMBER, *pool.map(_authority_line, authorities))
    client = _made(folder / "client")
    control, socks = client / "control", f"127.0.0.1:{ports[-1]}"
    torrcs = {node.folder: [*AUTHORITY, *_relay_lines(node)] for node in authorities}
    torrcs |= {node.folder: _relay_lines(node) for node in relays}
    torrcs[client] = [f"DataDirectory {client}/data", f"SocksPort {socks}", f"ControlSocket {control}"]
    processes: dict[Path, Popen[bytes]] = {}
    with ExitStack() as ended:
        for name, torrc in torrcs.items():
            processes[name] = ended.enter_context(running(name, [*membership, *torrc, "CookieAuthentication 1"]))
        _wait_for_circuits(control, began + START_SECONDS, processes)
        yield Network(control, socks, membership, time.monotonic() - began)


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700)
    return folder


def _authority_line(node: Node) -> str:
    identity = node.certify()
    address = f"127.0.0.1:{node.directory_port}"
    return f"DirAuthority {node.name} orport={node.port} v3ident={identity} {address} {node.fingerprint()}"


def _relay_lines(node: Node) -> list[str]:
    lines = [f"Nickname {node.name}", f"DataDirectory {node.data}", f"ORPort 127.0.0.1:{node.port}", "SocksPort 0"]
    return [*lines, f"DirPort 127.0.0.1:{node.directory_port}"] if node.directory_port else lines


def _wait_for_circuits(control: Path, until: float, processes: Mapping[Path, Popen[bytes]]) -> None:
    while not (control.exists() and _is_ready(control)):
        failed = [folder for folder, process in processes.items() if process.poll() is not None]
        if failed or time.monotonic() > until:
            log = (failed or [control.parent])[0] / "log"
            raise NetworkError(f"the private network did not come up; {log} says:\n{log.read_text()[-LOG_CHARACTERS:]}")
        time.sleep(POLL_SECONDS)


def _is_ready(control: Path) -> bool:
    """Tell whether the client knows every relay as a directory of onion services, and has a circuit."""
    known = ask(control, "GETINFO ns/all").count("HSDir")
    return known == AUTHORITIES + RELAYS and "established=1" in ask(control, "GETINFO status/circuit-established")
