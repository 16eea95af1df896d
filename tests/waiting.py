"""Waiting for an event, on a machine that may be busy."""

import asyncio
from collections.abc import Callable
from typing import Final

PATIENCE: Final = 60
"""Seconds after which an event that has not come is a failure; a test waits no longer than the event takes."""


async def until(holds: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Return as soon as `holds()` is true.

    Raises `TimeoutError` after `seconds`.
    """
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.01)
