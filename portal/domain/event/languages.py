"""The languages of an event: those of its pages and forms, and which of them a text is shown in."""

from portal.domain.event.event import Event
from portal.domain.language import Language, Text
from portal.domain.language_tags import is_in_language, nearest_own

_OF_EARLIER_PORTALS = ("fr", "en")
"""The languages of every event of an earlier portal, whose file names the main one alone."""


def languages_of(event: Event) -> tuple[Language, ...]:
    """Return the languages that `event` has pages in, the main one first."""
    others = _OF_EARLIER_PORTALS if event.language in _OF_EARLIER_PORTALS else ()
    return tuple(dict.fromkeys((event.language, *others)))


def own_language_of(event: Event, language: Language) -> Language:
    """Return the one of the portal's own languages whose words stand on the pages in `language`."""
    return nearest_own((language, *languages_of(event)))


def surrounding_language(event: Event, language: Language) -> Language:
    """Return the language that the words of the portal are marked with on the pages of `event` in `language`.

    It is `language` itself where they are in it, as French is for `fr-CA`.
    """
    own = own_language_of(event, language)
    return language if is_in_language(language, own) else own


def words_of(event: Event, text: Text, language: Language) -> str:
    """Return `text` in `language`, where it is missing in the first language of `event` that has it, else in any."""
    return text.in_language(language, languages_of(event))
