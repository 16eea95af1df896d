"""Fixtures of the tests of the onion."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.programs import require
from tests.tornet.offline import offline_tor


@pytest.fixture(scope="session")
def offline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Start a Tor without network; return its control socket, which wants its cookie."""
    require("tor")
    folder = tmp_path_factory.mktemp("offline")
    with offline_tor(folder, "CookieAuthentication 1"):
        yield folder / "control"
