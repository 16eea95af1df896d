"""The upcoming erasure of the registrations, for the pages that announce it, postpone it or bring it nearer."""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from portal.domain.event.event import Event
from portal.domain.limits import ERASURE_POSTPONED_DAYS, ERASURE_POSTPONEMENTS
from portal.domain.registration.erasure_errors import ErasureFarAhead
from portal.domain.registration.retention import (
    DataLoss,
    Erasable,
    Retained,
    data_loss,
    deadline,
    event_kept_longest,
    in_effect,
    next_erasure,
    next_postponement,
    turns_past,
)
from portal.routes.context import current_edition_of, services_of


@dataclass(frozen=True, slots=True)
class UpcomingErasure:
    """The erasure that the dashboard announces: of the registrations, or of the journal alone.

    It happens from `earliest` on. The form that postpones it by `days` names its `due`, and works `clicks` more times.
    """

    is_of_journal: bool
    kept: Retained
    due: datetime
    earliest: datetime
    is_near: bool
    clicks: int
    days: int = ERASURE_POSTPONED_DAYS


@dataclass(frozen=True, slots=True)
class Consequences:
    """Consequences of an edition that an organiser confirms: the `loss` of data, if any, and that its day `is_past`."""

    loss: DataLoss | None
    is_past: bool


async def upcoming_erasure(request: Request) -> UpcomingErasure | None:
    """Return the next erasure; None when nothing is left to erase."""
    services = services_of(request)
    kept = await services.store.retained()
    event = await _retained_event(request)
    coming = next_erasure(event, kept, services.clock())
    if coming is None:
        return None
    before = in_effect(event, kept.postponement)
    is_of_journal = coming.what is Erasable.JOURNAL
    clicks = 0 if is_of_journal else ERASURE_POSTPONEMENTS - (before.times if before else 0)
    return UpcomingErasure(is_of_journal, kept, coming.due, coming.earliest, coming.is_near, clicks)


async def postpone(request: Request, due: str) -> datetime:
    """Postpone the erasure that was `due` when its form was shown, and return the new deadline.

    Raises `ErasureFarAhead` where another click came first, and `ErasurePostponedOften`.
    """
    services, event = services_of(request), await _retained_event(request)
    kept = await services.store.retained()
    if due != deadline(event, kept.postponement).isoformat():
        raise ErasureFarAhead
    postponement = next_postponement(event, kept, services.clock())
    if not await services.store.postpone_erasure(postponement, kept.postponement):
        raise ErasureFarAhead
    return postponement.until


async def consequences_of(request: Request, event: Event) -> Consequences:
    """Return the consequences that publishing `event` now would have."""
    store, now = services_of(request).store, services_of(request).clock()
    edition = await store.edition()
    in_force = edition.event if edition else None
    return Consequences(data_loss(event, in_force, await store.retained(), now), turns_past(event, in_force, now))


async def postponed_until(request: Request) -> datetime | None:
    """Return the moment to which the organisers have postponed the promised erasure, None where they have not."""
    event, kept = current_edition_of(request).renderer.edition.event, await services_of(request).store.retained()
    postponement = in_effect(event, kept.postponement)
    return postponement.until if postponement else None


async def _retained_event(request: Request) -> Event:
    """Return the event that decides on the erasure: the one shown, or the one in force that waits for signatures."""
    in_force, shown = await services_of(request).store.edition(), current_edition_of(request).renderer.edition.event
    return event_kept_longest(in_force.event, shown) if in_force else shown
