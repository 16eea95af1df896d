"""The registrations on the organisers' list: before the event, none that were made since its last refresh.

Two looks at a list that is always up to date would tell who registered in between.
"""

from collections.abc import Sequence
from datetime import datetime

from starlette.requests import Request

from portal.domain.event.event import Event
from portal.domain.registration.registration import Registration
from portal.domain.registration.registration_list import oldest_shown


class ShownList:
    """The ids at the last refresh, in memory only: a restart forgets them."""

    def __init__(self) -> None:
        self._ids: frozenset[str] = frozenset()
        self._made: datetime | None = None

    def made(self, event: Event, now: datetime) -> datetime | None:
        """Return the moment of the last refresh; None if the list is always up to date at `now`."""
        return None if oldest_shown(event, now) is None else self._made

    def shown(self, registrations: Sequence[Registration], event: Event, now: datetime) -> Sequence[Registration]:
        """Return the `registrations` that are shown at `now`; the first look of a day refreshes the list."""
        oldest = oldest_shown(event, now)
        if oldest is None:
            return registrations
        if self._made is None or self._made < oldest:
            self.refresh(registrations, now)
        return [registration for registration in registrations if registration.id in self._ids]

    def refresh(self, registrations: Sequence[Registration], now: datetime) -> None:
        """Show all of these `registrations` from `now` on."""
        self._ids, self._made = frozenset(registration.id for registration in registrations), now


def shown_list_of(request: Request) -> ShownList:
    """Return the list of the application."""
    shown: ShownList = request.app.state.shown_list
    return shown
