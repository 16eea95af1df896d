"""What the tests of the onion may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.programs import require
from tests.tornet.offline import offline_tor


@pytest.fixture(scope="session")
def offline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The control socket of a Tor without network, which asks for its cookie."""
    require("tor")
    folder = tmp_path_factory.mktemp("offline")
    with offline_tor(folder, "CookieAuthentication 1"):
        yield folder / "control"
