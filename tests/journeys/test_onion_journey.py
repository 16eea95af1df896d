"""The journey of an attendee who comes by the onion, over a real Tor network, to a portal that runs as a process."""

import asyncio
import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import Final

import httpx
import pytest

from tests.origin_process import CHECKOUT, PORTAL, Running, serving
from tests.routes.page import Page
from tests.tornet.network import Network
from tests.tornet.node import free_ports
from tests.tornet.socks import fetch

pytestmark = pytest.mark.tornet

PUBLISH_SECONDS: Final = 60
FORM_SECONDS: Final = 2.1
"""A little more than a form must have been open for."""
PUBLIC_URL: Final = "https://portal.example"
PROGRAMME: Final = "/fr/programme/"


@dataclass
class Visitor:
    """Somebody with a client that goes through Tor; `page` is what they see."""

    client: httpx.Client
    page: Page = field(init=False)

    def go(self, path: str) -> Page:
        self.page = Page(self.client.get(path))
        return self.page

    def send(self, to: str, **typed: str) -> Page:
        """Send the form that goes to `to`, with what was `typed` in it, after the time that a person takes."""
        fields = self.page.fields(to) | typed
        time.sleep(FORM_SECONDS)
        self.page = Page(self.client.post(self.page.action(to), data=fields))
        return self.page


def said_address(running: Running) -> str:
    """The host of the onion, as soon as the portal says it; a portal that is late with it is killed."""
    assert running.process.stdout is not None
    too_late = Timer(PUBLISH_SECONDS, running.process.kill)
    too_late.start()
    try:
        for line in running.process.stdout:
            running.lines.append(line)
            if found := re.fullmatch(r"Onion address: http://([a-z2-7]{56}\.onion)\n", line):
                return found[1]
    finally:
        too_late.cancel()
    raise AssertionError(running.lines)


@contextmanager
def portal_behind(tornet: Network, folder: Path, port: int) -> Iterator[tuple[Running, str]]:
    """A portal in `folder`, its onion reached once, and the onion's host."""
    environment = {**CHECKOUT, "PORTAL_TOR_CONTROL": str(tornet.control), "PORTAL_PUBLIC_URL": PUBLIC_URL}
    arguments = ("--onion", "auto", "--port", str(port))
    with serving(folder, *arguments, environment=environment) as running:
        host = said_address(running)
        asyncio.run(fetch(tornet.socks, host, PROGRAMME))
        yield running, host


@contextmanager
def visit(tornet: Network, host: str) -> Iterator[Visitor]:
    with httpx.Client(proxy=f"socks5h://{tornet.socks}", base_url=f"http://{host}", timeout=60) as client:
        yield Visitor(client)


def test_attendee_registers_comes_back_and_cancels_by_the_onion(tornet: Network, tmp_path: Path) -> None:
    subprocess.run([*PORTAL, "init"], cwd=tmp_path, env=os.environ | CHECKOUT, check=True, capture_output=True)
    (port,) = free_ports(1)
    with portal_behind(tornet, tmp_path, port) as (running, host), visit(tornet, host) as visitor:
        programme = visitor.go(PROGRAMME).response
        by_clearnet = httpx.get(f"http://127.0.0.1:{port}{PROGRAMME}")
        assert (programme.status_code, programme.content) == (200, by_clearnet.content)
        assert by_clearnet.headers.get_list("onion-location") == [f"http://{host}{PROGRAMME}"]
        assert "onion-location" not in programme.headers

        visitor.go("/en/registration/")
        code, passphrase = visitor.page.said("//*[@class='code']"), visitor.page.fields("registration/")["passphrase"]
        assert visitor.send("registration/", pseudonym="Nausicaä").heading == "You have a seat"
        assert visitor.page.said("//dd[@class='code']") == code
        assert running.stop() == 0

    with portal_behind(tornet, tmp_path, port) as (running, host_again), visit(tornet, host_again) as visitor:
        assert host_again == host
        visitor.go("/en/ticket/")
        assert visitor.send("ticket/", code=code, passphrase=passphrase).heading == "You have a seat"
        assert "Nausicaä" in visitor.page.text
        visitor.send("cancel/")
        assert visitor.send("cancel/").heading == "It is erased"
        visitor.go("/en/ticket/")
        assert visitor.send("ticket/", code=code, passphrase=passphrase).status == 403
        assert running.stop() == 0
