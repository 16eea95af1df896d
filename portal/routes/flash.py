"""What was done just now, to be told once on the page that follows: kept in memory, for nobody but who did it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request

from portal.domain.language import Language
from portal.domain.organisers.organiser import SignIn
from portal.site.catalogue import translated
from portal.site.typography import typeset
from portal.web.bounded_map import BoundedMap

_KEPT: Final = 256


@dataclass(frozen=True, slots=True)
class FlashMessage:
    """What was done: `text`, a message that any page tells, with `details` in its places.

    Without a `text`, the page that follows has words of its own for the `details`.
    """

    text: str = ""
    details: Mapping[str, object] = field(default_factory=dict)

    def in_words(self, language: Language) -> str:
        """What any page tells of it in `language`, "" for nothing."""
        return typeset(translated(language, self.text, self.details), language) if self.text else ""


NO_MESSAGE: Final = FlashMessage()


class Flash:
    """The last thing done by each sign-in, by its id; of more than `_KEPT` that nobody came for, the oldest goes."""

    def __init__(self) -> None:
        self._done: Final = BoundedMap[str, FlashMessage](_KEPT)

    def flash(self, id: str, done: FlashMessage) -> None:
        """Keep what was `done` for the next page of a sign-in."""
        self._done[id] = done

    def take(self, id: str) -> FlashMessage:
        """What there is to tell, and no longer kept."""
        return self._done.pop(id, NO_MESSAGE)


def flash_of(request: Request) -> Flash:
    """What the application has to tell."""
    flash: Flash = request.app.state.flash
    return flash


def flash(request: Request, sign_in: SignIn, **details: object) -> None:
    """Have the page that follows say, in its own words, what was done."""
    flash_of(request).flash(sign_in.id, FlashMessage(details=details))
