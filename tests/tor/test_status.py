"""Status of the onion of a running portal: the whole view, to its own account, only while it runs."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from portal.cli.main import run_command
from portal.domain.errors import NotRunning
from portal.services import Message, OnionView
from portal.tor.status import fetch_status, serve_status, status_socket
from tests.waiting import until

pytestmark = pytest.mark.anyio

ADDRESS: Final = "http://" + "a" * 56 + ".onion"
MOMENT: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
REACHABLE: Final = OnionView(
    "reachable",
    ADDRESS,
    ADDRESS,
    Message("The onion service is off."),
    "Nothing to do: it takes a moment.",
    (
        Message(
            "Older than %(needed)s.",
            {"needed": "0.4.8"},
        ),
    ),
    MOMENT,
    MOMENT,
    0.84,
)
JOINING: Final = OnionView("bootstrapping", None, ADDRESS, Message("%(percent)s %%", {"percent": 7}), "Wait.")
PATHS: Final = OnionView("unreachable", None, None, Message("%(file)s", {"file": Path("/a")}))


def quiet(message: str, details: Mapping[str, object]) -> None:
    raise AssertionError(message % details)


@asynccontextmanager
async def running(data: Path, view: OnionView) -> AsyncIterator[None]:
    """Serve `view` as a running portal does."""
    telling = asyncio.create_task(serve_status(data, lambda: view, quiet))
    await until(status_socket(data).exists)
    yield
    telling.cancel()
    await asyncio.gather(telling, return_exceptions=True)


@pytest.mark.parametrize("view", [REACHABLE, JOINING, OnionView("off", None)], ids=["reachable", "joining", "off"])
async def test_terminal_hears_what_the_pages_know(view: OnionView, tmp_path: Path) -> None:
    async with running(tmp_path, view):
        assert await asyncio.to_thread(fetch_status, tmp_path) == view
        assert (
            status_socket(tmp_path).stat().st_mode & 0o777,
            status_socket(tmp_path).parent.stat().st_mode & 0o777,
        ) == (
            0o600,
            0o700,
        )
    assert not status_socket(tmp_path).exists()


async def test_path_is_told_as_text(tmp_path: Path) -> None:
    async with running(tmp_path, PATHS):
        assert (await asyncio.to_thread(fetch_status, tmp_path)).now == Message("%(file)s", {"file": "/a"})


def test_portal_that_does_not_run_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotRunning):
        fetch_status(tmp_path)


def test_portal_that_was_killed_is_not_believed(tmp_path: Path) -> None:
    status_socket(tmp_path).parent.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(status_socket(tmp_path)))
    with pytest.raises(NotRunning):
        fetch_status(tmp_path)


@pytest.mark.parametrize("content", [b"", b"no JSON", b"[]", b"{}"])
async def test_socket_of_something_else_is_not_believed(content: bytes, tmp_path: Path) -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(content)
        writer.close()

    status_socket(tmp_path).parent.mkdir(parents=True)
    async with await asyncio.start_unix_server(answer, status_socket(tmp_path)):
        with pytest.raises(NotRunning):
            await asyncio.to_thread(fetch_status, tmp_path)


async def test_socket_that_cannot_be_opened_is_told_and_stops_nothing(tmp_path: Path) -> None:
    heard: list[str] = []
    data = tmp_path / ("a" * 100)
    await serve_status(data, lambda: JOINING, lambda message, details: heard.append(message % details))
    assert len(heard) == 1
    assert str(status_socket(data)) in heard[0]


ENDS: dict[str, tuple[OnionView, int]] = {"reachable": (REACHABLE, 0), "not reachable": (JOINING, 1)}


@pytest.mark.parametrize(("view", "status"), ENDS.values(), ids=ENDS.keys())
async def test_command_ends_by_whether_the_onion_is(view: OnionView, status: int, tmp_path: Path) -> None:
    async with running(tmp_path, view):
        assert await asyncio.to_thread(run_command, ["onion", "status", "--data", str(tmp_path)], {}) == status


async def test_command_tells_all_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    warning = Message("Close it: %(path)s", {"path": "/a"})
    view = OnionView("reachable", ADDRESS, ADDRESS, Message("It is."), "Do nothing.", (warning,), MOMENT, MOMENT, 0.84)
    async with running(tmp_path, view):
        await asyncio.to_thread(run_command, ["onion", "status", "--data", str(tmp_path)], {})
    local = f"{MOMENT.astimezone():%Y-%m-%d %H:%M}"
    assert capsys.readouterr().out.splitlines() == [
        "It is.",
        f"Address: {ADDRESS}",
        f"Reachable since {local}; last checked {local}, in 0.8 s.",
        "Close it: /a",
        "Do nothing.",
    ]


def test_command_without_a_portal_ends_with_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["onion", "status", "--data", str(tmp_path)], {}) == 2
    assert capsys.readouterr().err == (
        f"portal: Nothing is running with the folder {tmp_path}. Start it: portal serve, or portal mirror for a copy\n"
    )


def test_command_torrc_prints_the_lines_with_the_right_socket(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["onion", "torrc"], {"PORTAL_ONION_SOCKET": "/run/portal/onion"}) == 0
    lines = capsys.readouterr().out.splitlines()
    assert (lines[0], lines[2]) == (
        "HiddenServiceDir /var/lib/tor/portal/",
        "HiddenServicePort 80 unix:/run/portal/onion",
    )
    assert run_command(["onion", "torrc", "--data", str(tmp_path)], {}) == 0
    assert f"HiddenServicePort 80 unix:{tmp_path}/onion/socket" in capsys.readouterr().out
