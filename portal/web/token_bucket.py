"""Token bucket, as a rate limit of so many a minute."""

from collections.abc import Callable
from datetime import datetime, timedelta

Clock = Callable[[], datetime]
_MINUTE = timedelta(minutes=1)


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
