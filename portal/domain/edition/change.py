"""Change of an event, as a message; messages for texts that changed in a language or in both; entries compared."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from portal.domain.event.event import Announcement, Mirror, Room, Session, Speaker, Theme
from portal.domain.language import N_, Language, Text

Entry = TypeVar("Entry", Theme, Room, Session, Speaker, Announcement, Mirror)

_PLACE: Final = re.compile(r"%\((\w+)\)s")
_PLAIN: Final = re.compile(rf"(?:[^%]|%%|{_PLACE.pattern})*+")


@dataclass(frozen=True, slots=True)
class Change:
    """`text` is a message; `details` are its values: words, further messages, texts, or the tag of a `language`."""

    text: str
    details: tuple[tuple[str, object], ...] = ()

    def details_in(self, language: Language, order: Sequence[Language] = ()) -> Mapping[str, object]:
        """Return the details with every text in `language`, ready for the translation of `text` with them.

        A text that has no words in it is in the first language of `order` that it has, else in any.
        """
        return {name: _shown(value, language, order) for name, value in self.details}

    def is_plain(self) -> bool:
        """Return whether the message holds each value once and unformatted, so that it is no longer than its parts."""
        places = _PLACE.findall(self.text)
        return _PLAIN.fullmatch(self.text) is not None and len(places) == len(set(places))


@dataclass(frozen=True, slots=True)
class TextMessages:
    """Messages for a text that changed in several languages, in one, or in one of them from or to nothing.

    The message of `ANOTHER` names the language that no other message is for.
    """

    in_several: str
    in_language: Mapping[Language, str]
    from_or_to_nothing: Mapping[Language, str]


ANOTHER: Final = ""
"""The key of the message for a language without a message of its own, as those of earlier portals have."""

_REWRITTEN_IN: Final[Mapping[Language, str]] = {
    "fr": N_("%(what)s: the French text has changed."),
    "en": N_("%(what)s: the English text has changed."),
    ANOTHER: N_("%(what)s: the text in %(language)s has changed."),
}
_DESCRIBED_IN: Final[Mapping[Language, str]] = {
    "fr": N_("“%(title)s” has another description in French."),
    "en": N_("“%(title)s” has another description in English."),
    ANOTHER: N_("“%(title)s” has another description in %(language)s."),
}

REPLACED: Final = TextMessages(
    N_("%(what)s: “%(old)s” becomes “%(new)s”."),
    {
        "fr": N_("%(what)s, in French: “%(old)s” becomes “%(new)s”."),
        "en": N_("%(what)s, in English: “%(old)s” becomes “%(new)s”."),
        ANOTHER: N_("%(what)s, in %(language)s: “%(old)s” becomes “%(new)s”."),
    },
    _REWRITTEN_IN,
)
REWRITTEN: Final = TextMessages(N_("%(what)s: the text has changed."), _REWRITTEN_IN, _REWRITTEN_IN)
NAMED: Final = TextMessages(
    N_("“%(old)s” is now called “%(new)s”."),
    {
        "fr": N_("In French, “%(old)s” is now called “%(new)s”."),
        "en": N_("In English, “%(old)s” is now called “%(new)s”."),
        ANOTHER: N_("In %(language)s, “%(old)s” is now called “%(new)s”."),
    },
    {
        "fr": N_("“%(title)s” has another name in French."),
        "en": N_("“%(title)s” has another name in English."),
        ANOTHER: N_("“%(title)s” has another name in %(language)s."),
    },
)
NOT_GIVEN: Final = N_("not given")
"""The detail of a value that an event does not have."""

DESCRIBED: Final = TextMessages(N_("“%(title)s” has another description."), _DESCRIBED_IN, _DESCRIBED_IN)


def changed(text: str, **details: object) -> Change:
    """Return a change with its details by name."""
    return Change(text, tuple(details.items()))


def text_changed(messages: TextMessages, old: Text, new: Text, **details: object) -> Iterator[Change]:
    """Yield the change from `old` to `new` by `messages`, with `details`, `old` and `new`; none when they are equal."""
    used = dict.fromkeys((*old.languages, *new.languages))
    different = [language for language in used if old[language] != new[language]]
    if len(different) == 1 and len(used) > 1:
        (language,) = different
        was, becomes = old[language], new[language]
        by_language = messages.in_language if was and becomes else messages.from_or_to_nothing
        named = {} if language in by_language else {"language": language}
        yield changed(by_language.get(language, by_language[ANOTHER]), **details, **named, old=was, new=becomes)
    elif different:
        yield changed(messages.in_several, **details, old=old, new=new)


def entries_without(entries: Sequence[Entry], others: Sequence[Entry]) -> list[Entry]:
    """Return the `entries` whose id none of the `others` has."""
    ids = {other.id for other in others}
    return [entry for entry in entries if entry.id not in ids]


def entries_in_both(old: Sequence[Entry], new: Sequence[Entry]) -> list[tuple[Entry, Entry]]:
    """Return the old and the new state of each entry that is in both."""
    before = {entry.id: entry for entry in old}
    return [(before[entry.id], entry) for entry in new if entry.id in before]


def are_reordered(old: Sequence[Entry], new: Sequence[Entry]) -> bool:
    """Return whether the entries that are in both have another order."""
    after = [entry.id for _, entry in entries_in_both(old, new)]
    return [entry.id for entry in old if entry.id in after] != after


def _shown(value: object, language: Language, order: Sequence[Language]) -> object:
    return value.in_language(language, order) if isinstance(value, Text) else value
