"""Connections of a listener, and which of them is closed first when there are too many."""

import math
from typing import Any, Final, Protocol

ORDER_SECONDS: Final = 0.5
"""Connections are sorted no more often than this: to sort them for each new connection would help a flood."""

Waits = tuple[int, float]
"""The kind of a wait, and the time of the loop at which it began: the lowest is closed first."""


class Evictable(Protocol):
    """A connection with its wait; None while it must not be closed."""

    @property
    def waits(self) -> Waits | None: ...


class ConnectionPool(set[Any]):
    """Connections of a listener, sorted at most every ORDER_SECONDS, or when all that were sorted are gone."""

    def __init__(self) -> None:
        super().__init__()
        self._order: list[tuple[Waits, Evictable]] = []
        self._sorted_at = -math.inf

    def next_to_close(self, now: float) -> Evictable | None:
        """Return the connection that has waited in the lowest kind for longest, if one waits.

        `now` is in the loop's seconds.
        """
        if now - self._sorted_at <= ORDER_SECONDS and (found := self._next()):
            return found
        waiting = [(waits, connection) for connection in self if (waits := connection.waits) is not None]
        self._order, self._sorted_at = sorted(waiting, key=lambda found: found[0], reverse=True), now
        return self._next()

    def _next(self) -> Evictable | None:
        while self._order:
            waits, connection = self._order.pop()
            if connection in self and connection.waits == waits:  # it has not moved since
                return connection
        return None
