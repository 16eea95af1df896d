"""One Tor of the private network: its torrc, its identities, its process."""

import os
import re
import socket
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.tornet.guard import check_offline, check_private

STOP_SECONDS: Final = 5
# The tools that make identities want some authority before the real ones are known; they stay without network.
AUTHORITY_TO_COME: Final = f"DirAuthority none orport=1 v3ident={'0' * 40} 127.0.0.1:1 {'0' * 40}"
OFFLINE: Final = ("DisableNetwork 1", "TestingTorNetwork 1", AUTHORITY_TO_COME)


@dataclass(frozen=True)
class Node:
    """A Tor with its `folder`; `port` is its ORPort and `directory_port` its DirPort, 0 where it has none."""

    folder: Path
    port: int = 0
    directory_port: int = 0

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def fingerprint(self) -> str:
        """Return the fingerprint of the relay's RSA identity, which is made when it is absent."""
        torrc = [*OFFLINE, f"DataDirectory {self.data}", f"Nickname {self.name}", f"ORPort 127.0.0.1:{self.port}"]
        output = run_offline(self.folder / "torrc.identity", torrc, "--list-fingerprint", "--quiet")
        return "".join(output.split()[1:])

    def certify(self) -> str:
        """Make the keys of a directory authority; its v3 identity's fingerprint."""
        keys = self.data / "keys"
        keys.mkdir(parents=True, mode=0o700)
        names = {"-i": "authority_identity_key", "-s": "authority_signing_key", "-c": "authority_certificate"}
        files = [word for option, name in names.items() for word in (option, str(keys / name))]
        address = f"127.0.0.1:{self.directory_port}"
        command = ["tor-gencert", "--create-identity-key", "-m", "12", "-a", address, "--passphrase-fd", "0", *files]
        subprocess.run(command, input="a passphrase of the tests\n", text=True, check=True, capture_output=True)
        certificate = (keys / "authority_certificate").read_text(encoding="ascii")
        found = re.search(r"^fingerprint ([0-9A-F]{40})$", certificate, re.MULTILINE)
        assert found is not None, certificate
        return found.group(1)


def run_offline(file: Path, torrc: Sequence[str], *arguments: str) -> str:
    """Run a `tor` that ends by itself with `torrc`, written to `file`, without network; return its output."""
    text = "".join(f"{line}\n" for line in torrc)
    check_offline(text)
    file.write_text(text, encoding="utf-8")
    command = ["tor", "-f", str(file), "--defaults-torrc", os.devnull, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@contextmanager
def running(folder: Path, torrc: Sequence[str], *, offline: bool = False) -> Iterator[subprocess.Popen[bytes]]:
    """Start a `tor` with `torrc`, ended on leaving, or at the latest 15 s after the end of this process.

    Raises `PublicNetworkError`, before anything starts, unless it is private or, on wish, offline.
    """
    text = "".join(f"{line}\n" for line in (*torrc, f"__OwningControllerProcess {os.getpid()}"))
    (check_offline if offline else check_private)(text)
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / "torrc"
    file.write_text(text, encoding="utf-8")
    with (folder / "log").open("wb") as log:
        command = ["tor", "-f", str(file), "--defaults-torrc", os.devnull]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_ports(count: int) -> list[int]:
    """`count` TCP ports of loopback that nothing listens on; all are held until the last is found."""
    with ExitStack() as opened:
        sockets: Iterable[socket.socket] = [opened.enter_context(socket.socket()) for _ in range(count)]
        return [_bound(sock) for sock in sockets]


def _bound(opened: socket.socket) -> int:
    opened.bind(("127.0.0.1", 0))
    port: int = opened.getsockname()[1]
    return port
