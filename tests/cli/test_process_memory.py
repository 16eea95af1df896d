"""No core file is left of a portal that crashes, and no process of the same account reads its memory."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.factories.origin_process import CHECKOUT, PORTAL, serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="core files and /proc are those of Linux")

LOOKING: Final = "-sys_ptrace,-sys_admin,-perfmon"
UNPRIVILEGED: Final = ("setpriv", "--bounding-set", LOOKING) if os.geteuid() == 0 else ()
"""Without what lets root look into every process (capabilities(7)), root is an account like any other."""
LARGE_CORES: Final = (*UNPRIVILEGED, "sh", "-c", 'ulimit -Sc "$(ulimit -Hc)" && exec "$@"', "sh")
"""Program prefix that allows a core file as large as the machine allows."""
WAITING: Final = (sys.executable, "-c", "import sys; print('ready', flush=True); sys.stdin.read()")
LIMITS: Final = """
import ctypes, sys
from pathlib import Path
from portal.cli.main import main
try:
    main()
except SystemExit:
    limits = Path("/proc/self/limits").read_text().splitlines()
    (line,) = (line for line in limits if line.startswith("Max core file size"))
    print(line.split()[4:6], ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), file=sys.stderr)
"""
"""A command in a process that says at its end what it allows: its two limits of core files, and PR_GET_DUMPABLE."""

COMMANDS: Final = {
    "the help": ["--help"],
    "a command that reads the data": ["organiser", "list"],
    "a command that fails": ["key", "list", "--data", "nowhere"],
    "a command that does not exist": ["unknown"],
}


def is_core_left(process: subprocess.Popen[str]) -> bool:
    """End `process` by a fault of memory, and tell whether the system wrote a core file."""
    process.send_signal(signal.SIGSEGV)
    _, status = os.waitpid(process.pid, 0)
    assert os.WTERMSIG(status) == signal.SIGSEGV
    return os.WCOREDUMP(status)


def is_memory_readable(process: subprocess.Popen[str]) -> bool:
    """Tell whether another process of the same account can read memory of `process` (proc(5), environ).

    All of the memory is closed by the same check (ptrace(2), PTRACE_MODE_READ), but on many machines by others too.
    """
    code = f"open('/proc/{process.pid}/environ', 'rb').read()"
    read = subprocess.run([*UNPRIVILEGED, sys.executable, "-c", code], capture_output=True, text=True)
    assert read.returncode == 0 or "PermissionError" in read.stderr
    return read.returncode == 0


def python(folder: Path, command: Sequence[str]) -> subprocess.Popen[str]:
    """Start a plain program that runs until its input ends."""
    process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_plain_program_leaves_a_core_and_is_readable(tmp_path: Path) -> None:
    """Check that the two tests below would find a portal that is not protected."""
    with python(tmp_path, [*LARGE_CORES, *WAITING]) as process:
        assert is_memory_readable(process)
        assert is_core_left(process)


@pytest.mark.slow
def test_portal_that_crashes_leaves_no_core(tmp_path: Path) -> None:
    subprocess.run([*PORTAL, "init"], cwd=tmp_path, env=os.environ | CHECKOUT, check=True, capture_output=True)
    with serving(tmp_path, command=[*LARGE_CORES, *PORTAL]) as running:
        before = sorted(tmp_path.iterdir())
        assert not is_core_left(running.process)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.slow
def test_memory_of_the_portal_is_closed_to_its_own_account(tmp_path: Path) -> None:
    subprocess.run([*PORTAL, "init"], cwd=tmp_path, env=os.environ | CHECKOUT, check=True, capture_output=True)
    with serving(tmp_path, command=[*UNPRIVILEGED, *PORTAL]) as running:
        assert not is_memory_readable(running.process)


@pytest.mark.slow
@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_every_command_is_protected(tmp_path: Path, arguments: list[str]) -> None:
    command = [*LARGE_CORES, sys.executable, "-c", LIMITS, *arguments]
    ran = subprocess.run(command, cwd=tmp_path, env=os.environ | CHECKOUT, capture_output=True, text=True, check=True)
    assert ran.stderr.splitlines()[-1] == "['0', '0'] 0"
