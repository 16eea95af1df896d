"""A day with a clock time as a form has it, on the clocks of the event's zone."""

import re
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from portal.domain.input_errors import MomentRefused, MomentSkipped

# Before 1972 clocks differed from UTC by seconds somewhere.
_MOMENT: Final = re.compile(r"2[0-9]{3}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?")


def moment_of(field: str, typed: str, zone: str) -> datetime | None:
    """What the clocks of `zone` show, a whole minute in UTC; of an hour that they show twice, the first. "" is None.

    Raises `MomentRefused` or `MomentSkipped`, on `field`.
    """
    if not typed.strip():
        return None
    try:
        if not _MOMENT.fullmatch(typed.strip()):
            raise ValueError
        shown = datetime.fromisoformat(typed.strip()).replace(second=0, tzinfo=ZoneInfo(zone))
        moment = shown.astimezone(UTC)
    except ValueError:
        raise MomentRefused(field, example="2026-12-01T09:00") from None
    if shown_moment(moment, zone) != shown.replace(tzinfo=None).isoformat(timespec="minutes"):
        raise MomentSkipped(field)
    return moment


def shown_moment(moment: datetime | None, zone: str) -> str:
    """A moment as a form has it (HTML, clause 2.3.5.5): `2026-12-01T09:00`; "" for None."""
    if moment is None:
        return ""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(timespec="minutes")
