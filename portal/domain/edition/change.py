"""One change of an event, in words; and how a text that changed is told, in one language or in both."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from portal.domain.language import LANGUAGES, N_, Language, Text

_PLACE: Final = re.compile(r"%\((\w+)\)s")
_PLAIN: Final = re.compile(rf"(?:[^%]|%%|{_PLACE.pattern})*+")


@dataclass(frozen=True, slots=True)
class Change:
    """`text` is a message; `details` are its values: words, further messages, or texts in both languages."""

    text: str
    details: tuple[tuple[str, object], ...] = ()

    def details_in(self, language: Language) -> Mapping[str, object]:
        """The details with every text in `language`, ready for the translation of `text` with them."""
        return {name: value.in_language(language) if isinstance(value, Text) else value for name, value in self.details}

    def is_plain(self) -> bool:
        """Whether each value stands once in the message, and as it is: told, it is no longer than its parts."""
        places = _PLACE.findall(self.text)
        return _PLAIN.fullmatch(self.text) is not None and len(places) == len(set(places))


@dataclass(frozen=True, slots=True)
class Wording:
    """The messages for a text that changed: as a whole, in `one` language, or there from nothing or to nothing."""

    whole: str
    one: Mapping[Language, str]
    blank: Mapping[Language, str]


_REWRITTEN_IN: Final[Mapping[Language, str]] = {
    "fr": N_("%(what)s: the French text has changed."),
    "en": N_("%(what)s: the English text has changed."),
}
_DESCRIBED_IN: Final[Mapping[Language, str]] = {
    "fr": N_("“%(title)s” has another description in French."),
    "en": N_("“%(title)s” has another description in English."),
}

REPLACED: Final = Wording(
    N_("%(what)s: “%(old)s” becomes “%(new)s”."),
    {
        "fr": N_("%(what)s, in French: “%(old)s” becomes “%(new)s”."),
        "en": N_("%(what)s, in English: “%(old)s” becomes “%(new)s”."),
    },
    _REWRITTEN_IN,
)
REWRITTEN: Final = Wording(N_("%(what)s: the text has changed."), _REWRITTEN_IN, _REWRITTEN_IN)
NAMED: Final = Wording(
    N_("“%(old)s” is now called “%(new)s”."),
    {
        "fr": N_("In French, “%(old)s” is now called “%(new)s”."),
        "en": N_("In English, “%(old)s” is now called “%(new)s”."),
    },
    {
        "fr": N_("“%(title)s” has another name in French."),
        "en": N_("“%(title)s” has another name in English."),
    },
)
DESCRIBED: Final = Wording(N_("“%(title)s” has another description."), _DESCRIBED_IN, _DESCRIBED_IN)


def changed(text: str, **details: object) -> Change:
    """A change with its details by name."""
    return Change(text, tuple(details.items()))


def text_changed(wording: Wording, old: Text, new: Text, **details: object) -> Iterator[Change]:
    """The change from `old` to `new`, told in `wording` with `details`, `old` and `new`; nothing when they are one."""
    before, after = _by_language(old), _by_language(new)
    different = [language for language in LANGUAGES if before[language] != after[language]]
    used = [language for language in LANGUAGES if before[language] or after[language]]
    if len(different) == 1 and len(used) > 1:
        was, becomes = before[different[0]], after[different[0]]
        messages = wording.one if was and becomes else wording.blank
        yield changed(messages[different[0]], **details, old=was, new=becomes)
    elif different:
        yield changed(wording.whole, **details, old=old, new=new)


def _by_language(text: Text) -> Mapping[Language, str]:
    return {"fr": text.fr, "en": text.en}
