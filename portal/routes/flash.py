"""What was done just now, to be told once on the page that follows: kept in memory, for nobody but who did it."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request

from portal.domain.language import Language
from portal.domain.organisers.organiser import SignIn
from portal.site.catalogue import translated
from portal.site.typography import typeset

_KEPT: Final = 256


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: `text`, a message that any page tells, with `details` in its places.

    Without a `text`, the page that follows has words of its own for the `details`.
    """

    text: str = ""
    details: Mapping[str, object] = field(default_factory=dict)

    def in_words(self, language: Language) -> str:
        """What any page tells of it in `language`, "" for nothing."""
        return typeset(translated(language, self.text, self.details), language) if self.text else ""


NOTHING_DONE: Final = Done()


class Said:
    """The last thing done by each sign-in, by its id; of more than `_KEPT` that nobody came for, the oldest goes."""

    def __init__(self) -> None:
        self._done: Final[OrderedDict[str, Done]] = OrderedDict()

    def say(self, id: str, done: Done) -> None:
        """Keep what was `done` for the next page of a sign-in."""
        self._done[id] = done
        self._done.move_to_end(id)
        while len(self._done) > _KEPT:
            self._done.popitem(last=False)

    def take(self, id: str) -> Done:
        """What there is to tell, and no longer kept."""
        return self._done.pop(id, NOTHING_DONE)


def said_of(request: Request) -> Said:
    """What the application has to tell."""
    said: Said = request.app.state.said
    return said


def say(request: Request, sign_in: SignIn, **details: object) -> None:
    """Have the page that follows say, in its own words, what was done."""
    said_of(request).say(sign_in.id, Done(details=details))
