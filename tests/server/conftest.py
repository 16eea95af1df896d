"""The portal as it is served, on its own event loop."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.factories.running_server import Running, running


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """Return the event loop of the portal."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def portal(tmp_path: Path) -> AsyncIterator[Running]:
    """Run a portal in an empty folder."""
    async with running(tmp_path) as made:
        yield made
