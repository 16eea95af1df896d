"""Access to the listener's socket for a Tor that is another user."""

import os
import pwd
import socket
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

from onion.errors import AccountUnknown, SocketForbidden, SocketUnfit
from onion.tor.socket_access import ENTER, User, check_path, grant_access, grant_access_to_account
from tests.fakes.nobody import NOBODY, without_rights

DAEMON: Final = pwd.getpwnam("daemon").pw_uid
NAMELESS: Final = 54_321

UNFIT = {
    "it has a blank": "/mon portail/socket",
    "it has an accent": "/données/socket",
    "it has a quote": '/a"b/socket',
    "it has a backslash": "/a\\b/socket",
    "it has a line break": "/a\nb/socket",
    "it is too long for a socket": f"/{'a' * 107}",
}


@pytest.mark.parametrize("path", UNFIT.values(), ids=UNFIT.keys())
def test_path_of_the_socket_is_refused_when(path: str) -> None:
    with pytest.raises(SocketUnfit) as caught:
        check_path(Path(path))
    assert caught.value.details == {"path": path, "limit": 107}


@pytest.mark.parametrize("path", ["/data/onion/socket", f"/{'a' * 106}", "/a,b=c/$x/socket"])
def test_path_of_the_socket_is_taken(path: str) -> None:
    check_path(Path(path))


@pytest.fixture
def listener() -> Iterator[Path]:
    """Open a socket, 0600, in a folder of its own, 0700, below folders that everybody may enter."""
    with TemporaryDirectory() as above, socket.socket(socket.AF_UNIX) as opened:
        Path(above).chmod(0o711)
        path = Path(above) / "listener" / "socket"
        path.parent.mkdir(mode=0o700)
        opened.bind(str(path))
        path.chmod(0o600)
        opened.listen()
        yield path


def modes(listener: Path) -> tuple[int, int]:
    return listener.parent.stat().st_mode & 0o777, listener.stat().st_mode & 0o777


def connect(listener: Path) -> None:
    with socket.socket(socket.AF_UNIX) as caller:
        caller.connect(str(listener))


@pytest.mark.parametrize("uid", [0, os.geteuid()], ids=["root", "this user"])
def test_socket_stays_closed_to_all_others_when_tor_is(uid: int, listener: Path) -> None:
    grant_access(uid, listener)
    assert modes(listener) == (0o700, 0o600)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
def test_socket_is_opened_to_the_group_of_a_tor_of_another_user(listener: Path) -> None:
    with without_rights(), pytest.raises(PermissionError):
        connect(listener)
    grant_access(NOBODY, listener)
    assert modes(listener) == (0o710, 0o660)
    with without_rights():
        connect(listener)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
def test_socket_is_opened_to_a_tor_whose_user_has_no_name(listener: Path) -> None:
    grant_access(NAMELESS, listener)
    assert (modes(listener), listener.stat().st_gid) == ((0o710, 0o660), NAMELESS)


def test_socket_may_be_opened_to_an_account_by_its_name(listener: Path) -> None:
    grant_access_to_account(pwd.getpwuid(os.geteuid()).pw_name, listener)
    assert modes(listener) == (0o700, 0o600)
    with pytest.raises(AccountUnknown, match="no account no-such-account"):
        grant_access_to_account("no-such-account", listener)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
def test_socket_below_a_closed_folder_is_told_with_that_folder(listener: Path) -> None:
    closed = listener.parent.parent
    closed.chmod(0o700)
    with pytest.raises(SocketForbidden) as caught:
        grant_access(NOBODY, listener)
    assert caught.value.details == {"user": pwd.getpwuid(NOBODY).pw_name, "folder": closed}


def test_socket_that_is_not_ours_to_open_is_told(listener: Path) -> None:
    listener.parent.chmod(0o755)
    with without_rights(), pytest.raises(SocketForbidden) as caught:
        grant_access(DAEMON, listener)
    assert caught.value.details == {"user": pwd.getpwuid(DAEMON).pw_name, "folder": listener.parent}


def test_socket_is_left_as_it_is_where_tor_comes_in_already(listener: Path) -> None:
    listener.parent.chmod(0o711)
    listener.chmod(0o606)
    grant_access(NOBODY, listener)
    assert modes(listener) == (0o711, 0o606)


GRANTS = {
    "the owner by the first digit": (User(os.geteuid(), "us", -1, frozenset()), 0o700, True),
    "not the owner by the others": (User(os.geteuid(), "us", os.getegid(), frozenset({os.getegid()})), 0o077, False),
    "the group by the second digit": (User(-1, "friend", os.getegid(), frozenset({os.getegid()})), 0o710, True),
    "not the group by the last": (User(-1, "friend", os.getegid(), frozenset({os.getegid()})), 0o701, False),
    "anybody by the last digit": (User(-1, "stranger", -1, frozenset({-1})), 0o701, True),
    "nobody else": (User(-1, "stranger", -1, frozenset({-1})), 0o770, False),
}


@pytest.mark.parametrize(("user", "mode", "is_granted"), GRANTS.values(), ids=GRANTS.keys())
def test_mode_grants_passage_to(user: User, mode: int, is_granted: bool, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    folder.chmod(mode)
    assert user.may(ENTER, folder) is is_granted
