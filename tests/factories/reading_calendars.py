"""Calendar files as another library reads them (vobject), which takes the offsets of times from the file's own zone."""

import vobject
from vobject import icalendar
from vobject.base import Component


def read_calendar(content: str) -> Component:
    """Return the calendar of a file."""
    # It would go on using the zone of the first file that had one of that name.
    getattr(icalendar, "__tzidMap").clear()
    calendar: Component = vobject.readOne(content)
    return calendar
