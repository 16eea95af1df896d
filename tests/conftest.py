"""What every test may ask for."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """The loop that the portal runs on."""
    return "asyncio"
