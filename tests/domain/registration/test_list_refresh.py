"""The daily refresh of the organisers' list: at four by the clocks of the event, until its day."""

from datetime import UTC, datetime
from typing import Final

import pytest

from portal.domain.registration.registration_list import oldest_shown
from tests.factories.sample import EVENT

SHOWN: Final[dict[str, tuple[datetime, datetime | None]]] = {
    "a minute before four, since four of the day before": (
        datetime(2026, 11, 21, 2, 59, tzinfo=UTC),
        datetime(2026, 11, 20, 3, tzinfo=UTC),
    ),
    "from four on, since then": (datetime(2026, 11, 21, 3, tzinfo=UTC), datetime(2026, 11, 21, 3, tzinfo=UTC)),
    "in summer too, by the clocks of the event": (
        datetime(2026, 7, 1, 12, tzinfo=UTC),
        datetime(2026, 7, 1, 2, tzinfo=UTC),
    ),
    "to the last minute before the day": (
        datetime(2026, 12, 14, 22, 59, tzinfo=UTC),
        datetime(2026, 12, 14, 3, tzinfo=UTC),
    ),
    "always live on the day": (datetime(2026, 12, 14, 23, tzinfo=UTC), None),
    "always live afterwards": (datetime(2026, 12, 20, tzinfo=UTC), None),
}


@pytest.mark.parametrize(("now", "oldest"), SHOWN.values(), ids=SHOWN)
def test_list_is_shown_if_made_since(now: datetime, oldest: datetime | None) -> None:
    assert oldest_shown(EVENT, now) == oldest
