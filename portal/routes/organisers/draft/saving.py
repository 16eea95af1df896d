"""Saving the draft while others save it too."""

from collections.abc import Callable
from typing import Final

from starlette.requests import Request

from portal.domain.errors import DraftChanged
from portal.domain.event.event import Event
from portal.routes.context import services_of

_TRIES: Final = 5


async def save_draft(request: Request, change: Callable[[Event], Event]) -> Event | None:
    """Save what `change` makes of the draft, and return the draft as it was before; None when that is the same.

    When somebody saves in between, `change` is made to what they saved. Raises what it raises, and `DraftChanged` after
    `_TRIES` of them.
    """
    store = services_of(request).store
    for _ in range(_TRIES):
        draft = await store.draft()
        event = change(draft.event)
        if event == draft.event:
            return None
        try:
            await store.save_draft(event, draft.revision)
        except DraftChanged:
            continue
        return draft.event
    raise DraftChanged
