"""Sockets as we open them: private, quick, and honest about why not."""

import os
import socket
import stat
from pathlib import Path

import pytest

from portal.domain.errors import ListenerError
from portal.server.sockets import closing, open_tcp, open_unix
from tests.fakes.nobody import without_rights


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def leave_dead_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))


def test_tcp_socket_answers_without_delay_and_can_be_opened_again_at_once() -> None:
    with closing([first := open_tcp("127.0.0.1", 0)]):
        port = first.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            accepted, _ = first.accept()
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
        accepted.close()
    with closing([open_tcp("127.0.0.1", port)]):
        pass


def test_tcp_socket_opens_on_ipv6() -> None:
    with closing([open_tcp("::1", 0)]):
        pass


def test_taken_port_is_told_in_one_line() -> None:
    with closing([first := open_tcp("127.0.0.1", 0)]):
        port = first.getsockname()[1]
        with pytest.raises(ListenerError) as caught:
            open_tcp("127.0.0.1", port)
    assert str(caught.value) == (
        f"Cannot listen at 127.0.0.1:{port}: something else is already there; stop it, "
        "or choose another port, with --port 8080 for instance (organisers_port for the organisers' own pages)."
    )


@pytest.mark.parametrize(
    ("host", "reason"), [("192.0.2.1", "this machine has no such address"), ("no such host", "there is no such host")]
)
def test_address_of_another_machine_is_told(host: str, reason: str) -> None:
    with pytest.raises(ListenerError) as caught:
        open_tcp(host, 0)
    assert caught.value.details["reason"] == reason


def test_unix_socket_is_private_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "onion" / "listener"
    with closing([open_unix(path)]):
        assert (mode(path.parent), mode(path)) == (0o700, 0o600)
        with socket.socket(socket.AF_UNIX) as caller:
            caller.connect(str(path))
    assert list(path.parent.iterdir()) == []


def test_unix_socket_makes_private_folders_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with closing([open_unix(tmp_path / "run" / "onion" / "listener")]):
            assert (mode(tmp_path / "run"), mode(tmp_path / "run" / "onion")) == (0o700, 0o700)
    finally:
        os.umask(before)


def test_unix_socket_makes_a_folder_private_that_was_open(tmp_path: Path) -> None:
    folder = tmp_path / "onion"
    folder.mkdir(mode=0o755)
    with closing([open_unix(folder / "listener")]):
        assert mode(folder) == 0o700


def test_folder_that_is_for_more_than_the_socket_is_left_as_it_was(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "of-others").touch()
    with pytest.raises(ListenerError, match="its folder holds something else"):
        open_unix(tmp_path / "listener")
    assert (mode(tmp_path), [path.name for path in tmp_path.iterdir()]) == (0o755, ["of-others"])


def test_unix_socket_takes_the_place_of_a_dead_one(tmp_path: Path) -> None:
    path = tmp_path / "onion" / "listener"
    path.parent.mkdir()
    leave_dead_socket(path)
    with closing([open_unix(path)]), socket.socket(socket.AF_UNIX) as caller:
        caller.connect(str(path))


def test_unix_socket_leaves_a_living_one_alone(tmp_path: Path) -> None:
    path = tmp_path / "onion" / "listener"
    with closing([open_unix(path)]):
        with pytest.raises(ListenerError, match="another process answers there"):
            open_unix(path)
        with socket.socket(socket.AF_UNIX) as caller:
            caller.connect(str(path))


def test_unix_socket_leaves_a_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "listener"
    path.write_text("a letter")
    with pytest.raises(ListenerError, match="not a socket of the portal"):
        open_unix(path)
    assert path.read_text() == "a letter"


def test_unix_socket_with_too_long_a_path_is_told(tmp_path: Path) -> None:
    with pytest.raises(ListenerError, match="107 bytes"):
        open_unix(tmp_path / ("d" * 100) / "listener")


def test_unix_socket_in_a_folder_of_another_is_told() -> None:
    with without_rights(), pytest.raises(ListenerError, match="this account may not"):
        open_unix(Path("/root/onion/socket"))
