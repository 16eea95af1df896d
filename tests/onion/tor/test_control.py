"""Being let in by a real Tor, and each way in which it does not happen, told in words."""

import asyncio
import os
import random
import signal
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from onion.errors import (
    ControlForbidden,
    CookieUnreadable,
    CookieWrong,
    NotControlPort,
    PasswordWanted,
    PasswordWrong,
    TorError,
    TorLost,
    TorNotFound,
    TorSilent,
)
from onion.tor.addresses import TorAddress
from onion.tor.control import tor_control
from tests.fakes.nobody import without_rights
from tests.programs import require
from tests.tornet.node import free_ports, run_offline
from tests.tornet.offline import offline_tor
from tests.waiting import PATIENCE

pytestmark = pytest.mark.anyio

PASSWORD: Final = 'a "quoted" password'


async def version(places: Sequence[TorAddress], password: str = "") -> str:
    async with tor_control(places, password) as control:
        return (await control.ask("GETINFO version")).text


async def errors(place: TorAddress, password: str = "") -> TorError:
    with pytest.raises(TorError) as caught:
        await version([place], password)
    return caught.value


async def test_tor_lets_in_who_reads_its_cookie(offline: Path) -> None:
    assert (await version([TorAddress(offline)])).startswith("version=0.4.")


async def test_tor_is_found_at_the_first_place_that_lets_us_in(offline: Path, tmp_path: Path) -> None:
    places = [TorAddress(tmp_path / "absent"), TorAddress(port=free_ports(1)[0]), TorAddress(offline)]
    assert (await version(places)).startswith("version=")


async def test_no_tor_is_told_with_the_places_looked_at(tmp_path: Path) -> None:
    left_behind, absent, port = tmp_path / "left-behind", tmp_path / "absent", free_ports(1)[0]
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(left_behind))
    places = [TorAddress(left_behind), TorAddress(absent), TorAddress(port=port)]
    with pytest.raises(TorNotFound) as caught:
        await version(places)
    assert caught.value.details == {"addresses": f"{left_behind}, {absent}, 127.0.0.1:{port}"}


async def test_control_socket_of_others_is_told_with_its_group(offline: Path) -> None:
    offline.chmod(0o000)
    try:
        with without_rights():
            error = await errors(TorAddress(offline))
    finally:
        offline.chmod(0o600)
    assert isinstance(error, ControlForbidden)
    assert error.details == {"address": TorAddress(offline), "group": offline.group()}


async def test_tor_that_is_there_is_told_rather_than_the_places_without(offline: Path, tmp_path: Path) -> None:
    offline.chmod(0o000)
    try:
        with without_rights(), pytest.raises(ControlForbidden):
            await version([TorAddress(tmp_path / "absent"), TorAddress(offline)])
    finally:
        offline.chmod(0o600)


async def test_cookie_of_others_is_told_with_its_group(tmp_path: Path) -> None:
    require("tor")
    port = free_ports(1)[0]
    with offline_tor(tmp_path / "tor", f"ControlPort 127.0.0.1:{port}", "CookieAuthentication 1"):
        cookie = tmp_path / "tor" / "data" / "control_auth_cookie"
        assert (await version([TorAddress(port=port)])).startswith("version=")
        cookie.chmod(0o000)
        with without_rights():
            error = await errors(TorAddress(port=port))
    assert isinstance(error, CookieUnreadable)
    assert (error.details["file"], error.details["group"]) == (cookie, tmp_path.group())


async def test_cookie_of_another_tor_is_told(tmp_path: Path) -> None:
    require("tor")
    place = TorAddress(tmp_path / "tor" / "control")
    with offline_tor(tmp_path / "tor", "CookieAuthentication 1"):
        cookie = tmp_path / "tor" / "data" / "control_auth_cookie"
        cookie.write_bytes(random.Random(1).randbytes(32))
        error = await errors(place)
    assert isinstance(error, CookieWrong)
    assert error.details == {"address": place, "file": str(cookie)}


@pytest.fixture
def locked(tmp_path: Path) -> str:
    """Return the line of a torrc that wants PASSWORD."""
    require("tor")
    output = run_offline(tmp_path / "torrc", ["DisableNetwork 1"], "--quiet", "--hash-password", PASSWORD)
    return f"HashedControlPassword {output.splitlines()[-1]}"


async def test_password_opens_and_its_want_or_fault_is_told(tmp_path: Path, locked: str) -> None:
    place = TorAddress(tmp_path / "tor" / "control")
    with offline_tor(tmp_path / "tor", locked):
        assert (await version([place], PASSWORD)).startswith("version=")
        assert isinstance(await errors(place, "another"), PasswordWrong)
        assert isinstance(await errors(place), PasswordWanted)


async def test_server_that_is_no_tor_is_told(tmp_path: Path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_unix_server(answer, tmp_path / "socket"):
        assert isinstance(await errors(TorAddress(tmp_path / "socket")), NotControlPort)


async def test_silence_of_tor_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onion.tor.login.SECONDS", 0.1)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "socket"))
        silent.listen()
        error = await errors(TorAddress(tmp_path / "socket"))
    assert isinstance(error, TorSilent)


async def test_waiting_for_a_silent_tor_ends_at_once_when_cancelled(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "socket"))
        silent.listen()
        waiting = asyncio.create_task(version([TorAddress(tmp_path / "socket")]))
        accepted, _ = await asyncio.to_thread(silent.accept)
        with accepted:
            waiting.cancel()
            async with asyncio.timeout(PATIENCE):
                with pytest.raises(asyncio.CancelledError):
                    await waiting
                # Its thread ends too, or the loop could not: this waits for every thread of the loop.
                await asyncio.get_running_loop().shutdown_default_executor()


async def test_tor_that_falls_silent_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require("tor")
    monkeypatch.setattr("onion.tor.control.ANSWER_SECONDS", 0.2)
    with offline_tor(tmp_path / "tor", "CookieAuthentication 1") as process:
        async with tor_control([TorAddress(tmp_path / "tor" / "control")], "") as control:
            os.kill(process.pid, signal.SIGSTOP)
            with pytest.raises(TorSilent):
                await control.ask("GETINFO version")
            os.kill(process.pid, signal.SIGCONT)


async def test_tor_that_ends_is_told_to_who_asks_and_to_who_listens(tmp_path: Path) -> None:
    require("tor")
    with offline_tor(tmp_path / "tor", "CookieAuthentication 1") as process:
        async with tor_control([TorAddress(tmp_path / "tor" / "control")], "") as control:
            process.kill()
            with pytest.raises(TorLost):
                await control.next_event()
            with pytest.raises(TorLost):
                await control.ask("GETINFO version")
