"""Spacing that a language has of its own, and capitals."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from portal.domain.language import Language

_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_BEFORE: Final = re.compile(r"(?<=\S) (?=[:;?!»%](?:\W|$))")
_WITHIN: Final = re.compile(
    r"(?<=\d) (?=h\b)"  # 11 h
    r"|(?<=\d[ \xa0]h) (?=\d\d\b)"  # 11 h 20
    r"|(?<=\b\d{5}) (?=[A-ZÀ-Ý])"  # 75019 Paris
)
_AFTER: Final = re.compile(r"(?<=«) (?=\S)")
_UNBREAKABLE: Final[Mapping[Language, Sequence[re.Pattern[str]]]] = {"fr": (_BEFORE, _AFTER, _WITHIN)}
"""The spaces at which a language breaks no line."""
_ELISIONS: Final[Mapping[Language, re.Pattern[str]]] = {"fr": re.compile(r"\b(d)e (?=[aeiouàâéèêîôûœ])", re.IGNORECASE)}


def typeset(text: str, language: Language) -> str:
    """Make spaces of `text` unbreakable: in French before `: ; ? ! »`, after `«`, in a clock time and in an address."""
    for space in _UNBREAKABLE.get(language.partition("-")[0], ()):
        text = space.sub(_NO_BREAK, text)
    return text


def elided(text: str, language: Language) -> str:
    """Return `text` with the vowels left out that its language leaves out before another vowel: `heure d’Athènes`."""
    elision = _ELISIONS.get(language.partition("-")[0])
    return elision.sub(r"\1’", text) if elision else text


def capitalised(text: str) -> str:
    """Return `text` with a capital first letter and the rest unchanged."""
    return text[:1].upper() + text[1:]
