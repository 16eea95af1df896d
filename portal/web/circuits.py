"""Rate limit of each circuit of Tor: a circuit that floods is slowed down, and the others get through.

A circuit is known by a keyed hash of its number, under a key of this process alone. It is in the memory of the process,
for as long as it is in use and some minutes more, and nowhere else.
"""

import hmac
import math
from datetime import timedelta
from typing import Final

from starlette.types import Scope

from portal.domain import limits
from portal.domain.input_errors import CircuitBusy
from portal.web.bounded_map import BoundedMap
from portal.web.token_bucket import Clock, TokenBucket

SCOPE_KEY: Final = "portal.circuit"
"""Key of the scope for the mark of a request's circuit, set where the listener knows circuits."""

_MARK_BYTES: Final = 16
_FORGOTTEN_AFTER: Final = timedelta(minutes=limits.CIRCUIT_FORGOTTEN_MINUTES)


def mark_of(number: int, key: bytes) -> bytes:
    """Return the mark of circuit `number` (32 bits) under `key` (32 random bytes): 16 bytes of HMAC-SHA256."""
    return hmac.digest(key, number.to_bytes(4, "big"), "sha256")[:_MARK_BYTES]


class Circuits:
    """Token bucket of CIRCUIT_FORMS_A_MINUTE for each circuit, of which at most CIRCUITS_REMEMBERED are known.

    The circuit that sent nothing for the longest time is forgotten first, and CIRCUIT_FORGOTTEN_MINUTES after its last
    form in any case.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets = BoundedMap[bytes, TokenBucket](limits.CIRCUITS_REMEMBERED, _FORGOTTEN_AFTER, clock)

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
