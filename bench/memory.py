"""Memory at its peak while 256 visitors register at the same time, above what the portal holds when idle."""

import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.figure import Figure
from bench.running import portal
from bench.visitors import Visit, enter, register_once

VISITORS: Final = 256


def measure() -> Figure:
    """Return the figure, over one rush in which everybody is registered in the end."""
    with TemporaryDirectory() as folder, portal(Path(folder) / "data") as server:
        idle = server.memory_kib("VmRSS") / 1024
        server.forget_peak()
        visit, seconds = asyncio.run(_rush(server.port))
        peak, after = server.memory_kib("VmHWM") / 1024, server.memory_kib("VmRSS") / 1024
    assert visit.registered == VISITORS
    return Figure(
        "memory",
        f"{peak:.0f} MiB at most, {VISITORS} registered in {seconds:.0f} s, {visit.busy} asked to wait",
        f"{idle:.0f} MiB idle before, {after:.0f} after",
        peak - idle,
        250,
        is_ceiling=True,
        unit="MiB",
    )


async def _rush(port: int) -> tuple[Visit, float]:
    visitors, visit = await enter(port, VISITORS, forms=1), Visit()
    start = time.monotonic()
    await asyncio.gather(*(register_once(visitor, visit) for visitor in visitors))
    return visit, time.monotonic() - start
