"""Fair queue for requests that cost work or a share of a budget: circuits take turns, first come, first served.

A waiting request costs the portal little, while a refused program comes back at once: so requests are held. The queue
is bounded, in the memory of this process alone.
"""

import asyncio
import math
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import anyio
from starlette.requests import Request
from starlette.types import Receive

from portal.domain import limits
from portal.domain.errors import BusyError, FormError

SCOPE_KEY: Final = "portal.circuit"
"""Key of the scope for the mark of a request's circuit, set where the listener knows circuits."""

Clock = Callable[[], datetime]
Hold = Callable[[float, Receive], Awaitable[bool]]

_MIN_PAUSE_SECONDS: Final = 0.01
_MINUTE: Final = timedelta(minutes=1)


class TokenBucket:
    """Bucket that gains `per_minute` tokens a minute, and holds at most those of one minute. It is full at first.

    A clock that is put back takes nothing away.
    """

    __slots__ = ("_clock", "_level", "_size", "_updated")

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._size = per_minute
        self._level = float(per_minute)
        self._clock = clock
        self._updated = clock()

    def take(self) -> bool:
        """Take a token, and return whether there was one left."""
        self._refill()
        if self._level < 1:
            return False
        self._level -= 1
        return True

    def give_back(self) -> None:
        """Put back a token that was taken."""
        self._level += 1

    @property
    def seconds(self) -> float:
        """Return the seconds until there is a token to take, if nobody else takes it."""
        self._refill()
        return max(0.0, (1 - self._level) * 60 / self._size)

    def _refill(self) -> None:
        now = self._clock()
        elapsed = max(timedelta(0), now - self._updated)
        self._level = min(self._size, self._level + self._size * (elapsed / _MINUTE))
        self._updated = now


async def hold(seconds: float, receive: Receive) -> bool:
    """Wait for so long with a request whose body was read; return False as soon as its sender has left."""
    with anyio.move_on_after(seconds):
        while (await receive())["type"] != "http.disconnect":
            pass
        return False
    return True


@dataclass(eq=False, slots=True)
class _Entry:
    """A request in the line of `key`; `settled` as soon as it gets a slot, or loses its place."""

    key: Hashable
    settled: anyio.Event = field(default_factory=anyio.Event)
    has_slot: bool = False


class FairQueue:
    """Queue for one purpose, with `slots` for requests at the same time, each of which costs a token of `budget`.

    Circuits of Tor take turns with each other; within a circuit, first come is first served. A request without a
    circuit counts as a circuit of its own. At most `capacity` requests wait, each for at most `wait_seconds`. When the
    queue is full, the newest request of the circuit with most of them gives way to a circuit with fewer. A request that
    fails gives its token back, unless `counts_failures`. `hold` is the wait itself.
    """

    def __init__(
        self,
        slots: int,
        capacity: int,
        wait_seconds: int,
        budget: TokenBucket | None = None,
        *,
        counts_failures: bool = False,
        hold: Hold = hold,
    ) -> None:
        self._free = slots
        self._capacity = capacity
        self._wait_seconds = wait_seconds
        self._budget = budget
        self._counts_failures = counts_failures
        self._hold = hold
        self._lines: OrderedDict[Hashable, deque[_Entry]] = OrderedDict()
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        """Count the waiting requests."""
        return sum(map(len, self._lines.values()))

    @asynccontextmanager
    async def slot(self, request: Request, sender: str | None = None) -> AsyncIterator[None]:
        """Wait for a slot for `request`, whose body was read, and keep it for the block.

        `sender` names a known sender, who then counts in the place of the circuit. Raises `BusyError` when the queue is
        full, or the wait was too long, and `FormError` when the sender has left.
        """
        entry = self._enter(sender or request.scope.get(SCOPE_KEY) or object())
        self._serve()
        try:
            has_left = not entry.settled.is_set() and await self._wait(entry, request.receive)
            if not entry.has_slot:
                raise FormError if has_left else self._busy()
            yield
        except BaseException:
            self._leave(entry)
            raise
        finally:
            self._free += entry.has_slot
            self._serve()

    def _enter(self, key: Hashable) -> _Entry:
        if len(self) >= self._capacity:
            self._make_room(key)
        entry = _Entry(key)
        self._lines.setdefault(key, deque()).append(entry)
        return entry

    def _make_room(self, key: Hashable) -> None:
        longest = max(self._lines.values(), key=len)
        if len(longest) <= len(self._lines.get(key, ())) + 1:
            raise self._busy()
        longest.pop().settled.set()

    def _serve(self) -> None:
        """Give the free slots to the next requests; come back when the budget has another token."""
        while self._free and self._lines:
            if self._budget and not self._budget.take():
                self._serve_later(self._budget.seconds)
                return
            key, line = self._lines.popitem(last=False)
            entry = line.popleft()
            if line:
                self._lines[key] = line
            self._free -= 1
            entry.has_slot = True
            entry.settled.set()

    def _serve_later(self, seconds: float) -> None:
        if self._timer is None:
            pause = max(seconds, _MIN_PAUSE_SECONDS)
            self._timer = asyncio.get_running_loop().call_later(pause, self._serve_again)

    def _serve_again(self) -> None:
        self._timer = None
        self._serve()

    async def _wait(self, entry: _Entry, receive: Receive) -> bool:
        """Wait until `entry` is settled, for `wait_seconds` at most; return whether its sender has left."""
        has_left = False
        async with anyio.create_task_group() as group:

            async def listen() -> None:
                nonlocal has_left
                has_left = not await self._hold(self._wait_seconds, receive)
                group.cancel_scope.cancel()

            group.start_soon(listen)
            await entry.settled.wait()
            group.cancel_scope.cancel()
        return has_left

    def _leave(self, entry: _Entry) -> None:
        """Give up the place of `entry`, or the token that its slot has cost."""
        if entry.has_slot:
            if self._budget and not self._counts_failures:
                self._budget.give_back()
        elif line := self._lines.get(entry.key):
            if entry in line:
                line.remove(entry)
            if not line:
                del self._lines[entry.key]

    def _busy(self) -> BusyError:
        seconds = math.ceil(self._budget.seconds) if self._budget else 0
        return BusyError(max(seconds, limits.BUSY_RETRY_SECONDS))
