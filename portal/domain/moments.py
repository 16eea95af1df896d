"""The moments of an event that are still to come, and whether this is its day; all in the event's own zone."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.domain.event import Event
from portal.domain.registration import Mode, Policy
from portal.domain.retention import erasure_day


class Milestone(StrEnum):
    """What happens at a moment."""

    OPENS = "opens"
    CLOSES = "closes"
    EVENT = "event"
    ERASURE = "erasure"


@dataclass(frozen=True, slots=True)
class Moment:
    """A milestone and when it is, in the event's zone. An `ERASURE` is on a day, at no hour."""

    milestone: Milestone
    when: datetime


def is_the_day(event: Event, now: datetime) -> bool:
    """Whether `now` (aware) is on the day of the event."""
    return now.astimezone(ZoneInfo(event.zone)).date() == event.day


def moments_to_come(event: Event, policy: Policy, now: datetime) -> tuple[Moment, ...]:
    """What is still to come at `now` (aware), the soonest first; the event itself until its day is over.

    Registration that is closed neither opens nor closes.
    """
    zone = ZoneInfo(event.zone)
    shown, is_closed = now.astimezone(zone), policy.mode is Mode.CLOSED
    ahead = [
        Moment(milestone, moment.astimezone(zone))
        for milestone, moment in ((Milestone.OPENS, policy.opens), (Milestone.CLOSES, policy.closes))
        if moment is not None and moment > now and not is_closed
    ]
    days = [
        Moment(Milestone.EVENT, datetime.combine(event.day, event.start, zone)),
        Moment(Milestone.ERASURE, datetime.combine(erasure_day(event), time.min, zone)),
    ]
    ahead += [moment for moment in days if moment.when.date() >= shown.date()]
    return tuple(sorted(ahead, key=lambda moment: moment.when))
