"""Languages of the portal, texts in both of them, and the gettext mark of a string to translate."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

Language = Literal["fr", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)


def N_(message: str) -> str:
    """Mark `message` for the gettext catalogues; it is translated where it is shown."""
    return message


@dataclass(frozen=True, slots=True)
class Text:
    """A text in French and in English; an empty string is a missing translation."""

    fr: str = ""
    en: str = ""

    def in_language(self, language: Language) -> str:
        """Return the text in `language`, or in the other language where it is missing."""
        return (self.fr or self.en) if language == "fr" else (self.en or self.fr)
