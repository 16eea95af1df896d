"""The wait of the slowest readers of the programme while 32 visitors register, compared to that without them."""

import asyncio
import time
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from bench.figure import Figure
from bench.programme import PATH
from bench.running import Server, portal
from bench.visitors import Visit, enter, register_until
from bench.wrk import load

READERS: Final = 8
VISITORS: Final = 32
ROUNDS: Final = 3
SECONDS: Final = 6


def measure() -> Figure:
    """Return the figure, over ROUNDS in which the readers are alone, then not."""
    with TemporaryDirectory() as folder, portal(Path(folder) / "data") as server:
        load(server.url + PATH, READERS, 1)
        rounds = [(_alone(server), _beside_registrations(server)) for _ in range(ROUNDS)]
    alone, together = (median(column) for column in zip(*rounds, strict=True))
    return Figure(
        "programme page, p99",
        f"{together:.1f} ms while {VISITORS} register",
        f"{alone:.1f} ms without them",
        together / alone,
        5,
        is_ceiling=True,
    )


def register_for(port: int, seconds: float, has_begun: Event) -> None:
    """Have the visitors register for so long."""
    asyncio.run(_register(port, seconds, has_begun))


async def _register(port: int, seconds: float, has_begun: Event) -> None:
    visitors = await enter(port, VISITORS, forms=2)
    has_begun.set()
    end = time.monotonic() + seconds
    await asyncio.gather(*(register_until(visitor, end, Visit()) for visitor in visitors))


def _alone(server: Server) -> float:
    return load(server.url + PATH, READERS, SECONDS).p99


def _beside_registrations(server: Server) -> float:
    """Run the visitors in a process of their own, from before the readers until after them."""
    spawn = get_context("spawn")
    has_begun = spawn.Event()
    crowd = spawn.Process(target=register_for, args=(server.port, SECONDS + 2, has_begun))
    crowd.start()
    has_begun.wait()
    time.sleep(1)
    p99 = load(server.url + PATH, READERS, SECONDS).p99
    crowd.join()
    assert crowd.exitcode == 0
    return p99
