"""A store to test, on every backend or on the disk alone."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from portal.storage.contract import Store
from portal.storage.embedded.store import EmbeddedStore, open_store
from tests.factories.stores import BACKENDS, EVENT


@pytest.fixture(params=BACKENDS)
async def empty_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """Make a store before its first draft."""
    async with BACKENDS[request.param](tmp_path) as store:
        yield store


@pytest.fixture
async def store(empty_store: Store) -> Store:
    """Make a store with the sample event as its draft."""
    await empty_store.initialise(EVENT)
    return empty_store


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return the path of a data folder that is not there yet."""
    return tmp_path / "data"


@pytest.fixture
async def disk_store(data: Path) -> AsyncIterator[EmbeddedStore]:
    """Make a store in the folder `data`, with the sample event as its draft."""
    store = await open_store(data)
    await store.initialise(EVENT)
    yield store
    await store.close()


@pytest.fixture
def open_umask() -> Iterator[None]:
    """Set the umask that forbids nothing."""
    before = os.umask(0)
    yield
    os.umask(before)
