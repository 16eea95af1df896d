"""The onion service over a real Tor network: published, proven, and the same again after each kind of loss."""

import asyncio
import os
import random
import signal
from pathlib import Path
from typing import Final

import pytest

from onion.errors import AnotherAnswers, StillUnreachable, TorLost, TorToStartAgain
from onion.service.own_torrc import TorrcMethod
from onion.service.static import StaticOnion
from onion.tor.addresses import tor_address
from onion.tor.launch import OwnTor
from onion.tor.state import OnionPhase, OnionState
from onion.tor.torrc import static_lines
from tests.fakes.tor_wire import Wire
from tests.fakes.watch import DEFENCES, QUICK, Watched, now, phases
from tests.tornet.control import ask
from tests.tornet.guard import check_private
from tests.tornet.listener import SENTENCE, open_listener
from tests.tornet.network import Network
from tests.tornet.node import running
from tests.tornet.socks import fetch
from tests.waiting import until

pytestmark = [pytest.mark.anyio, pytest.mark.tornet]

HEALED_SECONDS: Final = 150
CHANCE: Final = random.Random(1)


def is_reachable(state: OnionState) -> bool:
    return state.phase is OnionPhase.REACHABLE


async def as_a_newcomer(tornet: Network, address: str | None) -> str:
    """Read the page as a new client, which knows no earlier descriptor of the service."""
    assert ask(tornet.control, "SIGNAL NEWNYM") == "OK"
    return await fetch(tornet.socks, address)


async def line_of(file: Path) -> str:
    """Wait for the line of `file`."""
    await until(lambda: file.exists() and file.read_text())
    return file.read_text().strip()


async def test_service_proves_itself_keeps_its_address_and_outlives_the_signals(
    tornet: Network, tmp_path: Path
) -> None:
    addresses = set()
    for _ in range(2):
        watched = Watched(tmp_path, tornet.control)
        async with open_listener(tmp_path / "socket", watched.service.challenges.answer), watched.running():
            state = await watched.until(is_reachable)
            assert await as_a_newcomer(tornet, state.address) == SENTENCE
            addresses.add(state.address)
            began = len(watched.states)
            for name in ("HUP", "NEWNYM"):
                assert ask(tornet.control, f"SIGNAL {name}") == "OK"
                for _ in range(2):
                    await watched.until_after(len(watched.states), OnionPhase.REACHABLE)
            proofs = [state.proof for state in watched.states[began - 1 :] if state.proof]
        assert phases(watched.states) == [
            OnionPhase.CONNECTING,
            OnionPhase.UPLOADING,
            OnionPhase.PROVING,
            OnionPhase.REACHABLE,
            OnionPhase.OFF,
        ]
        uploads = [state.details for state in watched.states if state.phase is OnionPhase.UPLOADING]
        assert (uploads[0], watched.states[0].warnings) == ({"done": 0, "asked": 0}, ())
        assert int(str(uploads[-1]["done"])) >= 3
        assert (len({proof.since for proof in proofs}), all(proof.seconds > 0 for proof in proofs)) == (1, True)
    assert len(addresses) == 1


async def test_service_that_does_not_reach_itself_is_published_anew_then_tor_is_sought_anew(
    tornet: Network, tmp_path: Path
) -> None:
    wire = Wire(tmp_path / "wire", tornet.control)
    watched = Watched(tmp_path, wire.path)
    async with (
        open_listener(tmp_path / "socket", watched.service.challenges.answer) as listener,
        wire.laid(),
        watched.running(),
    ):
        address = (await watched.until(is_reachable)).address

        wire.cut()
        lost = await watched.until_after(0, OnionPhase.UNREACHABLE)
        assert (lost.address, lost.text, lost.proof) == (address, TorLost.text, None)
        await watched.until_after(len(watched.states), OnionPhase.REACHABLE, HEALED_SECONDS)

        began, listener.is_there_instead = len(watched.states), True
        await watched.until(lambda state: state.text == StillUnreachable.text, HEALED_SECONDS)
        listener.is_there_instead = False
        assert (await watched.until(is_reachable, HEALED_SECONDS)).address == address
        assert await as_a_newcomer(tornet, address) == SENTENCE

    seen = [state for state in watched.states[began:] if state.phase is not OnionPhase.REACHABLE]
    page_errors = [OnionState(OnionPhase.UNREACHABLE, address, AnotherAnswers.text, {"address": address})]
    assert seen[:1] == page_errors
    republished = phases(seen)
    assert republished[: republished.index(OnionPhase.HEALING, 2) + 1] == [
        OnionPhase.UNREACHABLE,
        OnionPhase.HEALING,
        OnionPhase.UPLOADING,
        OnionPhase.PROVING,
        OnionPhase.UNREACHABLE,
        OnionPhase.HEALING,
    ]


async def test_service_is_reached_again_after_its_tor_was_killed(tornet: Network, tmp_path: Path) -> None:
    folder = tmp_path / "tor"
    ports = [f"SocksPort unix:{folder}/socks", f"ControlSocket {folder}/control", "CookieAuthentication 1"]
    torrc = [*tornet.membership, f"DataDirectory {folder}/data", *ports]
    watched = Watched(tmp_path, folder / "control")
    async with open_listener(tmp_path / "socket", watched.service.challenges.answer), watched.running():
        with running(folder, torrc) as process:
            address = (await watched.until(is_reachable)).address
            process.kill()
            await watched.until_after(len(watched.states), OnionPhase.UNREACHABLE)
        began = len(watched.states)
        with running(folder, torrc):
            assert (await watched.until(is_reachable, HEALED_SECONDS)).address == address
            assert await as_a_newcomer(tornet, address) == SENTENCE
    assert OnionPhase.BOOTSTRAPPING in phases(watched.states[began:])


async def test_service_is_reached_through_a_tor_of_its_own_that_was_killed(tornet: Network, tmp_path: Path) -> None:
    own = OwnTor(tmp_path / "tor", (*tornet.membership, f"PidFile {tmp_path}/pid"))
    check_private("\n".join(own.torrc_lines()))
    watched = Watched(tmp_path, None, own=own)
    async with open_listener(tmp_path / "socket", watched.service.challenges.answer), watched.running():
        address = (await watched.until(is_reachable)).address
        assert await as_a_newcomer(tornet, address) == SENTENCE
        os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)
        await watched.until_after(len(watched.states), OnionPhase.UNREACHABLE)
        assert (await watched.until(is_reachable, HEALED_SECONDS)).address == address
        assert await as_a_newcomer(tornet, address) == SENTENCE


async def test_service_in_the_torrc_of_an_own_tor_is_healed_by_another_start(tornet: Network, tmp_path: Path) -> None:
    own = OwnTor(tmp_path / "tor", (*tornet.membership, f"PidFile {tmp_path}/pid"))
    check_private("\n".join(own.torrc_lines()))
    watched = Watched(tmp_path, None, own=own, method=TorrcMethod(own.service_folder))
    async with open_listener(tmp_path / "socket", watched.service.challenges.answer) as listener, watched.running():
        address = (await watched.until(is_reachable)).address
        assert await as_a_newcomer(tornet, address) == SENTENCE
        before, listener.is_there_instead = (tmp_path / "pid").read_text(), True
        await watched.until(lambda state: state.text == TorToStartAgain.text, HEALED_SECONDS)
        listener.is_there_instead = False
        assert (await watched.until(is_reachable, HEALED_SECONDS)).address == address
        assert (tmp_path / "pid").read_text() != before
        assert await as_a_newcomer(tornet, address) == SENTENCE


async def test_service_of_a_torrc_is_proven(tornet: Network, tmp_path: Path) -> None:
    service = tmp_path / "service"
    lines = [f"DataDirectory {tmp_path}/data", "SocksPort 0"]
    torrc = [*tornet.membership, *lines, *static_lines(tmp_path / "socket", DEFENCES, service)]
    states: list[OnionState] = []

    async def open_already() -> None:
        pass

    with running(tmp_path / "tor", torrc):
        address = await line_of(service / "hostname")
        onion = StaticOnion(
            address, tor_address(tornet.socks), open_already, states.append, rng=CHANCE, clock=now, timeouts=QUICK
        )
        async with open_listener(tmp_path / "socket", onion.challenges.answer):
            proving = asyncio.create_task(onion.run())
            assert await as_a_newcomer(tornet, address) == SENTENCE
            await until(lambda: is_reachable(onion.state), HEALED_SECONDS)
            proving.cancel()
            await asyncio.gather(proving, return_exceptions=True)
    assert (phases(states)[0], states[0].address, states[-1]) == (OnionPhase.PROVING, address, OnionState())
