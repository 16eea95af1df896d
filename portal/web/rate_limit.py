"""What slows down a guesser and a flood where nobody knows one visitor from another: no address, no script.

All of it is in the memory of one process, is bounded, and ends with the process.
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
from portal.web.hashing_pool import threads_of_tickets
from portal.web.known_browsers import KnownBrowsers
from portal.web.queue import Hold, Turns, hold
from portal.web.token_bucket import Clock, TokenBucket

_FORGOTTEN_AFTER: Final = timedelta(minutes=limits.FAILURES_FORGOTTEN_MINUTES)
_FAILURES: Final = (TicketUnknown, FormAlreadyUsed, SignInRefused, SetUpCodeRefused, PresentPassphraseWrong)


def delay_after(failures: int) -> int:
    """For how many seconds the next attempt on a code or a name is held that was tried in vain so many times."""
    over = failures - limits.FAILURES_FREE
    return 0 if over < 0 else min(2 ** min(over, 10), limits.FAILURE_DELAY_SECONDS)


class Attempts:
    """Attempts on a ticket's code, or on an organiser's name: one in vain makes the next wait, for ever longer.

    An attempt is held before it is looked at, and then looked at whatever others do: a stranger who keeps failing on a
    code makes its owner wait for FAILURE_DELAY_SECONDS at the most, and never shuts them out. When HELD_ATTEMPTS are
    held already no further one waits: then the turns are what slows everybody down.

    Codes are known by their HMAC under `secret` (32 random bytes of this process), at most FAILING_CODES of them, and
    forgotten FAILURES_FORGOTTEN_MINUTES after the last failure. `hold` is the wait itself.
    """

    def __init__(self, clock: Clock, secret: bytes, hold: Hold = hold) -> None:
        self._secret = secret
        self._hold = hold
        self._held = 0
        self._failures = BoundedMap[bytes, int](limits.FAILING_CODES, _FORGOTTEN_AFTER, clock)

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
        """Add `by` to the failures of a code, and return their sum."""
        failures = self._failures.pop(key, 0) + by
        if failures > 0:
            self._failures[key] = failures
        return failures


@dataclass(frozen=True, slots=True)
class RateLimits:
    """Guards the application: delays attempts that follow failed ones, and gives out turns for each purpose.

    `entries` are attempts on the names of organisers and on set-up codes. Turns: `registrations` are new ones of the
    public; `admissions` look at the codes of a form of registration, and keep what comes with an invitation; `tickets`
    open a ticket or change its passphrase; `sign_ins` and `set_ups` are of unfamiliar browsers, and each counts, in
    vain or not; `organisers` are of those whom the portal knows already.
    """

    attempts: Attempts
    entries: Attempts
    registrations: Turns
    admissions: Turns
    tickets: Turns
    sign_ins: Turns
    set_ups: Turns
    organisers: Turns
    familiar: KnownBrowsers
    circuits: Circuits


def rate_limits(
    clock: Clock,
    registrations_per_minute: int,
    secret: bytes,
    delay: Hold = hold,
    wait: Hold = hold,
    cores: int = 1,
) -> RateLimits:
    """The guard of one application, whose hashers have the threads of `cores`.

    `delay` holds what follows on failures, `wait` what waits its turn.
    """
    turns = partial(Turns, hold=wait)
    sign_ins, set_ups = (TokenBucket(most, clock) for most in (limits.SIGN_INS_PER_MINUTE, limits.SET_UPS_PER_MINUTE))
    return RateLimits(
        attempts=Attempts(clock, secret, delay),
        entries=Attempts(clock, secret, delay),
        registrations=turns(
            cores,
            limits.REGISTRATIONS_WAITING,
            limits.REGISTRATION_WAIT_SECONDS,
            TokenBucket(registrations_per_minute, clock),
        ),
        admissions=turns(cores, limits.ADMISSIONS_WAITING, limits.ADMISSION_WAIT_SECONDS),
        tickets=turns(threads_of_tickets(cores), limits.TICKETS_WAITING, limits.TICKET_WAIT_SECONDS),
        sign_ins=turns(1, limits.SIGN_INS_WAITING, limits.SIGN_IN_WAIT_SECONDS, sign_ins, counts_failures=True),
        set_ups=turns(1, limits.SET_UPS_WAITING, limits.SET_UP_WAIT_SECONDS, set_ups, counts_failures=True),
        organisers=turns(1, limits.ORGANISERS_WAITING, limits.ORGANISER_WAIT_SECONDS),
        familiar=KnownBrowsers(),
        circuits=Circuits(clock),
    )
