"""The registrations that the organisers' list shows: before the event, none that came since its last refresh.

Two looks at a list that is always new would tell who registered in between.
"""

from collections.abc import Sequence
from datetime import datetime

from starlette.requests import Request

from portal.domain.event.event import Event
from portal.domain.registration.registration import Registration
from portal.domain.registration.registration_list import oldest_shown


class ShownList:
    """The ids that were there at the last refresh, in memory alone: a portal that is started again begins anew."""

    def __init__(self) -> None:
        self._ids: frozenset[str] = frozenset()
        self._made: datetime | None = None

    def made(self, event: Event, now: datetime) -> datetime | None:
        """Return the moment of the list that is shown at `now`; None where it is that of the moment itself."""
        return None if oldest_shown(event, now) is None else self._made

    def shown(self, registrations: Sequence[Registration], event: Event, now: datetime) -> Sequence[Registration]:
        """Return those of all `registrations` that are shown at `now`; the first look of a day refreshes the list."""
        oldest = oldest_shown(event, now)
        if oldest is None:
            return registrations
        if self._made is None or self._made < oldest:
            self.refresh(registrations, now)
        return [one for one in registrations if one.id in self._ids]

    def refresh(self, registrations: Sequence[Registration], now: datetime) -> None:
        """Show all of these `registrations` from `now` on."""
        self._ids, self._made = frozenset(one.id for one in registrations), now


def shown_list_of(request: Request) -> ShownList:
    """Return the list of the application."""
    shown: ShownList = request.app.state.shown_list
    return shown
