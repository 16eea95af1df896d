"""Milestones of an event that are still to come, and the day of the event, in the event's own zone."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.domain.event.days import day_at, day_span
from portal.domain.event.event import Event
from portal.domain.registration.registration import Mode, Policy


class Milestone(StrEnum):
    """Kind of a moment."""

    OPENS = "opens"
    CLOSES = "closes"
    DRAW = "draw"
    EVENT = "event"
    ERASURE = "erasure"


@dataclass(frozen=True, slots=True)
class Moment:
    """Moment of a milestone, in the event's zone."""

    milestone: Milestone
    when: datetime


def is_the_day(event: Event, now: datetime) -> bool:
    """Return whether `now` (aware) is on a day of the event, or in the night that ends it."""
    return day_at(event, now) is not None


def moments_to_come(event: Event, policy: Policy, erasure: datetime | None, now: datetime) -> tuple[Moment, ...]:
    """Return the milestones to come at `now` (aware), the soonest first; the event itself until its day is over.

    `erasure` is that of the registrations, None where there is none to come; an overdue erasure is still to come.
    Registration that is closed neither opens nor closes.
    """
    zone = ZoneInfo(event.zone)
    shown, is_closed = now.astimezone(zone), policy.mode is Mode.CLOSED
    ahead = [
        Moment(milestone, moment.astimezone(zone))
        for milestone, moment in ((Milestone.OPENS, policy.opens), (Milestone.CLOSES, policy.closes))
        if moment is not None and moment > now and not is_closed
    ]
    if policy.draw_at is not None:
        ahead.append(Moment(Milestone.DRAW, policy.draw_at.astimezone(zone)))
    coming = next((day for day in event.days if day.date >= shown.date()), None) or day_at(event, now)
    if coming is not None:
        ahead.append(Moment(Milestone.EVENT, day_span(event, coming).start.astimezone(zone)))
    if erasure is not None:
        ahead.append(Moment(Milestone.ERASURE, erasure.astimezone(zone)))
    return tuple(sorted(ahead, key=lambda moment: moment.when))
