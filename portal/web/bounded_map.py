"""Mapping with a bounded number of entries, which may also expire: what the process remembers of its visitors."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, MutableMapping
from datetime import UTC, datetime, timedelta
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


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
