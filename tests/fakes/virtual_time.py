"""A loop whose time passes at once, so that a sleeper wakes as soon as no task is left to do, and its requests."""

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

from starlette.requests import Request
from starlette.types import Message, Receive

from portal.web.fair_queue import SCOPE_KEY

Result = TypeVar("Result")

START: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class _Selector(selectors.SelectSelector):
    """Looks at the sockets of the loop, and never waits for them."""

    passed = 0.0
    """Seconds."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.passed += timeout or 0.0
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop for code that waits for time and for other tasks alone: no threads, no sockets."""

    def __init__(self) -> None:
        self._virtual: Final = _Selector()
        super().__init__(self._virtual)

    def time(self) -> float:
        """Seconds since it was made."""
        return self._virtual.passed


def now() -> datetime:
    """Return the time of the running loop, as a clock in UTC."""
    return START + timedelta(seconds=asyncio.get_running_loop().time())


def run(work: Coroutine[object, object, Result]) -> Result:
    """Return the result of `work`, without any time passing but its own."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)


async def stays() -> Message:
    """Receive nothing: the sender waits for the answer."""
    await asyncio.Event().wait()
    raise AssertionError


async def leaves_after(seconds: float) -> Message:
    """Receive the news that the sender has left, after so long."""
    await asyncio.sleep(seconds)
    return {"type": "http.disconnect"}


def request(circuit: bytes | None = None, receive: Receive = stays) -> Request:
    """Return a request whose body was read, by a circuit or by none."""
    return Request({"type": "http"} | ({SCOPE_KEY: circuit} if circuit else {}), receive)
