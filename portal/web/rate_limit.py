"""Rate limits against guessing and floods, where visitors cannot be told apart: no address, no script.

They are bounded, in the memory of this process alone: failures on a code, circuits of Tor, browsers of organisers.
"""

import hmac
import math
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, TypeVar

from starlette.types import Receive, Scope

from portal.domain import limits
from portal.domain.errors import FormAlreadyUsed, FormError, TicketUnknown
from portal.domain.input_errors import CircuitBusy
from portal.domain.organisers.organiser_errors import PresentPassphraseWrong, SetUpCodeRefused, SignInRefused
from portal.web.fair_queue import SCOPE_KEY, Clock, FairQueue, Hold, TokenBucket, hold
from portal.web.hashing_pool import ticket_threads

Key = TypeVar("Key")
Value = TypeVar("Value")


_FAILURES_FORGOTTEN: Final = timedelta(minutes=limits.FAILURES_FORGOTTEN_MINUTES)
_CIRCUIT_FORGOTTEN: Final = timedelta(minutes=limits.CIRCUIT_FORGOTTEN_MINUTES)
_FAILURES: Final = (TicketUnknown, FormAlreadyUsed, SignInRefused, SetUpCodeRefused, PresentPassphraseWrong)


def _no_clock() -> datetime:
    return datetime.min.replace(tzinfo=UTC)


class BoundedMap(MutableMapping[Key, Value]):
    """Mapping of at most `maxsize` entries: the one that was set longest ago makes room for a new one.

    With a `ttl`, an entry expires when it was set longer ago than that by `clock`.
    """

    def __init__(self, maxsize: int, ttl: timedelta = timedelta.max, clock: Callable[[], datetime] = _no_clock) -> None:
        self._maxsize = maxsize
        self._ttl = ttl
        self._clock = clock
        self._entries: OrderedDict[Key, tuple[Value, datetime]] = OrderedDict()

    def __getitem__(self, key: Key) -> Value:
        self._expire()
        return self._entries[key][0]

    def __setitem__(self, key: Key, value: Value) -> None:
        self._entries[key] = value, self._clock()
        self._entries.move_to_end(key)
        self._expire()
        if len(self._entries) > self._maxsize:
            self._entries.popitem(last=False)

    def __delitem__(self, key: Key) -> None:
        del self._entries[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._entries)

    def __len__(self) -> int:
        """Count the entries, expired ones included that nothing has dropped yet."""
        return len(self._entries)

    def _expire(self) -> None:
        now = self._clock()
        while self._entries and now - next(iter(self._entries.values()))[1] > self._ttl:
            self._entries.popitem(last=False)


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
        self._failures = BoundedMap[bytes, int](limits.FAILING_CODES, _FAILURES_FORGOTTEN, clock)

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


class Circuits:
    """Token bucket of CIRCUIT_FORMS_A_MINUTE for each circuit of Tor: one that floods is slowed down, no other.

    A circuit is known by its mark alone, and at most CIRCUITS_REMEMBERED are: that which sent nothing for the longest
    time is forgotten first, and CIRCUIT_FORGOTTEN_MINUTES after its last form in any case.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets = BoundedMap[bytes, TokenBucket](limits.CIRCUITS_REMEMBERED, _CIRCUIT_FORGOTTEN, clock)

    def __len__(self) -> int:
        """Count the circuits that are known."""
        return len(self._buckets)

    def spend(self, scope: Scope) -> None:
        """Take a token from the circuit of a request; a request without a circuit costs none.

        Raises `CircuitBusy`, with the seconds until there is a token, when none is left.
        """
        mark: bytes | None = scope.get(SCOPE_KEY)
        if mark is None:
            return
        bucket = self._buckets.get(mark) or TokenBucket(limits.CIRCUIT_FORMS_A_MINUTE, self._clock)
        self._buckets[mark] = bucket
        if not bucket.take():
            raise CircuitBusy(max(math.ceil(bucket.seconds), limits.BUSY_RETRY_SECONDS))


class KnownBrowsers:
    """Browsers in which an organiser was signed in not long ago: no flood of strangers keeps these out.

    It maps the stored id of a sign-in to its organiser, and outlasts a sign-in that merely expired; an ended sign-in
    is to be forgotten. At most FAMILIAR_BROWSERS are kept: that which was not seen for the longest time goes first.
    """

    def __init__(self, most: int = limits.FAMILIAR_BROWSERS) -> None:
        self._organisers = BoundedMap[str, str](most)

    def __len__(self) -> int:
        """Count the sign-ins that are remembered."""
        return len(self._organisers)

    def remember(self, id: str, organiser: str) -> None:
        """Remember a live sign-in of `organiser`, by its stored id."""
        self._organisers[id] = organiser

    def knows(self, id: str | None, organiser: str) -> bool:
        """Return whether the sign-in with this stored id was of `organiser`, and has not been ended."""
        return id is not None and self._organisers.get(id) == organiser

    def forget(self, id: str) -> None:
        """Forget a sign-in that has been ended, by its stored id."""
        self._organisers.pop(id, None)

    def forget_organiser(self, organiser: str, keep: str = "") -> None:
        """Forget every sign-in of `organiser` but that with the stored id `keep`."""
        for id in [id for id, whose in self._organisers.items() if whose == organiser and id != keep]:
            del self._organisers[id]


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
