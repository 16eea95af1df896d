"""Traces of what an organiser did: a flash message, shown once on the page that follows, and a line in the journal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request

from portal.domain.language import Language
from portal.domain.organisers.organiser import JournalEntry, SignIn
from portal.routes.context import current_edition_of, services_of
from portal.site.catalogue import translated
from portal.site.times import in_zone
from portal.site.typography import typeset
from portal.web.rate_limit import BoundedMap

_KEPT: Final = 256


@dataclass(frozen=True, slots=True)
class FlashMessage:
    """A message `text`, which any page can show, with `details` for its placeholders.

    Without a `text`, the page that follows has its own sentence for the `details`.
    """

    text: str = ""
    details: Mapping[str, object] = field(default_factory=dict)

    def translated(self, language: Language) -> str:
        """Return the message in `language`, "" without a `text`."""
        return typeset(translated(language, self.text, self.details), language) if self.text else ""


NO_MESSAGE: Final = FlashMessage()


class Flash:
    """The last message of each sign-in, by its id, in memory; at most `_KEPT`, of which the oldest is dropped first."""

    def __init__(self) -> None:
        self._messages: Final = BoundedMap[str, FlashMessage](_KEPT)

    def flash(self, id: str, message: FlashMessage) -> None:
        """Keep `message` for the next page of a sign-in."""
        self._messages[id] = message

    def take(self, id: str) -> FlashMessage:
        """Remove and return the message of a sign-in, `NO_MESSAGE` if there is none."""
        return self._messages.pop(id, NO_MESSAGE)


def flash_of(request: Request) -> Flash:
    """Return the flash messages of the application."""
    flash: Flash = request.app.state.flash
    return flash


def flash(request: Request, sign_in: SignIn, **details: object) -> None:
    """Flash `details` on the page that follows, which has its own sentence for them."""
    flash_of(request).flash(sign_in.id, FlashMessage(details=details))


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
