"""Until when anything about persons is kept."""

from datetime import date, timedelta

from portal.domain.event import Event


def erasure_day(event: Event) -> date:
    """The day, in the event's zone, on which every registration that is left is erased."""
    return event.day + timedelta(days=event.retention_days)
