"""The languages of the portal's own words, texts in any number of languages, and the gettext mark of a message."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

Language = str
"""A language tag of BCP 47 in its canonical case: `fr`, `pt-BR`."""


@dataclass(frozen=True, slots=True)
class OwnLanguage:
    """A language of the portal's own words: its `code`, and how days and clock times are written in it.

    `locale` is that of the Unicode CLDR; `day`, `clock` and `full_hour` are its patterns (Unicode Technical Standard
    35, part 4), `first` is how the first day of a month is written, where it is not a number.
    """

    code: Language
    locale: str
    day: str = "full"
    clock: str = "short"
    full_hour: str = "short"
    first: str = ""


_NO_BREAK: Final = "\N{NO-BREAK SPACE}"

OWN_LANGUAGES: Final = (
    OwnLanguage("fr", "fr_FR", "EEEE d MMMM y", f"H{_NO_BREAK}'h'{_NO_BREAK}mm", f"H{_NO_BREAK}'h'", "1er"),
    OwnLanguage("en", "en_GB", "EEEE d MMMM y"),
    OwnLanguage("es", "es_ES"),
)
"""The languages of the portal's own words: English is in the code, each other in a catalogue of `portal/locale`."""

LANGUAGES: Final[tuple[Language, ...]] = tuple(own.code for own in OWN_LANGUAGES)
"""The codes of `OWN_LANGUAGES`."""

_ALWAYS_WRITTEN: Final = ("fr", "en")
"""The languages that every text in a file of the portal names: the earlier portal had these two."""


def N_(message: str) -> str:
    """Mark `message` for the gettext catalogues; it is translated where it is shown."""
    return message


class Text:
    """A text in any number of languages; an empty string is a missing translation. Immutable, compared by its words.

    `Text(fr="Salle", en="Room")`; `text["de"]` is "" where there is no German.
    """

    __slots__ = ("_words",)

    def __init__(self, fr: str = "", en: str = "", **others: str) -> None:
        words = {"fr": fr, "en": en, **dict(sorted(others.items()))}
        self._words: Final = {language: text for language, text in words.items() if text}

    def __getitem__(self, language: Language) -> str:
        return self._words.get(language, "")

    def __eq__(self, other: object) -> bool:
        return self._words == other._words if isinstance(other, Text) else NotImplemented

    def __hash__(self) -> int:
        return hash(frozenset(self._words.items()))

    def __repr__(self) -> str:
        return f"Text(**{self._words!r})"

    @property
    def languages(self) -> tuple[Language, ...]:
        """Return the languages that the text has words in."""
        return tuple(self._words)

    def language_for(self, language: Language, order: Iterable[Language] = ()) -> Language:
        """Return `language` if the text has words in it, else the first of `order` or any; `language` for no text."""
        return next((each for each in (language, *order, *self._words) if each in self._words), language)

    def in_language(self, language: Language, order: Iterable[Language] = ()) -> str:
        """Return the words in `language`, or where they are missing in the first of `order`, or in any language."""
        return self[self.language_for(language, order)]

    def is_blank(self) -> bool:
        """Return whether the text has nothing but white space in every language."""
        return not any(text.strip() for text in self._words.values())

    def as_mapping(self) -> dict[Language, str]:
        """Return the words by language as a file holds them, those of the earlier portal's two languages always."""
        return dict.fromkeys(_ALWAYS_WRITTEN, "") | self._words
