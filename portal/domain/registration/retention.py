"""Retention of data about persons, its deadlines, and the erasure that ends it.

Moments are whole minutes in UTC.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from portal.domain.event.days import end_of, is_over, last_date, moment_by_clocks
from portal.domain.event.event import Event
from portal.domain.limits import (
    ERASURE_ANNOUNCED_HOURS,
    ERASURE_GAP_HOURS,
    ERASURE_NEAR_DAYS,
    ERASURE_POSTPONED_DAYS,
    ERASURE_POSTPONEMENTS,
    JOURNAL_KEPT_DAYS,
    RETENTION_MIN_DAYS,
)
from portal.domain.registration.erasure_errors import ErasureFarAhead, ErasurePostponedOften
from portal.domain.registration.registration import Policy
from portal.domain.times import whole_minute

NEAR: Final = timedelta(days=ERASURE_NEAR_DAYS)
ANNOUNCED: Final = timedelta(hours=ERASURE_ANNOUNCED_HOURS)
GAP: Final = timedelta(hours=ERASURE_GAP_HOURS)


@dataclass(frozen=True, slots=True)
class Erasure:
    """Public notice that `number` registrations were erased on `day`, in the event's zone."""

    day: date
    number: int


@dataclass(frozen=True, slots=True)
class ErasureNotice:
    """Notice to the organisers of the erasure due at `due`, shown from `since` to `seen` without a long gap."""

    due: datetime
    since: datetime
    seen: datetime

    @property
    def earliest(self) -> datetime:
        """Return the moment from which the portal may erase."""
        return max(self.due, self.since + ANNOUNCED)


@dataclass(frozen=True, slots=True)
class Postponement:
    """Postponement of the erasure of the registrations to `until`, the `times`th by the organisers."""

    until: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Retained:
    """Contents of a store that an erasure would take, counted, and the state of that erasure."""

    registrations: int = 0
    invitations: int = 0
    journal: int = 0
    erasure: Erasure | None = None
    notice: ErasureNotice | None = None
    postponement: Postponement | None = None


class Erasable(StrEnum):
    """Object of an erasure; `REGISTRATIONS` includes the unused invitations."""

    REGISTRATIONS = "registrations"
    JOURNAL = "journal"


@dataclass(frozen=True, slots=True)
class NextErasure:
    """Next erasure: of `what`, due at `due`, carried out from `earliest` on; `is_near` enough to be announced."""

    what: Erasable
    due: datetime
    earliest: datetime
    is_near: bool


@dataclass(frozen=True, slots=True)
class DataLoss:
    """Numbers of `registrations` and `invitations` that would be erased from `earliest` on."""

    registrations: int
    invitations: int
    earliest: datetime


def retention_days(event: Event) -> int:
    """Return the days for which registrations are kept after the event: at least one, even in an old edition."""
    return max(RETENTION_MIN_DAYS, event.retention_days)


def erasure_due(event: Event) -> datetime:
    """Return the moment at which the registrations are to be erased, as the edition promises."""
    return moment_by_clocks(event, last_date(event) + timedelta(days=retention_days(event)))


def in_effect(event: Event, postponement: Postponement | None) -> Postponement | None:
    """Return the postponement, or None if it ends before the day that the edition promises."""
    return postponement if postponement and postponement.until > erasure_due(event) else None


def deadline(event: Event, postponement: Postponement | None) -> datetime:
    """Return the moment at which the registrations are to be erased, `postponement` included."""
    late = in_effect(event, postponement)
    return late.until if late else erasure_due(event)


def event_kept_longest(*events: Event) -> Event:
    """Return the event whose registrations are kept longest; of several alike, the first."""
    return max(events, key=erasure_due)


def policy_until_erasure(policy: Policy, event: Event, postponement: Postponement | None) -> Policy:
    """Return `policy` closing at the end of the event unless it names another moment, and never after the erasure."""
    return replace(policy, closes=min(policy.closes or end_of(event), deadline(event, postponement)))


def next_erasure(event: Event, kept: Retained, now: datetime) -> NextErasure | None:
    """Return the next erasure; None when nothing is left to erase.

    The journal is erased JOURNAL_KEPT_DAYS after the registrations.
    """
    due, what = deadline(event, kept.postponement), Erasable.REGISTRATIONS
    if kept.erasure is not None and not (kept.registrations or kept.invitations) and due <= now:
        if not kept.journal:
            return None
        kept_from = max(due, moment_by_clocks(event, kept.erasure.day))
        due, what = kept_from + timedelta(days=JOURNAL_KEPT_DAYS), Erasable.JOURNAL
    notice = kept.notice if kept.notice and kept.notice.due == due else ErasureNotice(due, now, now)
    return NextErasure(what, due, notice.earliest, due - NEAR <= now)


def next_notice(before: ErasureNotice | None, due: datetime, now: datetime) -> ErasureNotice:
    """Return the notice of an erasure due at `due`, seen at `now`.

    It starts again where the deadline has changed, and after a gap: while the portal was down nobody could read it, and
    a clock that jumps erases nothing.
    """
    goes_on = before is not None and before.due == due and abs(now - before.seen) <= GAP
    return ErasureNotice(due, before.since if before is not None and goes_on else now, now)


def next_postponement(event: Event, kept: Retained, now: datetime) -> Postponement:
    """Return the postponement that one more click makes: by ERASURE_POSTPONED_DAYS from the deadline, or from now.

    Raises `ErasureFarAhead` while the erasure is not announced, and `ErasurePostponedOften`.
    """
    coming = next_erasure(event, kept, now)
    if coming is None or coming.what is not Erasable.REGISTRATIONS or not coming.is_near:
        raise ErasureFarAhead
    before = in_effect(event, kept.postponement)
    times = before.times if before else 0
    if times >= ERASURE_POSTPONEMENTS:
        raise ErasurePostponedOften(most=ERASURE_POSTPONEMENTS)
    return Postponement(max(coming.due, whole_minute(now)) + timedelta(days=ERASURE_POSTPONED_DAYS), times + 1)


def data_loss(event: Event, in_force: Event | None, kept: Retained, now: datetime) -> DataLoss | None:
    """Return the loss to be confirmed before `event` takes the place of `in_force`.

    None where it brings no erasure nearer, or none nearer than ERASURE_NEAR_DAYS, or where there is nothing to lose.
    """
    due = deadline(event, kept.postponement)
    is_nearer = in_force is not None and due < deadline(in_force, kept.postponement) and due - NEAR < now
    if not is_nearer or not (kept.registrations or kept.invitations):
        return None
    return DataLoss(kept.registrations, kept.invitations, ErasureNotice(due, now, now).earliest)


def turns_past(event: Event, before: Event | None, now: datetime) -> bool:
    """Return true where `event` is over at `now` and `before`, which it replaces, ended at another moment."""
    return is_over(event, now) and (before is None or end_of(before) != end_of(event))
