"""What every test may ask for, and the line that closes a run in which a program was missing."""

import sys
from pathlib import Path

import pytest

from tests.programs import absent, closing_line


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--closing-line FILE`, for `make test`, which has more to print after pytest."""
    parser.addoption(
        "--closing-line", type=Path, metavar="FILE", help="write the closing line there"
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close with the programs that were missing and the one line that brings them."""
    line = closing_line(absent)
    file: Path | None = config.getoption("--closing-line")
    if file is not None:
        file.write_text(f"{line}\n" if line else "", encoding="utf-8")
    elif line:
        sys.stdout.write(f"{line}\n")


@pytest.fixture
def anyio_backend() -> str:
    """The loop that the portal runs on."""
    return "asyncio"
