"""Audit log: actions of the organisers, recorded in the journal."""

from starlette.requests import Request

from portal.domain.organisers.journal import JournalEntry
from portal.domain.organisers.organiser import SignIn
from portal.routes.context import services_of
from portal.routes.flash import FlashMessage, flash_of
from portal.routes.responses import current_edition_of
from portal.site.times import in_zone


async def log_action(request: Request, sign_in: SignIn, action: str, reason: str = "", **details: object) -> None:
    """Record `action`, a message with `details`, as done today by the organiser of `sign_in`.

    No entry may identify a person who registered.
    """
    services, event = services_of(request), current_edition_of(request).renderer.edition.event
    today = in_zone(event, services.clock()).date()
    values = tuple((name, str(value)) for name, value in details.items())
    await services.store.note(JournalEntry(today, sign_in.organiser, action, values, reason))


async def log_and_flash(request: Request, sign_in: SignIn, action: str, **details: object) -> None:
    """Record `action`, and flash it on the page that follows."""
    await log_action(request, sign_in, action, "", **details)
    flash_of(request).flash(sign_in.id, FlashMessage(action, details))
