"""What every test may ask for, and the line that closes a run in which a program was missing."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.programs import absent, closing_line, require
from tests.tornet.network import Network, private_network

# A busy machine is slow without being wrong: no test is timed.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--closing-line FILE`, for `make test`, which has more to print after pytest."""
    parser.addoption("--closing-line", type=Path, metavar="FILE", help="write the closing line there")


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


@pytest.fixture(scope="session")
def tornet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """A private Tor network on loopback, up for the rest of the run; mark the tests that ask for it `tornet`."""
    require("tor", "tor-gencert")
    with private_network(tmp_path_factory.mktemp("tornet")) as network:
        yield network
