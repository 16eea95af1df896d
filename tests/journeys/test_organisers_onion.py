"""The organisers' own onion over a real Tor network: nobody finds it without a key, nor with that of one who left."""

import asyncio
import base64
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Final

import pytest

from onion.identity.client_key import ClientKey
from tests.factories.origin_process import CHECKOUT, PORTAL, Running, serving
from tests.tornet.control import ask
from tests.tornet.network import Network
from tests.tornet.node import free_ports, running
from tests.tornet.socks import fetch, reaches
from tests.waiting import wait_until

pytestmark = pytest.mark.tornet

PUBLISH_SECONDS: Final = 180
REVOKED_SECONDS: Final = 180
SIGN_IN: Final = "/fr/organisation/"


@dataclass(frozen=True)
class Browser:
    """A Tor of somebody's own: its SOCKS port and its control socket."""

    socks: str
    control: Path

    def take(self, host: str, key: ClientKey) -> None:
        """Hand a key to Tor, as Tor Browser does with a key that is pasted into it."""
        reply = ask(self.control, f"ONION_CLIENT_AUTH_ADD {host.removesuffix('.onion')} {key.private_for_tor}")
        assert reply in ("OK", "Registered client and decrypted desc"), reply

    def sees(self, host: str, path: str) -> str:
        """The page at `path` of the onion."""
        return asyncio.run(fetch(self.socks, host, path))

    def reaches(self, host: str) -> bool:
        """Return whether one attempt reaches the onion."""
        return asyncio.run(reaches(self.socks, host))


@contextmanager
def browser(tornet: Network, folder: Path) -> Iterator[Browser]:
    """Somebody with a Tor of their own, which is a member of the network."""
    (port,) = free_ports(1)
    socks, control = f"127.0.0.1:{port}", folder / "control"
    torrc = [f"DataDirectory {folder}/data", f"SocksPort {socks}", f"ControlSocket {control}", "CookieAuthentication 1"]
    with running(folder, [*tornet.membership, *torrc]):
        wait_until(control.exists, PUBLISH_SECONDS)
        wait_until(lambda: "TAG=done" in ask(control, "GETINFO status/bootstrap-phase"), PUBLISH_SECONDS)
        yield Browser(socks, control)


def typed(folder: Path, *words: str) -> str:
    """Return the output of `portal` for a command line."""
    environment = os.environ | CHECKOUT
    return subprocess.run(
        [*PORTAL, *words], cwd=folder, env=environment, check=True, capture_output=True, text=True
    ).stdout


def key_for(folder: Path, name: str) -> ClientKey:
    """The onion key that the terminal shows for an organiser."""
    found = re.search(r"^    ([A-Z2-7]{52})$", typed(folder, "organiser", "onion-key", name), re.MULTILINE)
    assert found is not None
    return ClientKey(base64.b32decode(f"{found[1]}===="))


def onion_hosts(portal: Running) -> tuple[str, str]:
    """The hosts of the public onion and of the organisers' own, as soon as the portal has said both."""
    patterns = (r"Onion address: http://(\S+)\n", r"The organisers' own onion is reachable, with a key: http://(\S+)\n")
    hosts: dict[str, str] = {}
    assert portal.process.stdout is not None
    too_late = Timer(PUBLISH_SECONDS, portal.process.kill)
    too_late.start()
    try:
        for line in portal.process.stdout:
            portal.lines.append(line)
            hosts |= {pattern: found[1] for pattern in patterns if (found := re.fullmatch(pattern, line))}
            if len(hosts) == len(patterns):
                return hosts[patterns[0]], hosts[patterns[1]]
    finally:
        too_late.cancel()
    raise AssertionError(portal.lines)


def test_organisers_own_onion_is_found_with_a_key_alone_and_no_more_once_it_is_taken_back(
    tornet: Network, tmp_path: Path
) -> None:
    typed(tmp_path, "init", "--organiser", "Camille")
    typed(tmp_path, "organiser", "add", "Sacha")
    camilles, sachas = key_for(tmp_path, "Camille"), key_for(tmp_path, "Sacha")
    environment = {
        **CHECKOUT,
        "PORTAL_TOR_CONTROL": str(tornet.control),
        "PORTAL_ORGANISERS": "onion",
        "PORTAL_ORGANISERS_ONION": "true",
    }
    with (
        browser(tornet, tmp_path / "camille") as camille,
        browser(tornet, tmp_path / "sacha") as sacha,
        serving(tmp_path, "--onion", "auto", environment=environment) as portal,
    ):
        public, own = onion_hosts(portal)
        assert "Cette page n’existe pas" in sacha.sees(public, SIGN_IN)
        assert [sacha.reaches(own) for _ in range(2)] == [False, False]

        sacha.take(own, sachas)
        camille.take(own, camilles)
        for visitor in (sacha, camille):
            assert 'name="passphrase"' in visitor.sees(own, SIGN_IN)

        typed(tmp_path, "organiser", "remove", "Sacha", "--yes")
        wait_until(lambda: not sacha.reaches(own), REVOKED_SECONDS)
        assert [sacha.reaches(own) for _ in range(3)] == [False, False, False]
        assert 'name="passphrase"' in camille.sees(own, SIGN_IN)
        assert "Cette page n’existe pas" in sacha.sees(public, SIGN_IN)
        assert portal.stop() == 0
