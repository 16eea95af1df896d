"""Saving the draft while others save it too."""

from collections.abc import Callable, Collection
from typing import Final

from starlette.requests import Request

from portal.domain.draft.part import Part
from portal.domain.edition.edition import OutdatedText
from portal.domain.errors import DraftChanged
from portal.domain.event.event import Event
from portal.domain.organisers.organiser import SignIn
from portal.routes.context import services_of
from portal.routes.flash import log_and_flash
from portal.routes.organisers.draft.kinds import name_of

_TRIES: Final = 5


async def save_draft(
    request: Request, change: Callable[[Event], Event], confirmed: Collection[OutdatedText] = ()
) -> Event | None:
    """Save the draft that `change` returns, and return the draft before it; None if the two are the same.

    The `confirmed` texts are up to date from then on. If somebody saves in between, `change` is applied to their draft.
    Raises its errors, and `DraftChanged` after `_TRIES` of them.
    """
    store = services_of(request).store
    for _ in range(_TRIES):
        draft = await store.draft()
        event = change(draft.event)
        if event == draft.event and not set(confirmed) & set(draft.outdated):
            return None
        try:
            await store.save_draft(event, draft.revision, confirmed)
        except DraftChanged:
            continue
        return draft.event
    raise DraftChanged


async def save_part(
    request: Request,
    sign_in: SignIn,
    part: Part,
    change: Callable[[Event], Event],
    message: str,
    confirmed: Collection[OutdatedText] = (),
) -> None:
    """Save the draft with a `change` of `part`, and log it as `message`, which has a place for the part's title."""
    before = await save_draft(request, change, confirmed)
    if before is not None:
        await log_and_flash(request, sign_in, message, title=name_of(before, part))
