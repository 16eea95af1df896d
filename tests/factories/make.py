"""The commands of the Makefile in a folder of the tests, with the environment that runs the tests as its .venv."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.factories.origin_process import CHEAP

LOCKS: Final = ("requirements-build.lock", "requirements.lock", "requirements-dev.lock")
INSTALLED: Final = ("python", "runtime", "tools")
OURS: Final = ("MAKE", "MFLAGS", "COVERAGE", "PYTEST")


def give_environment(folder: Path) -> None:
    """Put a .venv into `folder` that is the environment of the tests, newer than the lock files there."""
    binaries = folder / ".venv" / "bin"
    binaries.mkdir(parents=True)
    script = binaries / "python"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    script.chmod(0o755)
    for name in INSTALLED:
        (folder / ".venv" / name).touch()


def environment_of(changes: dict[str, str]) -> dict[str, str]:
    """Return the environment of somebody who did not start these tests, with make or otherwise."""
    return {name: value for name, value in os.environ.items() if not name.startswith(OURS)} | changes


def make(folder: Path, *arguments: str, path: str = "", umask: int = -1) -> subprocess.CompletedProcess[str]:
    """Run `make` with `arguments` in `folder`, with the programs of `path` alone where it is given."""
    return subprocess.run(
        [shutil.which("make") or "make", *arguments],
        cwd=folder,
        env=environment_of({**CHEAP, **({"PATH": path} if path else {})}),
        capture_output=True,
        text=True,
        check=False,
        umask=umask,
    )
