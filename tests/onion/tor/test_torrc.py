"""Lines of a torrc that Tor accepts."""

from pathlib import Path

import pytest

from onion.errors import ExtraTorrcUnreadable, SocketUnfit
from onion.tor.launch import OwnTor
from onion.tor.torrc import EXPORT_CIRCUITS, quoted, service_lines, static_lines
from tests.fakes.watch import DEFENCES
from tests.programs import require
from tests.tornet.node import run_offline


def verify(folder: Path, lines: list[str]) -> list[str]:
    """Return the warnings of Tor about `lines`; it stays without network and reads no other torrc."""
    require("tor")
    output = run_offline(folder / "torrc", ["DisableNetwork 1", *lines], "--verify-config").splitlines()
    return [line for line in output if "[warn]" in line and "running Tor as root" not in line]


def test_tor_takes_the_lines_of_a_service_of_its_own_configuration(tmp_path: Path) -> None:
    lines = static_lines(tmp_path / "socket", DEFENCES, tmp_path / "service")
    assert lines[:3] == [
        f"HiddenServiceDir {tmp_path}/service/",
        "HiddenServiceVersion 3",
        f"HiddenServicePort 80 unix:{tmp_path}/socket",
    ]
    assert verify(tmp_path, [f"DataDirectory {tmp_path}/data", *lines]) == []


def test_service_of_debians_tor_has_its_folder_there() -> None:
    assert static_lines(Path("/run/portal/onion"), DEFENCES)[0] == "HiddenServiceDir /var/lib/tor/portal/"


def test_socket_that_a_torrc_cannot_name_is_refused() -> None:
    with pytest.raises(SocketUnfit):
        static_lines(Path("/mon portail/socket"), DEFENCES)


def test_tor_takes_the_torrc_of_an_own_tor_with_the_lines_of_a_file(tmp_path: Path) -> None:
    extra = tmp_path / "extra"
    extra.write_text("# A comment.\nShutdownWaitLength 0\n", encoding="utf-8")
    lines = OwnTor(tmp_path / "mon élan" / "tor", ("PathsNeededToBuildCircuits 0.67",), extra).torrc_lines()
    assert lines[-3:] == ["PathsNeededToBuildCircuits 0.67", "# A comment.", "ShutdownWaitLength 0"]
    assert verify(tmp_path, lines) == []


def test_tor_takes_the_torrc_of_an_own_tor_with_a_service_that_tells_circuits(tmp_path: Path) -> None:
    own = OwnTor(tmp_path / "mon élan" / "tor")
    service = [f"HiddenServiceDir {quoted(own.service_folder)}", *service_lines(tmp_path / "socket", DEFENCES)]
    assert verify(tmp_path, own.torrc_lines([*service, EXPORT_CIRCUITS])) == []


UNREADABLE: dict[str, tuple[bytes | None, str]] = {
    "it is not there": (None, "No such file or directory"),
    "it is no text": (b"\xff\xfe", "it is not UTF-8 text"),
}


@pytest.mark.parametrize(("content", "reason"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_file_of_further_lines_is_refused_when(content: bytes | None, reason: str, tmp_path: Path) -> None:
    extra = tmp_path / "extra"
    if content is not None:
        extra.write_bytes(content)
    with pytest.raises(ExtraTorrcUnreadable) as caught:
        OwnTor(tmp_path / "tor", extra=extra).torrc_lines()
    assert caught.value.details == {"file": extra, "reason": reason}
