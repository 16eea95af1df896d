"""Background tasks of a running server: a fault in one is logged and stops nothing else."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Final

from portal.web.error_log import format_safely

LOG: Final = logging.getLogger("portal")


@asynccontextmanager
async def beside(*works: Coroutine[object, object, None]) -> AsyncIterator[None]:
    """Each of `works` runs while the block runs; a fault in one is logged and stops nothing else."""
    tasks = [asyncio.create_task(_apart(work)) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _apart(work: Coroutine[object, object, None]) -> None:
    try:
        await work
    except Exception as error:  # whatever it is, the doors stay open
        LOG.error("fault beside the doors\n%s", format_safely(error))
