"""The languages of an event: those of its pages and forms, and which of them a text is shown in."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from portal.domain.errors import Problem
from portal.domain.event.event import Event
from portal.domain.language import N_, Language, Text
from portal.domain.language_tags import is_in_language, language_name, nearest_own

_OF_EARLIER_PORTALS = ("fr", "en")
"""The languages of every event of an earlier portal, whose file names the main one alone."""


def languages_of(event: Event) -> tuple[Language, ...]:
    """Return the languages that `event` has pages in, the main one first."""
    return event.languages or _languages_of_earlier(event.language)


@cache
def _languages_of_earlier(main: Language) -> tuple[Language, ...]:
    others = _OF_EARLIER_PORTALS if main in _OF_EARLIER_PORTALS else ()
    return tuple(dict.fromkeys((main, *others)))


def with_main_language(table: object) -> object:
    """Return the table `event` of a file with its `language`, which need not be written where `languages` are."""
    languages = table.get("languages") if isinstance(table, Mapping) else None
    if isinstance(table, Mapping) and isinstance(languages, list) and languages and "language" not in table:
        return {**table, "language": languages[0]}
    return table


def problems_of_main_language(facts: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield the problem of a `language` that is not the first of the `languages`, both of the table `event`."""
    first = next(iter(facts.get("languages", ())), None)
    if first is not None and facts.get("language", first) != first:
        text = N_("the main language is the first of the languages, “%(first)s”: leave this out")
        yield Problem("event", "language", text, (("first", first),))


def language_names(event: Event, tags: Iterable[Language]) -> Text:
    """Return the names of the languages `tags` in each language of `event`."""
    return Text(**{each: ", ".join(language_name(tag, each) for tag in tags) for each in languages_of(event)})


def own_language_of(event: Event, language: Language) -> Language:
    """Return the one of the portal's own languages whose words stand on the pages in `language`."""
    return _nearest_own((language, *languages_of(event)))


_nearest_own = lru_cache(maxsize=256)(nearest_own)
"""The same for every text of a page."""


def surrounding_language(event: Event, language: Language) -> Language:
    """Return the language that the words of the portal are marked with on the pages of `event` in `language`.

    It is `language` itself where they are in it, as French is for `fr-CA`.
    """
    own = own_language_of(event, language)
    return language if is_in_language(language, own) else own


def words_of(event: Event, text: Text, language: Language) -> str:
    """Return `text` in `language`, where it is missing in the first language of `event` that has it, else in any."""
    return text.in_language(language, languages_of(event))
