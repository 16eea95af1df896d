"""A portal's erasure on a clock that the test turns: in this process, or as a process of its own that can be killed."""

import asyncio
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from portal.domain.event.event import Event
from portal.origin.erasure import erase_when_due
from portal.storage.contract import Store
from portal.storage.embedded.store import open_store
from tests.factories.sample import EVENT

NOWHERE = Path("data")


class Heard(list[tuple[str, dict[str, object]]]):
    """Everything that the portal said."""

    def __call__(self, message: str, details: Mapping[str, object]) -> None:
        self.append((message, dict(details)))


class Stopped(Exception):
    """The end of a run."""


@dataclass
class Hours:
    """A clock that goes on only while the portal sleeps; `jumps` are what it is put forward by after so many sleeps."""

    now: datetime
    until: datetime
    jumps: dict[int, timedelta] = field(default_factory=dict)
    sleeps: int = 0
    at_each: Callable[[datetime], None] = lambda now: None

    async def sleep(self, seconds: float) -> None:
        """Let the time pass. Raises `Stopped` at the end."""
        self.at_each(self.now)
        self.sleeps += 1
        self.now += timedelta(seconds=seconds) + self.jumps.get(self.sleeps, timedelta())
        self.until += self.jumps.get(self.sleeps, timedelta())
        if self.now > self.until:
            raise Stopped


async def run_for(store: Store, hours: Hours, shown: Callable[[], Event] = lambda: EVENT) -> Heard:
    """Run the portal's erasure until the end of `hours`, and return everything that it said."""
    heard = Heard()
    try:
        await erase_when_due(NOWHERE, store, shown, lambda: hours.now, heard, hours.sleep)
    except Stopped:
        return heard
    raise AssertionError


async def run_in_folder(data: Path, start: datetime, until: datetime) -> None:
    """Do so on the store in `data`, say each hour that passed, and wait to be killed at the end."""
    hours = Hours(start, until, at_each=lambda now: print(now.isoformat(), flush=True))  # noqa: T201 - read by the test
    await run_for(await open_store(data), hours)
    print("waiting", flush=True)  # noqa: T201 - the same
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(run_in_folder(Path(sys.argv[1]), *map(datetime.fromisoformat, sys.argv[2:4])))
