"""Until when anything about persons is kept."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.domain.event import Event


@dataclass(frozen=True, slots=True)
class Erasure:
    """The public notice that everything about persons was erased: on `day`, in the event's zone; `number` of them."""

    day: date
    number: int


def erasure_day(event: Event) -> date:
    """The day, in the event's zone, on which every registration that is left is erased."""
    return event.day + timedelta(days=event.retention_days)
