"""A real portal and a real copy under floods of connections: visitors get their pages, the memory stays."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Final

import pytest

from bench.floods import GROWTH_MIB, SHARE, flooding, hold_unread, pipeline, visits
from bench.mirrors import stage
from bench.running import Server, portal
from tests.factories.sample import EVENT

SECONDS: Final = 2


@contextmanager
def a_portal(folder: Path) -> Iterator[Server]:
    with portal(folder / "data") as server:
        yield server


@contextmanager
def a_copy(_: Path) -> Iterator[Server]:
    with stage(EVENT) as scene:
        scene.exported()
        with scene.mirroring(str(scene.site)) as server:
            yield server


Flood = Callable[[int, Event, float], None]

FLOODED: Final[dict[str, tuple[Callable[[Path], AbstractContextManager[Server]], Flood]]] = {
    "a portal by 4 that send requests without waiting": (a_portal, pipeline),
    "a portal by 520 that send requests without waiting, and read nothing": (a_portal, hold_unread),
    "a portal by 520 that ask for a few pages, and read nothing": (a_portal, partial(hold_unread, few=8)),
    "a copy by 520 that send requests without waiting, and read nothing": (a_copy, hold_unread),
}


@pytest.mark.parametrize(("running", "flood"), FLOODED.values(), ids=FLOODED.keys())
def test_visitors_are_answered_beside_a_flood(
    tmp_path: Path, running: Callable[[Path], AbstractContextManager[Server]], flood: Flood
) -> None:
    with running(tmp_path) as server:
        visits(server, 0.5)
        with flooding(flood, server.port, SECONDS + 1):
            found = visits(server, SECONDS)
    assert found.share >= SHARE, found
    assert found.growth_mib <= GROWTH_MIB, found
