"""The places of one door: which connection loses its own first when all are taken."""

import math
from typing import Any, Final, Protocol

ORDER_SECONDS: Final = 0.5
"""To look at every connection for each newcomer would be the best work for a flood of them."""

Waits = tuple[int, float]
"""The kind of a wait, and the moment of the loop at which it began: the lowest loses its place first."""


class Evictable(Protocol):
    """A connection that says how it waits; None when it is not to lose its place."""

    @property
    def waits(self) -> Waits | None: ...


class ConnectionPool(set[Any]):
    """The connections of one door. They are put in order at most every ORDER_SECONDS, or when that order is used up."""

    def __init__(self) -> None:
        super().__init__()
        self._order: list[tuple[Waits, Evictable]] = []
        self._made = -math.inf

    def next_to_close(self, now: float) -> Evictable | None:
        """The connection that waits, and has not moved since, and makes others wait for longest, if there is one.

        `now` is in the loop's seconds.
        """
        if now - self._made <= ORDER_SECONDS and (found := self._next()):
            return found
        waiting = [(waits, one) for one in self if (waits := one.waits) is not None]
        self._order, self._made = sorted(waiting, key=lambda found: found[0], reverse=True), now
        return self._next()

    def _next(self) -> Evictable | None:
        while self._order:
            waits, one = self._order.pop()
            if one in self and one.waits == waits:
                return one
        return None
