"""How the onion stands, in the words of an organiser's language."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from portal.domain.language import Language
from portal.services import OnionView, Told
from portal.site.catalogue import translated
from portal.site.typography import typeset


@dataclass(frozen=True, slots=True)
class OnionInWords:
    """An `OnionView` whose messages are in words; `is_reachable` as proven, `address` as soon as it is known."""

    state: str
    is_reachable: bool
    address: str | None
    now: str
    advice: str
    warnings: tuple[str, ...]
    since: datetime | None
    proven: datetime | None
    seconds: float | None


def onion_in_words(view: OnionView, language: Language) -> OnionInWords:
    """`view` in `language`."""
    words = partial(_words, language)
    return OnionInWords(
        state=view.state,
        is_reachable=view.address is not None,
        address=view.known,
        now=words(view.now),
        advice=words(Told(view.advice)),
        warnings=tuple(words(warning) for warning in view.warnings),
        since=view.since,
        proven=view.proven,
        seconds=view.seconds,
    )


def _words(language: Language, told: Told) -> str:
    return typeset(translated(language, told.text, told.details), language) if told.text else ""
