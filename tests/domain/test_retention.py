"""Until when registrations are kept."""

from dataclasses import replace
from datetime import date

from portal.domain.retention import erasure_day
from tests.site.sample import EVENT


def test_erasure_day_comes_so_many_days_after_the_event() -> None:
    assert erasure_day(replace(EVENT, day=date(2026, 12, 15), retention_days=30)) == date(2027, 1, 14)
    assert erasure_day(replace(EVENT, retention_days=0)) == EVENT.day
