"""Rate limits whose delays take no time."""

from typing import Final

from starlette.types import Receive

from portal.web.rate_limit import RateLimits, rate_limits
from tests.factories.portal import Clock

SECRET: Final = b"s" * 32


class Holds:
    """Waits that take no time, and are written down."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float, receive: Receive) -> bool:
        self.seconds.append(seconds)
        return True


def held_by(holds: Holds, clock: Clock) -> RateLimits:
    """Return rate limits whose delays take no time."""
    return rate_limits(clock, 60, SECRET, holds)


def impatient(clock: Clock, registrations_per_minute: int = 60) -> RateLimits:
    """Return rate limits that neither delay anything nor let anybody wait for a turn."""
    return rate_limits(clock, registrations_per_minute, SECRET, Holds(), Holds())
