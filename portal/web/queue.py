"""Turns at what costs work or a share of a budget: first come, first served, without knowing one visitor from another.

Waiting is cheap for the portal, a refusal makes a program come back at once: so requests are held. All of it is in the
memory of one process, is bounded, and ends with the process.
"""

import asyncio
import math
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import anyio
from starlette.requests import Request
from starlette.types import Receive

from portal.domain import limits
from portal.domain.errors import BusyError, FormError
from portal.web.circuits import SCOPE_KEY
from portal.web.token_bucket import TokenBucket

Hold = Callable[[float, Receive], Awaitable[bool]]

_LEAST_PAUSE_SECONDS: Final = 0.01


async def hold(seconds: float, receive: Receive) -> bool:
    """Hold a request, whose body was read, for so long; False as soon as its sender has left."""
    with anyio.move_on_after(seconds):
        while (await receive())["type"] != "http.disconnect":
            pass
        return False
    return True


@dataclass(eq=False, slots=True)
class _Place:
    """The place of one request in the line of `key`; `answered` as soon as it gets its turn, or loses the place."""

    key: Hashable
    answered: anyio.Event = field(default_factory=anyio.Event)
    has_turn: bool = False


class Turns:
    """Turns at one purpose: `at_once` at the same time, each for one of `budget` where there is one.

    Circuits of Tor take turns with each other, and within one circuit who came first goes first; a request without a
    circuit counts as a circuit of its own. At most `places` wait, and each for `wait_seconds`. Where all places are
    taken, the newest of the circuit that has most gives way to a circuit with fewer. A turn that fails gives its share
    of the budget back, unless `counts_failures`. `hold` is the wait itself.
    """

    def __init__(
        self,
        at_once: int,
        places: int,
        wait_seconds: int,
        budget: TokenBucket | None = None,
        *,
        counts_failures: bool = False,
        hold: Hold = hold,
    ) -> None:
        self._free = at_once
        self._places = places
        self._wait_seconds = wait_seconds
        self._budget = budget
        self._counts_failures = counts_failures
        self._hold = hold
        self._lines: OrderedDict[Hashable, deque[_Place]] = OrderedDict()
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        """How many wait."""
        return sum(map(len, self._lines.values()))

    @asynccontextmanager
    async def turn(self, request: Request, of: str | None = None) -> AsyncIterator[None]:
        """Wait for a turn of the sender of `request`, whose body was read, and keep it for the block.

        `of` stands for a sender who is known, in the place of their circuit. Raises `BusyError` when nobody more can
        wait, or the wait was too long, and `FormError` when the sender has left.
        """
        place = self._take_place(of or request.scope.get(SCOPE_KEY) or object())
        self._call()
        try:
            has_left = not place.answered.is_set() and await self._wait(place, request.receive)
            if not place.has_turn:
                raise FormError if has_left else self._busy()
            yield
        except BaseException:
            self._leave(place)
            raise
        finally:
            self._free += place.has_turn
            self._call()

    def _take_place(self, key: Hashable) -> _Place:
        if len(self) >= self._places:
            self._make_room(key)
        place = _Place(key)
        self._lines.setdefault(key, deque()).append(place)
        return place

    def _make_room(self, key: Hashable) -> None:
        longest = max(self._lines.values(), key=len)
        if len(longest) <= len(self._lines.get(key, ())) + 1:
            raise self._busy()
        longest.pop().answered.set()

    def _call(self) -> None:
        """Give their turns to those who can have one now; come back when the budget has more."""
        while self._free and self._lines:
            if self._budget and not self._budget.take():
                self._call_later(self._budget.seconds)
                return
            key, line = self._lines.popitem(last=False)
            place = line.popleft()
            if line:
                self._lines[key] = line
            self._free -= 1
            place.has_turn = True
            place.answered.set()

    def _call_later(self, seconds: float) -> None:
        if self._timer is None:
            pause = max(seconds, _LEAST_PAUSE_SECONDS)
            self._timer = asyncio.get_running_loop().call_later(pause, self._call_again)

    def _call_again(self) -> None:
        self._timer = None
        self._call()

    async def _wait(self, place: _Place, receive: Receive) -> bool:
        """Wait for the answer to `place`, as long as may be; True when its sender has left."""
        has_left = False
        async with anyio.create_task_group() as group:

            async def listen() -> None:
                nonlocal has_left
                has_left = not await self._hold(self._wait_seconds, receive)
                group.cancel_scope.cancel()

            group.start_soon(listen)
            await place.answered.wait()
            group.cancel_scope.cancel()
        return has_left

    def _leave(self, place: _Place) -> None:
        """Give up what `place` still has."""
        if place.has_turn:
            if self._budget and not self._counts_failures:
                self._budget.give_back()
        elif line := self._lines.get(place.key):
            if place in line:
                line.remove(place)
            if not line:
                del self._lines[place.key]

    def _busy(self) -> BusyError:
        seconds = math.ceil(self._budget.seconds) if self._budget else 0
        return BusyError(max(seconds, limits.BUSY_RETRY_SECONDS))
