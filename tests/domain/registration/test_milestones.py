"""The moments of an event that are still to come, by its own clocks."""

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from portal.domain.registration.milestones import Milestone, Moment, is_the_day, moments_to_come
from portal.domain.registration.registration import Mode, Policy
from portal.domain.registration.retention import erasure_due
from tests.factories.several_days import TWO_DAYS
from tests.factories.stores import EVENT

PARIS: Final = ZoneInfo("Europe/Paris")
OPENS, CLOSES = datetime(2026, 12, 1, 8, tzinfo=UTC), datetime(2026, 12, 14, 19, 30, tzinfo=UTC)
BOTH: Final = Policy(opens=OPENS, closes=CLOSES)
NOVEMBER: Final = datetime(2026, 11, 23, tzinfo=UTC)
ERASED: Final = erasure_due(EVENT)
ALL: Final = (Milestone.OPENS, Milestone.CLOSES, Milestone.EVENT, Milestone.ERASURE)

AHEAD: Final[dict[str, tuple[Policy, datetime | None, datetime, tuple[Milestone, ...]]]] = {
    "all four, long before": (BOTH, ERASED, NOVEMBER, ALL),
    "no dates of registration where there are none": (Policy(), ERASED, NOVEMBER, ALL[2:]),
    "no dates of registration while it is closed": (
        Policy(Mode.CLOSED, opens=OPENS, closes=CLOSES),
        ERASED,
        NOVEMBER,
        ALL[2:],
    ),
    "no opening once it is open": (BOTH, ERASED, OPENS, ALL[1:]),
    "the event, to the last minute of its day": (BOTH, ERASED, datetime(2026, 12, 15, 22, 59, tzinfo=UTC), ALL[2:]),
    "the erasure alone, from the next day on": (BOTH, ERASED, datetime(2026, 12, 15, 23, tzinfo=UTC), ALL[3:]),
    "the erasure, though it was due a day ago": (BOTH, ERASED, ERASED + timedelta(days=1), ALL[3:]),
    "the draw, until it is made": (
        Policy(draw_at=CLOSES),
        ERASED,
        CLOSES + timedelta(minutes=1),
        (Milestone.DRAW, *ALL[2:]),
    ),
    "nothing, once everything is over and erased": (BOTH, None, ERASED + timedelta(days=1), ()),
}


@pytest.mark.parametrize("case", AHEAD)
def test_moments_to_come_are(case: str) -> None:
    policy, erasure, now, milestones = AHEAD[case]
    assert tuple(moment.milestone for moment in moments_to_come(EVENT, policy, erasure, now)) == milestones


def test_moments_are_told_by_the_clocks_of_the_event() -> None:
    assert moments_to_come(EVENT, BOTH, ERASED, NOVEMBER) == (
        Moment(Milestone.OPENS, datetime(2026, 12, 1, 9, tzinfo=PARIS)),
        Moment(Milestone.CLOSES, datetime(2026, 12, 14, 20, 30, tzinfo=PARIS)),
        Moment(Milestone.EVENT, datetime(2026, 12, 15, 11, tzinfo=PARIS)),
        Moment(Milestone.ERASURE, datetime(2026, 12, 22, 17, 30, tzinfo=PARIS)),
    )


ON_TWO_DAYS: Final[dict[str, tuple[datetime, datetime | None, bool]]] = {
    "the evening before": (
        datetime(2027, 6, 11, 21, 59, tzinfo=UTC),
        datetime(2027, 6, 12, 9, tzinfo=PARIS),
        False,
    ),
    "on the first day": (datetime(2027, 6, 12, 12, tzinfo=UTC), datetime(2027, 6, 12, 9, tzinfo=PARIS), True),
    "in the night that ends it": (
        datetime(2027, 6, 12, 23, tzinfo=UTC),
        datetime(2027, 6, 13, 10, tzinfo=PARIS),
        True,
    ),
    "on the second day": (datetime(2027, 6, 13, 12, tzinfo=UTC), datetime(2027, 6, 13, 10, tzinfo=PARIS), True),
    "the day after": (datetime(2027, 6, 13, 22, tzinfo=UTC), None, False),
}


@pytest.mark.parametrize(("now", "start", "is_it"), ON_TWO_DAYS.values(), ids=ON_TWO_DAYS)
def test_next_day_of_several_is_to_come(now: datetime, start: datetime | None, is_it: bool) -> None:
    ahead = () if start is None else (Moment(Milestone.EVENT, start),)
    assert moments_to_come(TWO_DAYS, Policy(), None, now) == ahead
    assert is_the_day(TWO_DAYS, now) is is_it


@pytest.mark.parametrize(
    ("now", "is_it"),
    [
        (datetime(2026, 12, 14, 22, 59, tzinfo=UTC), False),
        (datetime(2026, 12, 14, 23, 0, tzinfo=UTC), True),
        (datetime(2026, 12, 15, 22, 59, tzinfo=UTC), True),
        (datetime(2026, 12, 15, 23, 0, tzinfo=UTC), False),
    ],
)
def test_day_of_the_event_begins_and_ends_by_its_own_clocks(now: datetime, is_it: bool) -> None:
    assert EVENT.days[0].date == date(2026, 12, 15)
    assert is_the_day(EVENT, now) is is_it
