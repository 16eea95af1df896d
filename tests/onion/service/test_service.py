"""The onion service at a real Tor that touches no network: its states, its pauses, its key."""

import logging
import random
from pathlib import Path

import pytest

from onion.errors import AddressChanged, AddressTaken, KeyDamaged, SocketUnfit, TorLost, TorNotFound, TorRefused
from onion.identity.key import load_or_create_key, new_key
from onion.tor.addresses import TorAddress
from onion.tor.control import tor_control
from onion.tor.state import JOINING, LOOKING, OnionPhase, OnionState
from onion.tor.timeouts import Timeouts
from tests.fakes.watch import Watched
from tests.programs import require
from tests.tornet.offline import offline_tor

pytestmark = pytest.mark.anyio


def is_waiting(state: OnionState) -> bool:
    return state.phase == OnionPhase.UNREACHABLE


def is_joining(state: OnionState) -> bool:
    return state.text == JOINING


async def test_service_tells_each_state_until_it_is_off(offline: Path, tmp_path: Path) -> None:
    watched = Watched(tmp_path, offline)
    assert watched.service.state == OnionState()
    async with watched.running():
        address = (await watched.until(is_joining)).address
    assert address is not None
    assert watched.states == [
        OnionState(OnionPhase.CONNECTING, None, LOOKING),
        OnionState(OnionPhase.BOOTSTRAPPING, address, JOINING, {"percent": 0}),
        OnionState(),
    ]


async def test_service_keeps_its_address_and_leaves_nothing_in_tor(offline: Path, tmp_path: Path) -> None:
    addresses = set()
    for seed in (1, 2):
        watched = Watched(tmp_path, offline, seed=seed)
        async with watched.running():
            addresses.add((await watched.until(is_joining)).address)
    async with tor_control([TorAddress(offline)], "") as control:
        answer = await control.ask("GETINFO onions/current")
    assert (len(addresses), answer.text) == (1, "onions/current=\nOK")


async def test_service_without_tor_says_so_and_tries_again(tmp_path: Path) -> None:
    watched = Watched(tmp_path, tmp_path / "control")
    async with watched.running():
        await watched.until(is_waiting)
    details = {"addresses": str(tmp_path / "control")}
    assert [*watched.states[:2], watched.states[-1]] == [
        OnionState(OnionPhase.CONNECTING, None, LOOKING),
        OnionState(OnionPhase.UNREACHABLE, None, TorNotFound.text, details),
        OnionState(),
    ]


class Longest(random.Random):
    """Chance that always gives the upper bound."""

    def uniform(self, a: float, b: float) -> float:
        return max(a, b)


async def test_pauses_grow_to_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paused: list[float] = []

    async def sleep(seconds: float) -> None:
        paused.append(seconds)
        if len(paused) == 9:
            raise EOFError

    monkeypatch.setattr("onion.service.service.asyncio.sleep", sleep)
    watched = Watched(tmp_path, tmp_path / "absent", rng=Longest(), timeouts=Timeouts())
    with pytest.raises(EOFError):
        await watched.service.run()
    assert paused == [1, 2, 4, 8, 16, 32, 60, 60, 60]


async def test_service_looks_in_the_usual_places_when_none_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onion.tor.tor.USUAL_CONTROL", (TorAddress(tmp_path / "usual"),))
    watched = Watched(tmp_path, None)
    async with watched.running():
        assert (await watched.until(is_waiting)).details == {"addresses": str(tmp_path / "usual")}


async def test_service_comes_back_when_tor_does(tmp_path: Path) -> None:
    require("tor")
    watched = Watched(tmp_path, tmp_path / "tor" / "control")
    async with watched.running():
        with offline_tor(tmp_path / "tor", "CookieAuthentication 1"):
            address = (await watched.until(is_joining)).address
        lost = await watched.until(is_waiting)
        assert (lost.text, lost.address) == (TorLost.text, address)
        with offline_tor(tmp_path / "tor", "CookieAuthentication 1"):
            assert (await watched.until(is_joining)).address == address


async def test_service_that_runs_twice_is_told(offline: Path, tmp_path: Path) -> None:
    first, second = Watched(tmp_path, offline), Watched(tmp_path, offline)
    async with first.running():
        address = (await first.until(is_joining)).address
        async with second.running():
            state = await second.until(is_waiting)
    assert (state.text, state.details) == (AddressTaken.text, {"address": address})


async def test_service_takes_the_place_of_one_that_nobody_holds(offline: Path, tmp_path: Path) -> None:
    watched = Watched(tmp_path, offline)
    async with watched.running():
        address = (await watched.until(is_joining)).address
    key = load_or_create_key(watched.key_file, random.Random(1))
    async with tor_control([TorAddress(offline)], "") as control:
        answer = await control.ask(f"ADD_ONION {key.text} Flags=Detach Port=80,unix:{tmp_path}/left-behind")
        assert answer.text == f"ServiceID={str(address).removesuffix('.onion')}\nOK"
    async with watched.running():
        assert (await watched.until(is_joining)).address == address


async def test_service_whose_key_is_another_is_told(offline: Path, tmp_path: Path) -> None:
    watched = Watched(tmp_path, offline)
    async with watched.running():
        await watched.until(is_joining)
    watched.key_file.write_text(new_key(random.Random(2)).text)
    async with watched.running():
        assert (await watched.until(is_waiting)).text == AddressChanged.text


async def test_service_whose_key_is_damaged_is_told(offline: Path, tmp_path: Path) -> None:
    watched = Watched(tmp_path, offline)
    load_or_create_key(watched.key_file, random.Random(1))
    watched.key_file.write_text("")
    async with watched.running():
        state = await watched.until(is_waiting)
    assert (state.text, state.details) == (KeyDamaged.text, {"file": watched.key_file})


async def test_service_that_tor_refuses_is_told_with_its_words(tmp_path: Path) -> None:
    require("tor")
    watched = Watched(tmp_path, tmp_path / "tor" / "control")
    single_hop = ("HiddenServiceSingleHopMode 1", "HiddenServiceNonAnonymousMode 1")
    with offline_tor(tmp_path / "tor", "CookieAuthentication 1", *single_hop):
        async with watched.running():
            state = await watched.until(is_waiting)
    assert (state.text, state.details) == (
        TorRefused.text,
        {"answer": "512 Tor is in non-anonymous hidden service mode"},
    )


async def test_service_below_a_folder_with_a_blank_is_told(offline: Path, tmp_path: Path) -> None:
    watched = Watched(tmp_path / "mon portail", offline)
    async with watched.running():
        assert (await watched.until(is_waiting)).text == SocketUnfit.text


async def test_key_and_password_are_in_no_log_however_loud(
    offline: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stem_logger = logging.getLogger("stem")
    watched = Watched(tmp_path, offline, password="a password")
    caplog.set_level(logging.NOTSET)
    caplog.set_level(logging.NOTSET, logger="stem")
    stem_logger.addHandler(caplog.handler)  # a handler this low on its own logger is what makes stem trace
    try:
        async with watched.running():
            await watched.until(is_joining)
    finally:
        stem_logger.removeHandler(caplog.handler)
    logged = "\n".join(f"{record.getMessage()} {record.args}" for record in caplog.records)
    secret = load_or_create_key(watched.key_file, random.Random(1)).text.partition(":")[2]
    cookie = (offline.parent / "data" / "control_auth_cookie").read_bytes().hex()
    assert [word for word in ("ED25519-V3", secret, cookie, "a password", "AUTHENTICATE") if word in logged] == []
