"""Moments to the minute: what the portal publishes and stores says no more of when than that."""

from datetime import datetime


def whole_minute(moment: datetime) -> datetime:
    """The beginning of the minute that `moment` falls into."""
    return moment.replace(second=0, microsecond=0)
