"""Each circuit of Tor has so many forms a minute: one that floods is slowed down, and the others get through.

A circuit is known by a keyed hash of its number, under a key of this process alone. It is in the memory of the process,
for as long as it is in use and some minutes more, and nowhere else.
"""

import hmac
import math
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from starlette.types import Scope

from portal.domain import limits
from portal.domain.input_errors import CircuitBusy

SCOPE_KEY: Final = "portal.circuit"
"""Where a request has the mark of its circuit, if its door is told circuits."""

_MARK_BYTES: Final = 16
_MOST: Final = limits.CIRCUIT_FORMS_A_MINUTE
_FORGOTTEN_AFTER: Final = timedelta(minutes=limits.CIRCUIT_FORGOTTEN_MINUTES)


def mark_of(number: int, key: bytes) -> bytes:
    """What stands for the circuit `number` (32 bits) under `key` (32 random bytes): 16 bytes of HMAC-SHA256."""
    return hmac.digest(key, number.to_bytes(4, "big"), "sha256")[:_MARK_BYTES]


class Circuits:
    """What each circuit may still send: CIRCUIT_FORMS_A_MINUTE; what is not used is kept for a minute.

    At most CIRCUITS_REMEMBERED are known; the one that sent nothing for the longest time is forgotten first.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._left: OrderedDict[bytes, tuple[float, datetime]] = OrderedDict()

    def __len__(self) -> int:
        """How many circuits are known."""
        return len(self._left)

    def spend(self, scope: Scope) -> None:
        """Take one form from the circuit of a request; from a request without one nothing is taken.

        Raises `CircuitBusy`, which says when there will be one, when none is left.
        """
        mark: bytes | None = scope.get(SCOPE_KEY)
        if mark is None:
            return
        now = self._clock()
        self._forget(now)
        left = self._left_of(mark, now)
        self._left[mark] = (left - 1 if left >= 1 else left, now)
        self._left.move_to_end(mark)
        if len(self._left) > limits.CIRCUITS_REMEMBERED:
            self._left.popitem(last=False)
        if left < 1:
            raise CircuitBusy(max(math.ceil((1 - left) * 60 / _MOST), limits.BUSY_RETRY_SECONDS))

    def _left_of(self, mark: bytes, now: datetime) -> float:
        left, seen = self._left.get(mark, (float(_MOST), now))
        passed = max(timedelta(0), now - seen)  # a clock that is put back takes nothing away
        return min(_MOST, left + _MOST * (passed / timedelta(minutes=1)))

    def _forget(self, now: datetime) -> None:
        while self._left and now - next(iter(self._left.values()))[1] > _FORGOTTEN_AFTER:
            self._left.popitem(last=False)
