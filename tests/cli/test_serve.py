"""The command `portal serve`: its three lines, its end at a signal, its listener that never waits for Tor."""

import re
import signal
import socket
from pathlib import Path
from typing import Final

import httpx
import pytest

from portal.cli.main import run_command
from tests.factories.origin_process import CHEAP, CHECKOUT, serving
from tests.waiting import PATIENCE

ONION: Final = "a" * 56 + ".onion"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder with a portal in it, where the command is typed."""
    monkeypatch.chdir(tmp_path)
    assert run_command(["init"], CHEAP) == 0
    return tmp_path


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_serve_says_three_lines_answers_and_stops_at_a_signal(folder: Path, number: int) -> None:
    with serving(folder) as running:
        assert running.lines == [
            "Serving edition 1 of “onestla.tech conference” from the folder data.",
            f"Look at {running.url} and, to sign in as an organiser, at {running.url}fr/organisation/ "
            "(Ctrl-C stops the portal)",
            "Onion: off. To add it, start again with --onion auto; see docs/onion.md.",
        ]
        answer = httpx.get(f"{running.url}fr/programme/", timeout=PATIENCE)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert running.stop(number) == 0


def test_serve_refuses_a_port_that_is_taken(folder: Path) -> None:
    with serving(folder) as running:
        port = running.url.rstrip("/").rpartition(":")[2]
        with serving(folder, "--port", port) as second:
            assert second.process.wait(15) == 2
        assert second.lines == [
            f"portal: Cannot listen at 127.0.0.1:{port}: "
            "something else is already there; stop it, or choose another port, with --port 8080 for instance "
            "(organisers_port for the organisers' own pages)."
        ]


def test_restarted_portal_has_its_data(folder: Path) -> None:
    with serving(folder) as running:
        first = httpx.get(f"{running.url}fr/", timeout=PATIENCE).content
        running.stop()
    with serving(folder) as running:
        assert httpx.get(f"{running.url}fr/", timeout=PATIENCE).content == first


@pytest.mark.parametrize("is_there", [False, True], ids=["no Tor", "a Tor that says nothing"])
def test_listener_is_open_whatever_tor_does(folder: Path, is_there: bool) -> None:
    with socket.socket(socket.AF_UNIX) as tor:
        if is_there:
            tor.bind(str(folder / "tor"))
            tor.listen()
        environment = {**CHECKOUT, "PORTAL_TOR_CONTROL": str(folder / "tor")}
        with serving(folder, "--onion", "auto", environment=environment) as running:
            assert running.lines[-1].startswith("Onion: the Tor that runs on this machine is used")
            assert httpx.get(running.url, timeout=PATIENCE).status_code == 200
            assert (folder / "data" / "onion" / "socket").is_socket()
            assert running.stop() == 0
    assert not (folder / "data" / "onion" / "socket").exists()


def test_onion_of_tors_own_configuration_is_told_and_answered_at_the_socket(folder: Path) -> None:
    (folder / "portal.toml").write_text(f'onion_address = "{ONION}"\n')
    with serving(folder, "--onion", "auto") as running:
        assert running.lines[-1] == f"Onion: {ONION} (published by Tor's own configuration)"
        transport = httpx.HTTPTransport(uds=str(folder / "data" / "onion" / "socket"))
        with httpx.Client(transport=transport) as tor:
            assert tor.get(f"http://{ONION}/fr/").status_code == 200
            assert tor.get("http://event.example/fr/").status_code == 421


def test_organisers_at_the_onion_alone_are_told_so_and_have_no_page_elsewhere(folder: Path) -> None:
    (folder / "portal.toml").write_text(f'onion_address = "{ONION}"\npublic_url = "https://event.example"\n')
    with serving(folder, "--onion", "auto") as running:
        start_lines = [line for line in running.lines if line.startswith(("Look", "Organisers"))]
        assert start_lines == [
            "Look at https://event.example/ (Ctrl-C stops the portal)",
            "Organisers sign in through the onion alone, at its address followed by /fr/organisation/. "
            "Before there is one: start with PORTAL_ORGANISERS=local; see docs/settings.md.",
        ]
        transport = httpx.HTTPTransport(uds=str(folder / "data" / "onion" / "socket"))
        with httpx.Client(transport=transport) as tor:
            assert tor.get(f"http://{ONION}/fr/organisation/").status_code == 200


def test_organisers_on_this_machine_have_a_listener_of_their_own(folder: Path) -> None:
    environment = {**CHECKOUT, "PORTAL_ORGANISERS": "local", "PORTAL_ORGANISERS_PORT": "0"}
    with serving(folder, environment=environment) as running:
        found = re.search(r"at (http://127\.0\.0\.1:(\d+)/)fr/organisation/ ", running.lines[1])
        assert found is not None
        assert running.lines[2] == (
            "The organisers' pages are on this machine alone. To open them from yours: "
            f"ssh -N -L {found[2]}:127.0.0.1:{found[2]} ACCOUNT@THIS-MACHINE"
        )
        listeners = [running.url, found[1]]
        assert [httpx.get(f"{listener}fr/organisation/", timeout=PATIENCE).status_code for listener in listeners] == [
            404,
            200,
        ]
        assert [httpx.get(f"{listener}fr/", timeout=PATIENCE).status_code for listener in listeners] == [200, 200]
        assert running.stop() == 0
