"""A Tor of the portal's own, here without any network: it starts, it is closed to others, it ends with the portal."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest

from onion.errors import TorMissing, TorNotStarted
from onion.tor.control import tor_control
from onion.tor.launch import OwnTor
from onion.tor.state import OnionPhase
from tests.checkout import ROOT
from tests.fakes.watch import Watched
from tests.programs import require
from tests.tornet.guard import check_offline
from tests.tornet.processes import is_running
from tests.waiting import until

pytestmark = pytest.mark.anyio

OFFLINE: Final = ("DisableNetwork 1",)


def guarded(own: OwnTor) -> OwnTor:
    """`own`, which stays without network, or `PublicNetworkError`; the test is skipped where there is no tor."""
    require("tor")
    check_offline("\n".join(own.torrc_lines()))
    return own


@asynccontextmanager
async def started(own: OwnTor) -> AsyncIterator[int]:
    """`own` started, with its process id, and stopped on leaving."""
    await guarded(own).start()
    try:
        async with tor_control([own.address], "") as control:
            yield int((await control.ask("GETINFO process/pid")).text.splitlines()[0].partition("=")[2])
    finally:
        await own.stop()


async def test_own_tor_starts_and_stops(tmp_path: Path) -> None:
    async with started(OwnTor(tmp_path / "tor", OFFLINE)) as pid:
        assert is_running(pid)
    assert not is_running(pid)


async def test_own_tor_that_does_not_end_by_itself_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onion.tor.launch.STOP_SECONDS", 0.1)
    async with started(OwnTor(tmp_path / "tor", OFFLINE)) as pid:
        os.kill(pid, signal.SIGSTOP)
    assert not is_running(pid)


async def test_own_tor_starts_in_a_folder_with_a_blank_and_an_accent(tmp_path: Path) -> None:
    async with started(OwnTor(tmp_path / "mon élan" / "tor", OFFLINE)) as pid:
        assert is_running(pid)


async def test_own_tor_starts_once_and_again_after_its_end(tmp_path: Path) -> None:
    own = OwnTor(tmp_path / "tor", OFFLINE)
    async with started(own) as pid:
        await own.start()
        async with tor_control([own.address], "") as control:
            assert (await control.ask("GETINFO process/pid")).text.startswith(f"process/pid={pid}\n")
    async with started(own) as another:
        assert another != pid


async def test_own_tor_lets_nobody_else_in_and_opens_no_port(tmp_path: Path) -> None:
    own = OwnTor(tmp_path / "tor", OFFLINE)
    async with started(own):
        async with tor_control([own.address], "") as control:
            answers = [(await control.ask(f"GETINFO net/listeners/{kind}")).text for kind in ("socks", "or", "dir")]
        open_to_others = [path for path in (tmp_path / "tor").iterdir() if path.stat().st_mode & 0o077]
    assert answers == ["net/listeners/socks=\nOK", "net/listeners/or=\nOK", "net/listeners/dir=\nOK"]
    assert (open_to_others, (tmp_path / "tor").stat().st_mode & 0o777) == ([], 0o700)


async def test_folders_made_for_an_own_tor_are_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        async with started(OwnTor(tmp_path / "data" / "tor", OFFLINE)):
            assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    finally:
        os.umask(before)


async def test_own_tor_that_cannot_start_says_why(tmp_path: Path) -> None:
    own = guarded(OwnTor(tmp_path / "tor", (*OFFLINE, "ExitRelay 0", "ORPort 127.0.0.1:1")))
    folder = tmp_path / "tor"
    folder.mkdir(mode=0o700)
    (folder / "data").write_text("in the way of a folder")
    with pytest.raises(TorNotStarted) as caught:
        await own.start()
    assert "data" in str(caught.value.details["reason"])
    assert caught.value.details["log"] == folder / "log"


async def test_own_tor_whose_folder_cannot_be_made_says_why(tmp_path: Path) -> None:
    (tmp_path / "tor").write_text("in the way of a folder")
    with pytest.raises(TorNotStarted, match="File exists"):
        await guarded(OwnTor(tmp_path / "tor", OFFLINE)).start()


async def test_own_tor_that_opens_no_socket_in_time_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put in place a `tor` that never opens a socket: Tor itself may be faster than any limit."""
    monkeypatch.setattr("onion.tor.launch.START_SECONDS", 0.3)
    program = tmp_path / "bin" / "tor"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho $$ >{tmp_path}/pid\nexec sleep 60\n", encoding="utf-8")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    with pytest.raises(TorNotStarted, match="did not open its control socket"):
        await OwnTor(tmp_path / "tor", OFFLINE).start()
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text(encoding="utf-8")), 0)


async def test_own_tor_without_the_program_names_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(TorMissing, match="apt-get install tor"):
        await OwnTor(tmp_path / "tor", OFFLINE).start()


async def test_service_starts_its_own_tor_again_after_its_end(tmp_path: Path) -> None:
    own = guarded(OwnTor(tmp_path / "tor", (*OFFLINE, f"PidFile {tmp_path}/pid")))
    watched = Watched(tmp_path, None, own=own)
    async with watched.running():
        await watched.until(lambda state: state.phase == OnionPhase.BOOTSTRAPPING)
        os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)
        await watched.until_after(0, OnionPhase.UNREACHABLE)
        await watched.until_after(len(watched.states), OnionPhase.BOOTSTRAPPING)


PORTAL: Final = """
import asyncio, sys
from pathlib import Path
from onion.tor.launch import OwnTor
from tests.fakes.watch import Watched

class StatesPrinted(Watched):
    def _take(self, state):
        print(state.phase, flush=True)

folder = Path(sys.argv[1])
asyncio.run(StatesPrinted(folder, None, own=OwnTor(folder / "tor", sys.argv[2:])).service.run())
"""


async def test_own_tor_ends_with_a_portal_that_is_killed(tmp_path: Path) -> None:
    lines = (*OFFLINE, f"PidFile {tmp_path}/pid")
    guarded(OwnTor(tmp_path / "tor", lines))
    command = [sys.executable, "-c", PORTAL, str(tmp_path), *lines]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as portal:
        assert portal.stdout is not None
        while portal.stdout.readline() != "bootstrapping\n":
            assert portal.poll() is None
        pid = int((tmp_path / "pid").read_text())
        assert is_running(pid)
        portal.kill()
    await until(lambda: not is_running(pid))
