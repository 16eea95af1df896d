"""Attendees who come by the onion, over a real Tor network, to a portal that runs as a process."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx
import pytest

from onion.tor.launch import OwnTor
from tests.factories.origin_process import CHECKOUT, PORTAL, Running, init_ahead, serving
from tests.factories.page import Page
from tests.tornet.guard import check_private
from tests.tornet.network import Network
from tests.tornet.node import free_ports
from tests.tornet.processes import is_running
from tests.waiting import PATIENCE, let_a_form_age, wait_until

pytestmark = pytest.mark.tornet

REACHABLE_SECONDS: Final = 90
HEALED_SECONDS: Final = 120
"""A little more than the form of registration must have been open for."""
PUBLIC_URL: Final = "https://portal.example"
PROGRAMME: Final = "/fr/programme/"
CIRCUITS: Final = 10
ATTENDEES: Final = 50
NEW_PASSPHRASE: Final = "a passphrase of their own"


@dataclass
class Visitor:
    """Somebody with a client that goes through Tor; `page` is what they see."""

    client: httpx.Client
    page: Page = field(init=False)

    def go(self, path: str) -> Page:
        self.page = Page(self.client.get(path))
        return self.page

    def send(self, to: str, **typed: str) -> Page:
        """Send the form that goes to `to`, with what was `typed` in it."""
        fields = self.page.fields(to) | typed
        self.page = Page(self.client.post(self.page.action(to), data=fields))
        return self.page


@contextmanager
def portal_behind(folder: Path, *arguments: str, **environment: str) -> Iterator[tuple[Running, str]]:
    """A portal in `folder`, which has reached itself by its onion, and the onion's host."""
    if not (folder / "data").exists():
        subprocess.run(init_ahead(folder), cwd=folder, env=os.environ | CHECKOUT, check=True, capture_output=True)
    settings = {**CHECKOUT, "PORTAL_PUBLIC_URL": PUBLIC_URL, **environment}
    with serving(folder, *arguments, environment=settings) as running:
        yield running, running.onion_host(REACHABLE_SECONDS)


@contextmanager
def visit(tornet: Network, host: str) -> Iterator[Visitor]:
    with httpx.Client(proxy=f"socks5h://{tornet.socks}", base_url=f"http://{host}", timeout=PATIENCE) as client:
        yield Visitor(client)


def test_attendee_registers_comes_back_changes_and_cancels_by_the_onion(tornet: Network, tmp_path: Path) -> None:
    control = {"PORTAL_TOR_CONTROL": str(tornet.control)}
    (port,) = free_ports(1)
    auto = ("--onion", "auto", "--port", str(port))
    with portal_behind(tmp_path, *auto, **control) as (running, host), visit(tornet, host) as visitor:
        programme = visitor.go(PROGRAMME).response
        by_clearnet = httpx.get(f"http://127.0.0.1:{port}{PROGRAMME}", timeout=PATIENCE)
        assert (programme.status_code, programme.content) == (200, by_clearnet.content)
        assert by_clearnet.headers.get_list("onion-location") == [f"http://{host}{PROGRAMME}"]
        assert "onion-location" not in programme.headers

        visitor.go("/en/registration/")
        code, passphrase = (
            visitor.page.text_of("//*[@class='code']"),
            visitor.page.fields("registration/")["passphrase"],
        )
        let_a_form_age()
        assert visitor.send("registration/", pseudonym="Nausicaä").heading == "You have a seat"
        assert visitor.page.text_of("//dd[@class='code']") == code
        assert running.stop() == 0

    with portal_behind(tmp_path, *auto, **control) as (running, host_again), visit(tornet, host_again) as visitor:
        assert host_again == host
        visitor.go("/en/ticket/")
        assert visitor.send("ticket/", code=code, passphrase=passphrase).heading == "You have a seat"
        assert "Nausicaä" in visitor.page.text
        assert visitor.send("pseudonym/", pseudonym="Ada").facts()["Pseudonym"] == "Ada"
        assert visitor.send("passphrase/").heading == "Change the passphrase"
        assert visitor.send("passphrase/", passphrase=NEW_PASSPHRASE).heading == "You have a seat"
        visitor.go("/en/ticket/")
        assert visitor.send("ticket/", code=code, passphrase=passphrase).status == 403
        assert visitor.send("ticket/", code=code, passphrase=NEW_PASSPHRASE).heading == "You have a seat"
        visitor.send("cancel/")
        assert visitor.send("cancel/").heading == "It is erased"
        visitor.go("/en/ticket/")
        assert visitor.send("ticket/", code=code, passphrase=NEW_PASSPHRASE).status == 403
        assert running.stop() == 0


async def register(client: httpx.AsyncClient) -> str:
    """Register as a person does; the code on the ticket."""
    page = Page(await client.get("/en/registration/"))
    await asyncio.to_thread(let_a_form_age)
    ticket = Page(await client.post(page.action("registration/"), data=page.fields("registration/")))
    assert ticket.heading == "You have a seat", ticket.text
    return ticket.text_of("//dd[@class='code']")


async def register_all(tornet: Network, host: str) -> list[str]:
    """The codes of everybody: Tor gives each name at its SOCKS port a circuit, which several people share."""
    host, clients = f"http://{host}", []
    for number in range(ATTENDEES):
        proxy = httpx.Proxy(f"socks5h://{tornet.socks}", auth=(f"circuit{number % CIRCUITS}", "x"))
        clients.append(httpx.AsyncClient(proxy=proxy, base_url=host, timeout=PATIENCE))
    try:
        return await asyncio.gather(*map(register, clients))
    finally:
        await asyncio.gather(*(client.aclose() for client in clients))


def test_fifty_attendees_register_at_once_by_ten_circuits(tornet: Network, tmp_path: Path) -> None:
    control = {"PORTAL_TOR_CONTROL": str(tornet.control)}
    with portal_behind(tmp_path, "--onion", "auto", **control) as (running, host):
        codes = asyncio.run(register_all(tornet, host))
        assert (len(codes), len(set(codes))) == (ATTENDEES, ATTENDEES)
        assert running.stop() == 0


def onion_status(folder: Path) -> int:
    """Return the exit status of `portal onion status`."""
    return subprocess.run([*PORTAL, "onion", "status"], cwd=folder, env=os.environ | CHECKOUT, check=False).returncode


def test_portal_with_a_tor_of_its_own_heals_when_that_is_killed_and_ends_with_it(
    tornet: Network, tmp_path: Path
) -> None:
    extra, pid_file = tmp_path / "extra", tmp_path / "pid"
    extra.write_text("\n".join((*tornet.membership, f"PidFile {pid_file}")), encoding="utf-8")
    check_private("\n".join(OwnTor(tmp_path / "data" / "tor", extra=extra).torrc_lines()))
    (port,) = free_ports(1)
    launch = ("--onion", "launch", "--port", str(port))
    with portal_behind(tmp_path, *launch, PORTAL_TOR_EXTRA_TORRC=str(extra)) as (running, host):

        def is_pointed_to() -> bool:
            return "onion-location" in httpx.get(f"http://127.0.0.1:{port}{PROGRAMME}", timeout=PATIENCE).headers

        with visit(tornet, host) as visitor:
            assert visitor.go(PROGRAMME).status == 200
        assert (is_pointed_to(), onion_status(tmp_path)) == (True, 0)
        os.kill(int(pid_file.read_text()), signal.SIGKILL)
        wait_until(lambda: not is_pointed_to(), HEALED_SECONDS)
        assert onion_status(tmp_path) == 1
        wait_until(is_pointed_to, HEALED_SECONDS)
        assert onion_status(tmp_path) == 0
        pid = int(pid_file.read_text())
        assert is_running(pid)
        assert running.stop() == 0
        wait_until(lambda: not is_running(pid), HEALED_SECONDS)
    assert onion_status(tmp_path) == 2
    folder = tmp_path / "data" / "tor"
    assert [path.stat().st_mode & 0o777 for path in (folder, folder / "data")] == [0o700, 0o700]
