"""Retention: until when registrations are kept, from when they may be erased, and until when one may register."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.event.days import end_of, is_over
from portal.domain.event.event import Event
from portal.domain.limits import (
    ERASURE_POSTPONED_DAYS,
    ERASURE_POSTPONEMENTS,
    JOURNAL_KEPT_DAYS,
)
from portal.domain.registration.erasure_errors import ErasureFarAhead, ErasurePostponedOften
from portal.domain.registration.registration import Mode, Policy
from portal.domain.registration.retention import (
    ANNOUNCED,
    GAP,
    NEAR,
    DataLoss,
    Erasable,
    Erasure,
    ErasureNotice,
    NextErasure,
    Postponement,
    Retained,
    data_loss,
    deadline,
    erasure_due,
    event_kept_longest,
    next_erasure,
    next_notice,
    next_postponement,
    policy_until_erasure,
    turns_past,
)
from portal.domain.registration.stored_fields import STORED_TABLES
from tests.factories.sample import EVENT, on_day

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
END: Final = datetime(2026, 12, 15, 16, 30, tzinfo=UTC)
"""The end of the sample event, 17:30 in Paris."""
DUE: Final = datetime(2027, 1, 14, 16, 30, tzinfo=UTC)
"""The same hour thirty days later."""
FIVE: Final = Retained(registrations=5)


def in_march(retention_days: int) -> Event:
    """Return an event on the eve of the day on which the clocks of Paris are put forward."""
    return replace(on_day(date(2027, 3, 27)), retention_days=retention_days)


DUES: Final[dict[str, tuple[Event, datetime]]] = {
    "thirty days after the end of the event": (EVENT, DUE),
    "a day after it at least": (replace(EVENT, retention_days=1), END + DAY),
    "a day after it where an old edition says none": (replace(EVENT, retention_days=0), END + DAY),
    "by the clocks of the event, which are put forward in between": (
        in_march(1),
        datetime(2027, 3, 28, 15, 30, tzinfo=UTC),
    ),
    "by the clocks of another zone": (
        replace(EVENT, zone="Pacific/Auckland", retention_days=1),
        datetime(2026, 12, 16, 4, 30, tzinfo=UTC),
    ),
    "in the last year of the calendar": (
        replace(on_day(date(9998, 12, 31), end=time(23, 59)), retention_days=1),
        datetime(9999, 1, 1, 22, 59, tzinfo=UTC),
    ),
}


@pytest.mark.parametrize(("event", "due"), DUES.values(), ids=DUES.keys())
def test_erasure_is_due(event: Event, due: datetime) -> None:
    assert (end_of(EVENT), erasure_due(event)) == (END, due)


def test_event_is_over_from_its_end_on() -> None:
    assert [is_over(EVENT, END + by) for by in (-timedelta(minutes=1), timedelta(), DAY)] == [False, True, True]


def test_later_erasure_counts_while_an_edition_waits_for_signatures() -> None:
    sooner, later = on_day(date(2025, 12, 15)), replace(EVENT, retention_days=31)
    assert (event_kept_longest(sooner, EVENT), event_kept_longest(EVENT, later)) == (EVENT, later)


DEADLINES: Final[dict[str, tuple[Postponement | None, datetime]]] = {
    "the one that was promised": (None, DUE),
    "the postponed one": (Postponement(DUE + 7 * DAY, 1), DUE + 7 * DAY),
    "the promised one where a postponement is of an earlier day": (Postponement(DUE - 7 * DAY, 1), DUE),
}


@pytest.mark.parametrize("case", DEADLINES)
def test_deadline_is(case: str) -> None:
    postponement, due = DEADLINES[case]
    assert deadline(EVENT, postponement) == due


CLOSINGS: Final[dict[str, tuple[Policy, Postponement | None, datetime]]] = {
    "by itself at the end of the event": (Policy(), None, END),
    "at an earlier moment of the organisers": (Policy(closes=END - DAY), None, END - DAY),
    "at a later moment of the organisers": (Policy(closes=END + DAY), None, END + DAY),
    "at the erasure, however late the organisers would have it": (Policy(closes=DUE + DAY), None, DUE),
    "at the postponed erasure": (Policy(closes=DUE + 30 * DAY), Postponement(DUE + 7 * DAY, 1), DUE + 7 * DAY),
    "by itself where it is by invitation": (Policy(Mode.INVITATION), None, END),
}


@pytest.mark.parametrize("case", CLOSINGS)
def test_registration_closes(case: str) -> None:
    policy, postponement, closes = CLOSINGS[case]
    assert policy_until_erasure(policy, EVENT, postponement) == replace(policy, closes=closes)


DONE: Final = Erasure(date(2027, 1, 14), 5)
NEXT: Final[dict[str, tuple[Retained, datetime, NextErasure | None]]] = {
    "far ahead": (FIVE, END, NextErasure(Erasable.REGISTRATIONS, DUE, DUE, False)),
    "near, a week before it is due": (FIVE, DUE - NEAR, NextErasure(Erasable.REGISTRATIONS, DUE, DUE, True)),
    "a day after it was first announced, where it is due already": (
        FIVE,
        DUE + 30 * DAY,
        NextErasure(Erasable.REGISTRATIONS, DUE, DUE + 31 * DAY, True),
    ),
    "a day after the announcement that stands": (
        replace(FIVE, notice=ErasureNotice(DUE, DUE + DAY, DUE + DAY)),
        DUE + DAY + HOUR,
        NextErasure(Erasable.REGISTRATIONS, DUE, DUE + 2 * DAY, True),
    ),
    "a day from now where the announcement is of another deadline": (
        replace(FIVE, notice=ErasureNotice(DUE + DAY, END, END)),
        DUE,
        NextErasure(Erasable.REGISTRATIONS, DUE, DUE + DAY, True),
    ),
    "of nobody, to be told once": (Retained(), DUE, NextErasure(Erasable.REGISTRATIONS, DUE, DUE + DAY, True)),
    "of invitations alone": (
        Retained(invitations=1, erasure=DONE),
        DUE,
        NextErasure(Erasable.REGISTRATIONS, DUE, DUE + DAY, True),
    ),
    "of the next event": (
        Retained(journal=1, erasure=Erasure(date(2025, 12, 30), 5)),
        END,
        NextErasure(Erasable.REGISTRATIONS, DUE, DUE, False),
    ),
    "of the journal, thirty days after the registrations": (
        Retained(journal=1, erasure=DONE),
        DUE + DAY,
        NextErasure(Erasable.JOURNAL, DUE + 30 * DAY, DUE + 30 * DAY, False),
    ),
    "of the journal, thirty days after registrations that were erased late": (
        Retained(journal=1, erasure=Erasure(date(2027, 2, 14), 5)),
        DUE + 55 * DAY,
        NextErasure(Erasable.JOURNAL, DUE + 61 * DAY, DUE + 61 * DAY, True),
    ),
    "none, once all is erased": (Retained(erasure=DONE), DUE + 60 * DAY, None),
}


@pytest.mark.parametrize("case", NEXT)
def test_next_erasure_is(case: str) -> None:
    kept, now, coming = NEXT[case]
    assert next_erasure(EVENT, kept, now) == coming


BEFORE: Final = ErasureNotice(DUE, DUE - DAY, DUE)
NOTICES: Final[dict[str, tuple[ErasureNotice | None, datetime, ErasureNotice]]] = {
    "begins": (None, DUE, ErasureNotice(DUE, DUE, DUE)),
    "goes on an hour later": (BEFORE, DUE + HOUR, ErasureNotice(DUE, DUE - DAY, DUE + HOUR)),
    "goes on after a restart": (BEFORE, DUE + GAP, ErasureNotice(DUE, DUE - DAY, DUE + GAP)),
    "begins anew after a gap": (BEFORE, DUE + GAP + HOUR, ErasureNotice(DUE, DUE + GAP + HOUR, DUE + GAP + HOUR)),
    "begins anew after a month": (BEFORE, DUE + 30 * DAY, ErasureNotice(DUE, DUE + 30 * DAY, DUE + 30 * DAY)),
    "begins anew when a clock that was ahead is put right": (BEFORE, END, ErasureNotice(DUE, END, END)),
    "begins anew for another deadline": (
        replace(BEFORE, due=DUE + DAY),
        DUE + HOUR,
        ErasureNotice(DUE, DUE + HOUR, DUE + HOUR),
    ),
}


@pytest.mark.parametrize("case", NOTICES)
def test_notice(case: str) -> None:
    before, now, notice = NOTICES[case]
    assert next_notice(before, DUE, now) == notice


@given(st.lists(st.integers(-40 * 24 * 60, 40 * 24 * 60), min_size=1, max_size=60))
def test_erasure_waits_until_looks_without_a_long_gap_go_over_a_day(minutes: list[int]) -> None:
    """Whatever the clock shows at each look, be it a jump back or ahead."""
    notice, run = None, list[datetime]()
    for minute in minutes:
        now = DUE + timedelta(minutes=minute)
        run = [*run, now] if run and abs(now - run[-1]) <= GAP else [now]
        notice = next_notice(notice, DUE, now)
        assert notice == ErasureNotice(DUE, run[0], now)
        assert (now >= notice.earliest) == (now >= DUE and now - run[0] >= ANNOUNCED)


POSTPONED: Final[dict[str, tuple[Retained, datetime, Postponement]]] = {
    "from the deadline": (FIVE, DUE - DAY, Postponement(DUE + 7 * DAY, 1)),
    "from now where the deadline is past": (FIVE, DUE + 30 * DAY, Postponement(DUE + 37 * DAY, 1)),
    "anew, where the edition promises a later day than the last postponement": (
        replace(FIVE, postponement=Postponement(DUE, ERASURE_POSTPONEMENTS)),
        DUE - DAY,
        Postponement(DUE + 7 * DAY, 1),
    ),
    "again, from the postponed deadline": (
        replace(FIVE, postponement=Postponement(DUE + 7 * DAY, 1)),
        DUE + 7 * DAY - HOUR,
        Postponement(DUE + 14 * DAY, 2),
    ),
}


@pytest.mark.parametrize("case", POSTPONED)
def test_erasure_is_postponed(case: str) -> None:
    kept, now, postponement = POSTPONED[case]
    assert ERASURE_POSTPONED_DAYS == 7
    assert next_postponement(EVENT, kept, now) == postponement


def test_erasure_is_postponed_no_more_than_the_limit() -> None:
    kept = replace(FIVE, postponement=Postponement(DUE + HOUR, ERASURE_POSTPONEMENTS))
    with pytest.raises(ErasurePostponedOften) as caught:
        next_postponement(EVENT, kept, DUE)
    assert caught.value.details == {"most": ERASURE_POSTPONEMENTS}


NOT_ANNOUNCED: Final = {
    "far ahead": (FIVE, END),
    "of the journal": (Retained(journal=1, erasure=DONE), DUE + 29 * DAY),
    "that took place": (Retained(erasure=DONE), DUE + DAY),
}


@pytest.mark.parametrize("case", NOT_ANNOUNCED)
def test_erasure_is_not_postponed(case: str) -> None:
    kept, now = NOT_ANNOUNCED[case]
    with pytest.raises(ErasureFarAhead):
        next_postponement(EVENT, kept, now)


NOW: Final = datetime(2026, 11, 23, 9, tzinfo=UTC)
YEAR_TOO_LOW: Final = on_day(date(2025, 12, 15))
LOSSES: Final[dict[str, tuple[Event, Event | None, Retained, datetime, DataLoss | None]]] = {
    "of everybody by a wrong year": (YEAR_TOO_LOW, EVENT, FIVE, NOW, DataLoss(5, 0, NOW + DAY)),
    "of invitations alone": (YEAR_TOO_LOW, EVENT, Retained(invitations=9), NOW, DataLoss(0, 9, NOW + DAY)),
    "of everybody within the week": (
        replace(EVENT, retention_days=3),
        EVENT,
        FIVE,
        END,
        DataLoss(5, 0, END + 3 * DAY),
    ),
    "of nobody where it is nearer, but seven days ahead": (replace(EVENT, retention_days=7), EVENT, FIVE, END, None),
    "of nobody where it is as near as it was": (EVENT, EVENT, FIVE, DUE, None),
    "of nobody where it is farther": (EVENT, YEAR_TOO_LOW, FIVE, DUE, None),
    "of nobody where nobody is registered": (YEAR_TOO_LOW, EVENT, Retained(journal=1), NOW, None),
    "of nobody by a first edition": (YEAR_TOO_LOW, None, FIVE, NOW, None),
    "of nobody where a postponement keeps it as far": (
        replace(EVENT, retention_days=1),
        EVENT,
        replace(FIVE, postponement=Postponement(DUE + 7 * DAY, 1)),
        DUE,
        None,
    ),
}


@pytest.mark.parametrize("case", LOSSES)
def test_loss_to_be_confirmed_is(case: str) -> None:
    event, in_force, kept, now, loss = LOSSES[case]
    assert data_loss(event, in_force, kept, now) == loss


PASTS: Final[dict[str, tuple[Event, Event | None, bool]]] = {
    "another day, which is over": (YEAR_TOO_LOW, EVENT, True),
    "a first day, which is over": (YEAR_TOO_LOW, None, True),
    "the day that it had": (YEAR_TOO_LOW, YEAR_TOO_LOW, False),
    "a day to come": (EVENT, YEAR_TOO_LOW, False),
}


@pytest.mark.parametrize("case", PASTS)
def test_edition_turns_past_with(case: str) -> None:
    event, before, is_past = PASTS[case]
    assert turns_past(event, before, NOW) is is_past


def test_privacy_page_promises_the_days_for_which_the_journal_is_kept() -> None:
    (journal,) = [table for table in STORED_TABLES if table.name == "journal"]
    assert journal.until == f"until {JOURNAL_KEPT_DAYS} days after the portal has erased every registration"
