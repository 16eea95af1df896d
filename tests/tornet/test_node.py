"""The Tors of the tests end with the tests, and none starts that the guard refuses."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.checkout import ROOT
from tests.programs import require
from tests.tornet.guard import PublicNetworkError
from tests.tornet.node import free_ports, running
from tests.tornet.offline import offline_tor
from tests.tornet.processes import is_running
from tests.waiting import wait_until

OWNER_SECONDS: Final = 60
"""Tor looks every 15 s whether its owner is still there."""


@pytest.mark.parametrize("is_offline", [False, True], ids=["in a network", "without network"])
def test_node_that_the_guard_refuses_is_not_even_written(is_offline: bool, tmp_path: Path) -> None:
    with pytest.raises(PublicNetworkError), running(tmp_path / "node", ["SocksPort 0"], offline=is_offline):
        raise AssertionError("it started")
    assert list(tmp_path.iterdir()) == []


def test_node_ends_when_its_test_fails(tmp_path: Path) -> None:
    require("tor")
    with pytest.raises(ZeroDivisionError), offline_tor(tmp_path / "tor") as process:
        raise ZeroDivisionError
    assert process.returncode is not None


TESTS: Final = """
import sys, time
from pathlib import Path
from tests.tornet.offline import offline_tor

with offline_tor(Path(sys.argv[1])) as process:
    print(process.pid, flush=True)
    time.sleep(60)
"""


@pytest.mark.tornet
def test_node_ends_when_the_tests_are_killed(tmp_path: Path) -> None:
    require("tor")
    command = [sys.executable, "-c", TESTS, str(tmp_path / "tor")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as tests:
        assert tests.stdout is not None
        pid = int(tests.stdout.readline())
        assert is_running(pid)
        tests.kill()
    wait_until(lambda: not is_running(pid), OWNER_SECONDS)


def test_free_ports_are_all_different() -> None:
    assert len(set(free_ports(20))) == 20
