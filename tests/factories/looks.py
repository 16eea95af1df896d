"""Background tasks that look at the clock again and again, run for some looks."""

import asyncio
import itertools
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from typing import Final

from portal.tor.service import Say

LOOKS: Final = 3


async def messages_of_looks(
    task_of: Callable[[Callable[[], datetime], Say], Coroutine[object, object, None]], now: datetime
) -> list[str]:
    """Run the task of a clock that shows `now` until it has looked `LOOKS` times, and return its messages."""
    messages: list[str] = []

    def say(message: str, details: Mapping[str, object]) -> None:
        messages.append(message % details)

    looks, is_enough = itertools.count(1), asyncio.Event()

    def clock() -> datetime:
        if next(looks) > LOOKS:
            is_enough.set()
        return now

    task = asyncio.create_task(task_of(clock, say))
    enough = asyncio.create_task(is_enough.wait())
    await asyncio.wait([task, enough], return_when=asyncio.FIRST_COMPLETED)
    assert not task.done()
    task.cancel()
    await asyncio.wait([task])
    return messages
