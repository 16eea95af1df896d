"""The onion service over a real Tor network: published, reached, and the same again after a loss."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from onion.errors import TorLost
from onion.launch import OwnTor
from onion.state import OnionPhase, OnionState
from tests.onion.watch import Watched
from tests.onion.wire import Wire
from tests.tornet.door import SENTENCE, open_door
from tests.tornet.guard import check_private
from tests.tornet.network import Network
from tests.tornet.node import running
from tests.tornet.socks import fetch

pytestmark = [pytest.mark.anyio, pytest.mark.tornet]


def is_published(state: OnionState) -> bool:
    return state.phase is OnionPhase.PUBLISHED


def is_lost(state: OnionState) -> bool:
    return state.phase is OnionPhase.WAITING


async def line_of(file: Path) -> str:
    """The line that `file` holds as soon as it is there."""
    async with asyncio.timeout(10):
        while not (file.exists() and file.read_text()):
            await asyncio.sleep(0.1)
    return file.read_text().strip()


async def test_service_is_reached_and_keeps_its_address(tornet: Network, tmp_path: Path) -> None:
    addresses = set()
    async with open_door(tmp_path / "socket"):
        for _ in range(2):
            watched = Watched(tmp_path, tornet.control)
            async with watched.running():
                address = (await watched.until(is_published)).address
                assert await fetch(tornet.socks, address) == SENTENCE
                addresses.add(address)
    assert len(addresses) == 1


async def test_service_is_reached_again_after_its_connection_to_tor_was_cut(tornet: Network, tmp_path: Path) -> None:
    wire = Wire(tmp_path / "wire", tornet.control)
    watched = Watched(tmp_path, wire.path)
    async with open_door(tmp_path / "socket"), wire.laid(), watched.running():
        address = (await watched.until(is_published)).address
        wire.cut()
        lost = await watched.until(is_lost)
        assert (lost.address, lost.text) == (address, TorLost.text)
        assert (await watched.until(is_published)).address == address
        assert await fetch(tornet.socks, address) == SENTENCE


async def test_service_is_reached_through_a_tor_of_its_own(tornet: Network, tmp_path: Path) -> None:
    own = OwnTor(tmp_path / "tor", (*tornet.membership, f"PidFile {tmp_path}/pid"))
    check_private("\n".join(own.torrc_lines()))
    watched = Watched(tmp_path, None, own=own)
    async with open_door(tmp_path / "socket"), watched.running():
        address = (await watched.until(is_published)).address
        assert await fetch(tornet.socks, address) == SENTENCE
        os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)
        await watched.until(is_lost)
        assert (await watched.until(is_published)).address == address
        assert await fetch(tornet.socks, address) == SENTENCE


async def test_service_of_a_torrc_is_reached(tornet: Network, tmp_path: Path) -> None:
    service = tmp_path / "service"
    lines = [f"DataDirectory {tmp_path}/data", "SocksPort 0", f"HiddenServiceDir {service}"]
    torrc = [*tornet.membership, *lines, f"HiddenServicePort 80 unix:{tmp_path}/socket"]
    async with open_door(tmp_path / "socket"):
        with running(tmp_path / "tor", torrc):
            assert await fetch(tornet.socks, await line_of(service / "hostname")) == SENTENCE
