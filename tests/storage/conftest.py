"""A store to test, on every backend."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from portal.storage.contract import Store
from tests.storage.backends import BACKENDS, EVENT


@pytest.fixture(params=BACKENDS)
async def empty_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """A store before its first draft."""
    async with BACKENDS[request.param](tmp_path) as store:
        yield store


@pytest.fixture
async def store(empty_store: Store) -> Store:
    """A store with the sample event as its draft."""
    await empty_store.initialise(EVENT)
    return empty_store
