"""What was done just now, to be told once on the page that follows: kept in memory, for nobody but who did it."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

from starlette.requests import Request

from portal.domain.language import Language
from portal.site.catalogue import translated
from portal.site.typography import typeset

_LINES: Final = 256


class Said:
    """The last line for each sign-in, by its id; of more than `_LINES` that nobody came for, the oldest is dropped."""

    def __init__(self) -> None:
        self._lines: Final[OrderedDict[str, tuple[str, Mapping[str, object]]]] = OrderedDict()

    def say(self, id: str, text: str, details: Mapping[str, object]) -> None:
        """Keep a message with its details for the next page of a sign-in."""
        self._lines[id] = (text, details)
        self._lines.move_to_end(id)
        while len(self._lines) > _LINES:
            self._lines.popitem(last=False)

    def take(self, id: str, language: Language) -> str:
        """What there is to tell, in words, and no longer kept; "" for nothing."""
        text, details = self._lines.pop(id, ("", {}))
        return typeset(translated(language, text, details), language) if text else ""


def said_of(request: Request) -> Said:
    """What the application has to tell."""
    said: Said = request.app.state.said
    return said
