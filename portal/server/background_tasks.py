"""Background tasks of a running server: an exception in one is logged and stops nothing else."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Final

from portal.web.error_log import format_safely

LOG: Final = logging.getLogger("portal")


@asynccontextmanager
async def background_tasks(*coroutines: Coroutine[object, object, None]) -> AsyncIterator[None]:
    """Run `coroutines` during the block; an exception in one is logged and stops nothing else."""
    tasks = [asyncio.create_task(_log_exceptions(coroutine)) for coroutine in coroutines]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _log_exceptions(coroutine: Coroutine[object, object, None]) -> None:
    try:
        await coroutine
    except Exception as error:  # whatever it is, the listeners stay open
        LOG.error("fault in a background task\n%s", format_safely(error))
