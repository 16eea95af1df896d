"""Split of sessions into days: where a night ends and the next day begins."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from portal.domain.event.day_rules import LATEST_END
from portal.domain.event.days import jump_over
from portal.domain.event.event import Day
from portal.domain.language import N_
from portal.domain.programme_import.programme import ImportedSession, Remarks

_DATE: Final = timedelta(days=1)
_MIDNIGHT: Final = time()
_LATE: Final = time(23)
"""The opening of a day that has nothing but sessions after midnight."""

_LONGEST: Final = timedelta(hours=23, minutes=55)
_COST_ON_THE_NEXT_DAY: Final = timedelta(minutes=15)
_COST_ON_THE_DAY_BEFORE: Final = timedelta(minutes=20)
"""Length by which sessions are rather cut than one of the morning is put on the day before."""

Bounds = tuple[datetime, datetime]
"""The opening and the end of a day, naive."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An imported session with its `date`, that of its day, and its clock times in the zone of the event."""

    session: ImportedSession
    date: date
    start: datetime
    end: datetime

    @property
    def is_at_night(self) -> bool:
        """Return whether it starts after midnight of its day."""
        return self.start.date() > self.date


def split_into_days(
    placed: Iterable[Placed], bounds: Mapping[date, Bounds], days: Iterable[Day], zone: str, assumed: Remarks
) -> tuple[list[Placed], list[Day]]:
    """Return the sessions on their days, and the days in order: the `days` that there are, and those that are needed.

    `bounds` are those that the source gives to its days. A day ends at the latest when the next one begins, so that few
    sessions are cut or put on another day than that of the source.
    """
    by_date: dict[date, list[Placed]] = {}
    for each in placed:
        by_date.setdefault(each.date, []).append(each)
    kept = {day.date: day for day in days}
    done: list[Placed] = []
    whole: list[Day] = []
    turn: datetime | None = None
    while by_date or kept:
        when = min(by_date.keys() | kept.keys())
        after = when + _DATE
        night = _Night(by_date.pop(when, []), by_date.pop(after, []), kept.pop(when, None), kept.get(after))
        opening = night.opening(when, bounds.get(when), turn)
        turn = night.turn(opening, after)
        here, following = night.divided(turn, when)
        if following:
            by_date[after] = following
        if opening is not None and (here or night.day is not None):
            turn = _shown(turn, zone)
            fitting = [_cut(each, turn, zone, assumed) for each in here]
            whole.append(_day(when, opening, turn, fitting, night.day, bounds.get(when)))
            done.extend(fitting)
            if night.day is not None and whole[-1] != night.day:
                assumed.add(N_("Days that become longer: %(count)s"), f"{when}")
    return done, whole


@dataclass(frozen=True, slots=True)
class _Night:
    """The sessions of a day, `here`, and those of the next, `after`, with the days of the event on the two dates."""

    here: Sequence[Placed]
    after: Sequence[Placed]
    day: Day | None
    next_day: Day | None

    def opening(self, when: date, bounds: Bounds | None, earliest: datetime | None) -> datetime | None:
        """Return the start of the day on `when`: the earliest of its own, that of the source, and of its sessions.

        None for a day that has only sessions after midnight, unless they cannot be on the next day.
        """
        starts = [each.start for each in self.here if not each.is_at_night]
        if self.day is not None:
            starts.append(datetime.combine(when, self.day.start))
        if bounds is not None and starts:
            starts.append(max(bounds[0], earliest or bounds[0]))
        forced = self.here and self.next_day is not None and self.next_day.end <= self.next_day.start
        return min(starts, default=datetime.combine(when, _LATE) if forced else None)

    def turn(self, opening: datetime | None, after: date) -> datetime:
        """Return the moment of the date `after` at which the day ends at the latest, and the next one may begin."""
        if opening is None:
            return datetime.combine(after, _MIDNIGHT)
        earliest = [_MIDNIGHT, *(day.end for day in (self.day, self.next_day) if day and day.end <= day.start)]
        latest = [LATEST_END, opening.time(), *((self.next_day.start,) if self.next_day else ())]
        low, high = datetime.combine(after, max(earliest)), datetime.combine(after, min(latest))
        pool = [each for each in (*self.here, *self.after) if each.start < high and each.end > low]
        turns = {min(low, high), high, *(each.start for each in pool if low < each.start)}
        return min(turns, key=lambda turn: (_cost(pool, turn, after), high - turn))

    def divided(self, turn: datetime, when: date) -> tuple[list[Placed], list[Placed]]:
        """Return the sessions of the day on `when`, and those of the next, which begin at `turn` or later."""
        everything = (*self.here, *self.after)
        here = [replace(each, date=when) for each in everything if each.start < turn]
        return here, [replace(each, date=when + _DATE) for each in everything if each.start >= turn]


def _cost(pool: Iterable[Placed], turn: datetime, after: date) -> timedelta:
    """Return the length that sessions lose if the day ends at `turn`, and that of those on another day."""
    cost = timedelta()
    for each in pool:
        if each.start < turn:
            cost += max(timedelta(), each.end - turn) + (_COST_ON_THE_DAY_BEFORE if each.date == after else timedelta())
        elif each.date != after:
            cost += _COST_ON_THE_NEXT_DAY
    return cost


def _shown(moment: datetime, zone: str) -> datetime:
    """Return `moment`, or five minutes before the time from which the clocks of `zone` jump over it."""
    jump = jump_over(zone, moment.date(), moment.time())
    return moment if jump is None else datetime.combine(moment.date(), jump[0]) - timedelta(minutes=5)


def _cut(placed: Placed, latest: datetime, zone: str, assumed: Remarks) -> Placed:
    """Return `placed` with an end that its day and the clock allow: one of 24 hours would begin and end at once."""
    end = min(placed.end, latest, placed.start + _LONGEST)
    if end < placed.end:
        end = _shown(end, zone)
        assumed.add(N_("Sessions that last longer than a day can, cut: %(count)s"), placed.session.title)
    return replace(placed, end=end)


def _day(
    when: date, opening: datetime, latest: datetime, here: Iterable[Placed], day: Day | None, bounds: Bounds | None
) -> Day:
    ends = [each.end for each in here]
    if day is not None:
        ends.append(datetime.combine(when if day.end > day.start else when + _DATE, day.end))
    if bounds is not None:
        ends.append(bounds[1])
    return Day(when, opening.time(), min(max(ends), latest).time())
