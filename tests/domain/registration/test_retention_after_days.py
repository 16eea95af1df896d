"""Retention and registration of an event of several days, or of one that ends after midnight."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Final

import pytest

from portal.domain.event.event import Day, Event
from portal.domain.registration.registration import Policy
from portal.domain.registration.retention import erasure_due, policy_until_erasure, turns_past
from tests.factories.several_days import SATURDAY, TWO_DAYS

EVENING: Final = replace(TWO_DAYS, days=(SATURDAY,), retention_days=1)
END: Final = datetime(2027, 6, 13, 16, tzinfo=UTC)

DUES: Final[dict[str, tuple[Event, datetime]]] = {
    "a day after the last of several": (
        replace(TWO_DAYS, retention_days=1),
        datetime(2027, 6, 14, 16, tzinfo=UTC),
    ),
    "a day after the night that ends the last": (EVENING, datetime(2027, 6, 14, 0, tzinfo=UTC)),
    "a year after a party over New Year": (
        replace(TWO_DAYS, days=(Day(date(2026, 12, 31), time(20), time(5)),), retention_days=365),
        datetime(2028, 1, 1, 4, tzinfo=UTC),
    ),
}


@pytest.mark.parametrize(("event", "due"), DUES.values(), ids=DUES)
def test_erasure_is_due(event: Event, due: datetime) -> None:
    assert erasure_due(event) == due


def test_registration_is_open_until_the_end_of_the_last_day() -> None:
    assert policy_until_erasure(Policy(), TWO_DAYS, None) == Policy(closes=END)
    assert policy_until_erasure(Policy(), EVENING, None) == Policy(closes=datetime(2027, 6, 13, tzinfo=UTC))


def test_event_without_its_last_day_turns_past_as_soon_as_the_others_are_over() -> None:
    at_noon = datetime(2027, 6, 13, 10, tzinfo=UTC)
    assert not turns_past(TWO_DAYS, None, at_noon)
    assert turns_past(EVENING, TWO_DAYS, at_noon)
