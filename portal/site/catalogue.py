"""The gettext catalogues. Messages are English in the code; `portal/locale` holds the French of each."""

import gettext
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from portal.domain.errors import PortalError
from portal.domain.language import Language


@cache
def catalogue(language: Language) -> gettext.NullTranslations:
    """The translations into `language`; English is the language of the messages themselves."""
    if language == "en":
        return gettext.NullTranslations()
    source = files("portal").joinpath("locale", language, "LC_MESSAGES", "portal.po")
    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def translated(language: Language, message: str, details: Mapping[str, object] | None = None) -> str:
    """`message` in `language`, with `details`, translated too where they are messages, in its `%(name)s` places."""
    translate = catalogue(language).gettext
    values = {
        name: translate(value) if isinstance(value, str) and value else value for name, value in (details or {}).items()
    }
    return translate(message) % values if values else translate(message)


def explained(language: Language, error: PortalError) -> str:
    """The text of `error`, safe to show to a person, in `language`."""
    return translated(language, error.text, error.details)
