"""What slows down a guesser and a flood where nobody knows one visitor from another: no address, no script.

All of it is in the memory of one process, is bounded, and ends with the process.
"""

import hmac
import math
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import anyio
from starlette.types import Receive

from portal.domain import limits
from portal.domain.errors import BusyError, FormAlreadyUsed, FormError, TicketUnknown
from portal.domain.organiser_errors import PresentPassphraseWrong, SetUpCodeRefused, SignInRefused
from portal.web.circuits import Circuits
from portal.web.familiar import FamiliarBrowsers

Clock = Callable[[], datetime]
Hold = Callable[[float, Receive], Awaitable[bool]]

_FORGOTTEN_AFTER: Final = timedelta(minutes=limits.FAILURES_FORGOTTEN_MINUTES)
_FAILURES: Final = (TicketUnknown, FormAlreadyUsed, SignInRefused, SetUpCodeRefused, PresentPassphraseWrong)


def delay_after(failures: int) -> int:
    """For how many seconds the next attempt on a code or a name is held that was tried in vain so many times."""
    over = failures - limits.FAILURES_FREE
    return 0 if over < 0 else min(2 ** min(over, 10), limits.FAILURE_DELAY_SECONDS)


async def hold(seconds: float, receive: Receive) -> bool:
    """Hold a request, whose body was read, for so long; False as soon as its sender has left."""
    with anyio.move_on_after(seconds):
        while (await receive())["type"] != "http.disconnect":
            pass
        return False
    return True


class Attempts:
    """Attempts on a ticket's code, or on an organiser's name: one in vain makes the next wait, for ever longer.

    An attempt is held before it is looked at, and then looked at whatever others do: a stranger who keeps failing on a
    code makes its owner wait for FAILURE_DELAY_SECONDS at the most, and never shuts them out. When HELD_ATTEMPTS are
    held already no further one waits: then the queue of the hashes is what slows everybody down.

    Codes are known by their HMAC under `secret` (32 random bytes of this process), at most FAILING_CODES of them, and
    forgotten FAILURES_FORGOTTEN_MINUTES after the last failure. `hold` is the wait itself.
    """

    def __init__(self, clock: Clock, secret: bytes, hold: Hold = hold) -> None:
        self._clock = clock
        self._secret = secret
        self._hold = hold
        self._held = 0
        self._failures: OrderedDict[bytes, tuple[int, datetime]] = OrderedDict()

    def __len__(self) -> int:
        """How many codes are known to have failed."""
        return len(self._failures)

    @asynccontextmanager
    async def on(self, code: str, receive: Receive) -> AsyncIterator[None]:
        """Wait, then compare a passphrase in the block; what it raises when the two do not agree fails on `code`.

        `receive` is that of the request, whose body was read. Raises `FormError` when its sender has left.
        """
        key = hmac.digest(self._secret, code.encode(), "sha256")
        failures = self._count(key, +1)  # before the answer is known, or many at once would be as the first one
        try:
            if not await self._wait(delay_after(failures - 1), receive):
                raise FormError
            yield
        except _FAILURES:
            raise
        except BaseException:
            self._count(key, -1)
            raise
        self._failures.pop(key, None)

    async def _wait(self, seconds: int, receive: Receive) -> bool:
        if seconds == 0 or self._held >= limits.HELD_ATTEMPTS:
            return True
        self._held += 1
        try:
            return await self._hold(seconds, receive)
        finally:
            self._held -= 1

    def _count(self, key: bytes, by: int) -> int:
        """The failures of a code, `by` so many more. The code that failed the longest ago is forgotten first."""
        now = self._clock()
        while self._failures and now - next(iter(self._failures.values()))[1] > _FORGOTTEN_AFTER:
            self._failures.popitem(last=False)
        failures = self._failures.pop(key, (0, now))[0] + by
        if failures > 0:
            self._failures[key] = (failures, now)
        if len(self._failures) > limits.FAILING_CODES:
            self._failures.popitem(last=False)
        return failures


class Budget:
    """So many a minute for the whole portal, whoever they come from; what is not used is kept for a minute."""

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._most = per_minute
        self._left = float(per_minute)
        self._clock = clock
        self._seen = clock()

    @contextmanager
    def one(self) -> Iterator[None]:
        """Take one for what is done in the block, and give it back if that fails. Raises `BusyError`."""
        self.take()
        try:
            yield
        except BaseException:
            self._left += 1
            raise

    def take(self) -> None:
        """Take one, whatever comes of it. Raises `BusyError`, which says when there will be one, when none is left."""
        self._refill()
        if self._left < 1:
            seconds = math.ceil((1 - self._left) * 60 / self._most)
            raise BusyError(max(seconds, limits.BUSY_RETRY_SECONDS))
        self._left -= 1

    def _refill(self) -> None:
        now = self._clock()
        passed = max(timedelta(0), now - self._seen)  # a clock that is put back takes nothing away
        self._left = min(self._most, self._left + self._most * (passed / timedelta(minutes=1)))
        self._seen = now


@dataclass(frozen=True, slots=True)
class Guard:
    """What the application asks before it opens a ticket, keeps a registration, and lets an organiser in.

    `entries` are attempts on the names of organisers and on set-up codes; `sign_ins` and `set_ups` are of unfamiliar
    browsers, in vain or not.
    """

    attempts: Attempts
    registrations: Budget
    entries: Attempts
    sign_ins: Budget
    set_ups: Budget
    familiar: FamiliarBrowsers
    circuits: Circuits


def guard(clock: Clock, registrations_per_minute: int, secret: bytes, hold: Hold = hold) -> Guard:
    """The guard of one application."""
    return Guard(
        attempts=Attempts(clock, secret, hold),
        registrations=Budget(registrations_per_minute, clock),
        entries=Attempts(clock, secret, hold),
        sign_ins=Budget(limits.SIGN_INS_PER_MINUTE, clock),
        set_ups=Budget(limits.SET_UPS_PER_MINUTE, clock),
        familiar=FamiliarBrowsers(),
        circuits=Circuits(clock),
    )
