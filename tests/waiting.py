"""Waiting for an event, on a machine that may be busy."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

from portal.domain.limits import FORM_MIN_AGE_SECONDS

PATIENCE: Final = 240
"""Seconds after which an event that has not come is a failure; a test waits no longer than the event takes."""


async def until(holds: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Return as soon as `holds()` is true.

    Raises `TimeoutError` after `seconds`.
    """
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.01)


def wait_until(holds: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Return as soon as `holds()` is true, in a test that has no loop.

    Raises `TimeoutError` after `seconds`.
    """
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.05)


def let_a_form_age() -> None:
    """Wait until a portal in another process, whose clock no test can turn, takes a form that has just been opened."""
    time.sleep(FORM_MIN_AGE_SECONDS + 0.1)
