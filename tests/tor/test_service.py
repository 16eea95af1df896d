"""The portal's side of the onion: what settings mean, what pages may know, what the terminal is told."""

import asyncio
import socket
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from onion.errors import AccountUnknown
from onion.tor.addresses import TorAddress
from onion.tor.state import ADVICE, Notice, OnionPhase, OnionState, Proof
from portal.services import Message, OnionView
from portal.settings import Settings
from portal.tor.service import OnionPublisher, own_tor
from tests.waiting import until

HOST: Final = "a" * 56 + ".onion"
ADDRESS: Final = f"http://{HOST}"
NOW: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OFF: Final = OnionState()


def clock() -> datetime:
    return NOW


class Heard(list[str]):
    """Messages of the terminal."""

    def __call__(self, message: str, details: Mapping[str, object]) -> None:
        self.append(message % details if details else message)


def quiet(message: str, details: Mapping[str, object]) -> None:
    raise AssertionError(message % details)


def words_of(state: OnionState) -> tuple[Message, str]:
    return Message(state.text, state.details), ADVICE[state.phase]


def test_onion_that_is_off_has_no_door_and_no_address() -> None:
    side = OnionPublisher(Settings(onion="off", onion_address=HOST), quiet, clock)
    assert (side.is_wanted, side.address, side.view()) == (False, None, OnionView("off", None, None, *words_of(OFF)))
    assert side.answer("/") is None


def test_address_of_tors_own_configuration_is_known_before_it_is_proven() -> None:
    side = OnionPublisher(Settings(onion_address=HOST), quiet, clock)
    assert (side.is_wanted, side.address) == (True, ADDRESS)
    assert side.view() == OnionView("off", None, ADDRESS, *words_of(OFF))


@pytest.mark.anyio
async def test_account_of_tor_that_this_machine_does_not_have_is_told() -> None:
    heard = Heard()
    side = OnionPublisher(Settings(onion_address=HOST, tor_user="no-such-account"), heard, clock)
    running = asyncio.create_task(side.run())
    await until(lambda: heard)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert heard == [AccountUnknown.text % {"name": "no-such-account"}]


@pytest.mark.anyio
async def test_socks_port_of_tors_own_configuration_is_looked_for_where_the_settings_say(tmp_path: Path) -> None:
    heard = Heard()
    side = OnionPublisher(Settings(onion_address=HOST, tor_socks=TorAddress(tmp_path / "socks")), heard, clock)
    running = asyncio.create_task(side.run())
    await until(lambda: side.view().state == "unproven")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert f"looked in {tmp_path}/socks" in heard[-1]


SOCKETS: dict[str, tuple[Settings, Path]] = {
    "in the data folder": (Settings(data=Path("/srv/data")), Path("/srv/data/onion/socket")),
    "where the settings say": (Settings(onion_socket="/run/portal/onion"), Path("/run/portal/onion")),
}


@pytest.mark.parametrize(("settings", "path"), SOCKETS.values(), ids=SOCKETS.keys())
def test_listener_of_the_onion_is_a_socket(settings: Settings, path: Path) -> None:
    assert OnionPublisher(settings, quiet, clock).socket == path


def test_own_tor_is_started_on_wish_alone_and_takes_the_lines_of_a_file(tmp_path: Path) -> None:
    extra = tmp_path / "bridges"
    extra.write_text("ShutdownWaitLength 0\n", encoding="utf-8")
    own = own_tor(Settings(onion="launch", data=tmp_path, tor_extra_torrc=str(extra)))
    assert own is not None
    assert own.torrc_lines()[-1] == "ShutdownWaitLength 0"
    assert own_tor(Settings(onion="auto", tor_extra_torrc=str(extra))) is None


def test_pages_know_the_address_while_its_proof_is_fresh() -> None:
    side = OnionPublisher(Settings(), quiet, clock)
    assert (side.address, side.view().known) == (None, None)
    assert side.service is not None
    for phase in OnionPhase:
        side.service.state = OnionState(phase, HOST)
        assert (side.address, side.view().known, side.view().address) == (ADDRESS, ADDRESS, None)
    for age, known in {0: ADDRESS, 10: ADDRESS, 11: None, -11: None}.items():
        last = NOW - timedelta(minutes=age)
        proof, warnings = Proof(last, last, 0.5), (Notice("Old: %(v)s.", {"v": "1"}),)
        side.service.state = state = OnionState(OnionPhase.REACHABLE, HOST, "Up.", {}, warnings, proof)
        warned = (Message("Old: %(v)s.", {"v": "1"}),)
        assert side.view() == OnionView("reachable", known, ADDRESS, *words_of(state), warned, last, last, 0.5)


def test_socks_port_is_that_of_the_onion_while_it_is_proven(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as sock:
        path = tmp_path / "socks"
        sock.bind(str(path))
        sock.listen()
        side = OnionPublisher(Settings(), quiet, clock)
        assert side.service is not None
        side.service.socks = (TorAddress(tmp_path / "gone"), TorAddress(path))
        assert side.open_socks_port() is None
        for age, socks in {0: TorAddress(path), 11: None}.items():
            last = NOW - timedelta(minutes=age)
            side.service.state = OnionState(OnionPhase.REACHABLE, HOST, "Up.", {}, (), Proof(last, last, 0.5))
            assert side.open_socks_port() == socks
        for port in (TorAddress(path), None):
            assert OnionPublisher(Settings(onion="off", tor_socks=port), quiet, clock).open_socks_port() == port


def test_question_of_the_portal_to_itself_is_answered() -> None:
    side = OnionPublisher(Settings(), quiet, clock)
    assert side.service is not None
    with side.service.challenges.issue() as path:
        assert side.answer(path) == side.service.challenges.expected(path)


def test_terminal_is_told_each_change_once() -> None:
    heard = Heard()
    side = OnionPublisher(Settings(), heard, clock)
    assert side.service is not None
    old = (Notice("Old."),)
    failed = OnionState(OnionPhase.UNREACHABLE, None, "No Tor at %(address)s.", {"address": "9051"})
    joining = [OnionState(OnionPhase.BOOTSTRAPPING, HOST, "%(percent)s %%", {"percent": n}, old) for n in (5, 9)]
    proofs = [Proof(NOW, NOW + timedelta(minutes=minutes), 1) for minutes in (0, 5)]
    reachable = [OnionState(OnionPhase.REACHABLE, HOST, "Reachable.", {}, old, proof) for proof in proofs]
    looking = OnionState(OnionPhase.CONNECTING)
    uploading = OnionState(OnionPhase.UPLOADING, HOST, "Uploading.", {}, old)
    for state in (looking, failed, looking, failed, *joining, uploading, *reachable, failed):
        side.service.state = state
        side.report(state)
    assert heard == [
        "No Tor at 9051.",
        "Old.",
        "5 %",
        "Reachable.",
        f"Onion address: {ADDRESS}",
        "No Tor at 9051.",
    ]
