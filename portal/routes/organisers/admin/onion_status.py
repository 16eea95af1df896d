"""The status of the onion, in the words of an organiser's language."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from portal.domain.language import Language
from portal.services import Message, OnionView
from portal.site.catalogue import translated
from portal.site.times import seconds_in_words
from portal.site.typography import typeset


@dataclass(frozen=True, slots=True)
class OnionInWords:
    """An `OnionView` whose messages are in words; the `address` is there as soon as it is known."""

    address: str | None
    now: str
    advice: str
    warnings: tuple[str, ...]
    since: datetime | None
    proven: datetime | None
    seconds: str


def onion_in_words(view: OnionView, language: Language) -> OnionInWords:
    """Put `view` into words in `language`."""
    words = partial(_words, language)
    return OnionInWords(
        address=view.known or view.address,
        now=words(view.now),
        advice=words(Message(view.advice)),
        warnings=tuple(words(warning) for warning in view.warnings),
        since=view.since,
        proven=view.proven,
        seconds=seconds_in_words(view.seconds or 0, language),
    )


def _words(language: Language, message: Message) -> str:
    return typeset(translated(language, message.text, message.details), language) if message.text else ""
