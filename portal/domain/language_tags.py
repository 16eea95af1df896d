"""Language tags of BCP 47 (RFC 5646): which are well-formed and known, what they are called, how they are written."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from portal.domain.language import LANGUAGES, OWN_LANGUAGES, Language, OwnLanguage

_TAG: Final = re.compile(
    r"(?P<language>[A-Za-z]{2,3})(?:-(?P<script>[A-Za-z]{4}))?(?:-(?P<territory>[A-Za-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3})){0,2}"
)
"""A tag of §2.1 without extended languages, extensions and private use, and with at most two variants."""

_ANY_TAG: Final = re.compile(
    r"(?P<language>[a-z]{2,3})(-[a-z]{3}){0,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
    r"(-[0-9a-wy-z](-[a-z0-9]{2,8})+)*(-x(-[a-z0-9]{1,8})+)?|x(-[a-z0-9]{1,8})+",
    re.IGNORECASE | re.ASCII,
)
"""A tag of §2.1, without the irregular ones, which are deprecated, and the languages of four letters and more."""
_TAGS_REMEMBERED: Final = 512
_LEFTWARD: Final = frozenset(
    {"Adlm", "Arab", "Armi", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa", "Yezi"}
)
"""The scripts that are written from right to left (ISO 15924) and that a language of the CLDR has."""


@lru_cache(_TAGS_REMEMBERED)
def canonical_tag(tag: str) -> Language | None:
    """Return `tag` in the case of RFC 5646 §2.1.1, `pt-BR` for `PT-br`; None if it is ill-formed or unknown.

    It is known if the CLDR has an English name for its language, its script and its territory.
    """
    parts = _TAG.fullmatch(tag)
    if parts is None:
        return None
    names = Locale("en")
    language, script, territory = (parts[name] or "" for name in ("language", "script", "territory"))
    language, script, territory = language.lower(), script.title(), territory.upper()
    if language not in names.languages or (script and script not in names.scripts):
        return None
    if territory and territory not in names.territories:
        return None
    variants = tag[parts.end("territory") if territory else parts.end("script") if script else len(language) :]
    return "-".join(part for part in (language, script, territory, *variants.lower().split("-")) if part)


def is_tag(tag: str) -> bool:
    """Return whether `tag` is well-formed (RFC 5646 §2.1), of private use, or of a language that the CLDR knows."""
    parts = _ANY_TAG.fullmatch(tag)
    return parts is not None and (not parts["language"] or parts["language"].lower() in Locale("en").languages)


@cache
def direction_of(tag: Language) -> str:
    """Return the direction of writing, `ltr` or `rtl` (HTML §3.2.6.4), by the script or the likeliest script."""
    likely = get_global("likely_subtags")
    language, *others = tag.split("-")
    script = next((part for part in others if len(part) == 4 and part.isalpha()), "")
    if not script:
        script = str(likely.get("_".join((language, *others[:1])), likely.get(language, ""))).partition("_")[2][:4]
    return "rtl" if script in _LEFTWARD else "ltr"


@cache
def language_name(tag: Language, language: Language) -> str:
    """Return the name of the language `tag` in `language`, `allemand` for `de` in `fr`; the tag where there is none."""
    for names in (locale_of(language), Locale("en")):
        try:
            name = Locale.parse(tag, sep="-").get_display_name(names)
        except (UnknownLocaleError, ValueError):
            name = names.languages.get(tag.replace("-", "_")) or names.languages.get(tag.partition("-")[0])
        if name:
            return str(name)
    return tag


def autonym(tag: Language) -> str:
    """Return the name of the language `tag` in that language, `Deutsch`."""
    name = language_name(tag, tag)
    return name[:1].upper() + name[1:]


@cache
def locale_of(language: Language) -> Locale:
    """Return the locale of the CLDR for the names in `language`, or of its primary language, else English."""
    for tag in _ever_shorter(language):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


@cache
def writing_of(language: Language) -> OwnLanguage:
    """Return how days and clock times are written in `language`: as the list has it, else as the CLDR."""
    own = next((own for tag in _ever_shorter(language) for own in OWN_LANGUAGES if own.code == tag), None)
    return own or OwnLanguage(language, str(locale_of(language)))


def nearest_own(languages: Iterable[Language]) -> Language:
    """Return the first of the portal's own languages that one of `languages` is (RFC 4647 §3.4), else English."""
    shorter = (tag for language in languages for tag in _ever_shorter(language))
    return next((tag for tag in shorter if tag in LANGUAGES), "en")


def is_in_language(tag: Language, language: Language) -> bool:
    """Return whether `tag` is `language` or a variety of it, as `fr-CA` is of `fr` (RFC 4647 §3.3.1)."""
    return tag == language or tag.startswith(f"{language}-")


def _ever_shorter(tag: Language) -> Iterable[Language]:
    parts = tag.split("-")
    return ("-".join(parts[:count]) for count in range(len(parts), 0, -1))
