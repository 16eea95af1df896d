"""Programs beside Python that some tests need: without one a test is skipped and named at the end, or fails in CI."""

import os
import shutil
from typing import Final

import pytest

PACKAGES: Final = {
    "apache2": "apache2",
    "caddy": "caddy",
    "chromium": "chromium",
    "git": "git",
    "make": "make",
    "nginx": "nginx-light",
    "systemd-analyze": "systemd",
    "tor": "tor",
    "tor-gencert": "tor",
}
"""The Debian package that brings each program."""

absent: Final[set[str]] = set()
"""The programs that were asked for in vain during this run."""


def require(*programs: str) -> None:
    """Skip the test unless every one of `programs`, names of `PACKAGES`, is on the PATH; with CI=true fail it."""
    missing = {program for program in programs if shutil.which(program) is None}
    if not missing:
        return
    absent.update(missing)
    if os.environ.get("CI") == "true":
        pytest.fail(closing_line(missing), pytrace=False)
    pytest.skip(f"needs {', '.join(sorted(missing))}", allow_module_level=True)


def closing_line(missing: set[str]) -> str:
    """Return one line with the `missing` programs and the apt-get line that brings them all; empty for none."""
    if not missing:
        return ""
    packages = sorted({PACKAGES[program] for program in missing})
    return f"Skipped for want of {', '.join(sorted(missing))}; to run those too: apt-get install {' '.join(packages)}"
