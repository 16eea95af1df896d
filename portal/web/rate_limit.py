"""Rate limits against guessing and floods, where visitors cannot be told apart: no address, no script.

They are bounded, in the memory of this process alone.
"""

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from starlette.types import Receive

from portal.domain import limits
from portal.domain.errors import FormAlreadyUsed, FormError, TicketUnknown
from portal.domain.organisers.organiser_errors import PresentPassphraseWrong, SetUpCodeRefused, SignInRefused
from portal.web.bounded_map import BoundedMap
from portal.web.circuits import Circuits
from portal.web.fair_queue import FairQueue, Hold, hold
from portal.web.hashing_pool import ticket_threads
from portal.web.known_browsers import KnownBrowsers
from portal.web.token_bucket import Clock, TokenBucket

_FORGOTTEN_AFTER: Final = timedelta(minutes=limits.FAILURES_FORGOTTEN_MINUTES)
_FAILURES: Final = (TicketUnknown, FormAlreadyUsed, SignInRefused, SetUpCodeRefused, PresentPassphraseWrong)


def delay_after(failures: int) -> int:
    """Return the seconds for which the next attempt on a code or a name is held, after so many `failures`."""
    over = failures - limits.FAILURES_FREE
    return 0 if over < 0 else min(2 ** min(over, 10), limits.FAILURE_DELAY_SECONDS)


class FailureBackoff:
    """Exponential backoff after failed attempts on a ticket's code, or on an organiser's name.

    An attempt waits before it is looked at, and is then looked at whatever others do: a stranger who keeps failing on a
    code makes its owner wait for at most FAILURE_DELAY_SECONDS, and never locks them out. While HELD_ATTEMPTS wait, no
    further attempt does: then the queues slow everybody down.

    Codes are known by their HMAC under `secret` (32 random bytes of this process), at most FAILING_CODES of them, and
    forgotten FAILURES_FORGOTTEN_MINUTES after the last failure. `hold` is the wait itself.
    """

    def __init__(self, clock: Clock, secret: bytes, hold: Hold = hold) -> None:
        self._secret = secret
        self._hold = hold
        self._waiting = 0
        self._failures = BoundedMap[bytes, int](limits.FAILING_CODES, _FORGOTTEN_AFTER, clock)

    def __len__(self) -> int:
        """Count the codes that are known to have failed."""
        return len(self._failures)

    @asynccontextmanager
    async def attempt(self, code: str, receive: Receive) -> AsyncIterator[None]:
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
        if seconds == 0 or self._waiting >= limits.HELD_ATTEMPTS:
            return True
        self._waiting += 1
        try:
            return await self._hold(seconds, receive)
        finally:
            self._waiting -= 1

    def _count(self, key: bytes, by: int) -> int:
        """Add `by` to the failures of a code, and return their sum."""
        failures = self._failures.pop(key, 0) + by
        if failures > 0:
            self._failures[key] = failures
        return failures


@dataclass(frozen=True, slots=True)
class RateLimits:
    """Rate limits of an application: backoff after failures, and a queue for each purpose.

    `sign_in_backoff` is for the names of organisers and for set-up codes. Queues: `registrations` makes new
    registrations of the public; `admissions` looks up the codes of a registration form, and registers who has an
    invitation; `tickets` opens a ticket or changes its passphrase; `sign_ins` and `set_ups` are for unknown browsers,
    and failures count; `organisers` is for known browsers.
    """

    ticket_backoff: FailureBackoff
    sign_in_backoff: FailureBackoff
    registrations: FairQueue
    admissions: FairQueue
    tickets: FairQueue
    sign_ins: FairQueue
    set_ups: FairQueue
    organisers: FairQueue
    known_browsers: KnownBrowsers
    circuits: Circuits


def rate_limits(
    clock: Clock,
    registrations_per_minute: int,
    secret: bytes,
    delay: Hold = hold,
    wait: Hold = hold,
    cores: int = 1,
) -> RateLimits:
    """Return the rate limits of an application whose hashers have the threads of `cores`.

    `delay` holds the attempts that follow failures, `wait` the requests in the queues.
    """
    queue = partial(FairQueue, hold=wait)
    sign_ins, set_ups = (TokenBucket(most, clock) for most in (limits.SIGN_INS_PER_MINUTE, limits.SET_UPS_PER_MINUTE))
    return RateLimits(
        ticket_backoff=FailureBackoff(clock, secret, delay),
        sign_in_backoff=FailureBackoff(clock, secret, delay),
        registrations=queue(
            cores,
            limits.REGISTRATIONS_WAITING,
            limits.REGISTRATION_WAIT_SECONDS,
            TokenBucket(registrations_per_minute, clock),
        ),
        admissions=queue(cores, limits.ADMISSIONS_WAITING, limits.ADMISSION_WAIT_SECONDS),
        tickets=queue(ticket_threads(cores), limits.TICKETS_WAITING, limits.TICKET_WAIT_SECONDS),
        sign_ins=queue(1, limits.SIGN_INS_WAITING, limits.SIGN_IN_WAIT_SECONDS, sign_ins, counts_failures=True),
        set_ups=queue(1, limits.SET_UPS_WAITING, limits.SET_UP_WAIT_SECONDS, set_ups, counts_failures=True),
        organisers=queue(1, limits.ORGANISERS_WAITING, limits.ORGANISER_WAIT_SECONDS),
        known_browsers=KnownBrowsers(),
        circuits=Circuits(clock),
    )
