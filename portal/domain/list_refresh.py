"""The daily refresh of the organisers' list: before the event it shows nobody who registered since."""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from portal.domain.event import Event

REFRESHED_AT: Final = time(4)
"""From when on, by the clocks of the event, the list of the day before is too old."""


def oldest_shown(event: Event, now: datetime) -> datetime | None:
    """Return the moment since which a list must have been made to be shown at `now` (aware).

    None from the day of the event on: the list is always that of the moment then.
    """
    shown = now.astimezone(ZoneInfo(event.zone))
    if shown.date() >= event.day:
        return None
    today = datetime.combine(shown.date(), REFRESHED_AT, shown.tzinfo)
    return today if today <= shown else today - timedelta(days=1)
