"""The gettext catalogues. Messages are English in the code; `portal/locale` holds the French of each."""

import gettext
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from portal.domain.errors import PortalError
from portal.domain.language import Language
from portal.domain.language_tags import language_name, nearest_own

_GROUPED_FROM: Final = 10_000


@cache
def catalogue(language: Language) -> gettext.NullTranslations:
    """Return the translations into `language`, or into the nearest language that has a catalogue.

    English is the language of the messages themselves.
    """
    if (own := nearest_own((language,))) != language:
        return catalogue(own)
    if language == "en":
        return gettext.NullTranslations()
    source = files("portal").joinpath("locale", language, "LC_MESSAGES", "portal.po")
    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def translated(language: Language, message: str, details: Mapping[str, object] | None = None) -> str:
    """Translate `message` into `language`, and its `details`, where they are messages, in the `%(name)s` places.

    The detail `language` is the tag of a language, and shown as its name.
    """
    translate = catalogue(language).gettext
    values = {name: _shown(translate, value) for name, value in (details or {}).items()}
    if "language" in values:
        values["language"] = language_name(str(values["language"]), nearest_own((language,)))
    return translate(message) % values if values else translate(message)


def _shown(translate: Callable[[str], str], value: object) -> object:
    """Translate a message, or write a number from ten thousand on in groups of three digits (ISO 80000-1 §7.3.1)."""
    if isinstance(value, str) and value:
        return translate(value)
    if isinstance(value, int) and value >= _GROUPED_FROM:
        return f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    return value


def error_text(language: Language, error: PortalError) -> str:
    """Return the text of `error`, safe to show to a person, in `language`."""
    return translated(language, error.text, error.details)
