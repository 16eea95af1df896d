"""What a typesetter does to a text before it is shown."""

import re
from typing import Final

from portal.domain.language import Language

_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_BEFORE: Final = re.compile(r"(?<=\S) (?=[:;?!»%](?:\W|$))")
_AFTER: Final = re.compile(r"(?<=«) (?=\S)")


def typeset(text: str, language: Language) -> str:
    """`text` with the spaces that French puts before `: ; ? ! »` and after `«` made unbreakable."""
    if language != "fr":
        return text
    return _AFTER.sub(_NO_BREAK, _BEFORE.sub(_NO_BREAK, text))


def capitalised(text: str) -> str:
    """`text` with a capital first letter and the rest as it is."""
    return text[:1].upper() + text[1:]
