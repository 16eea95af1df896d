"""What a copy says on every page while nobody vouches for it: put in front of the signed page, and taken away again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from html import escape
from typing import Final

from portal.domain.language import LANGUAGES, N_, Language
from portal.site.catalogue import translated

LATE: Final = N_(
    "This copy could not be renewed since %(when)s (UTC). "
    "What it shows was signed by the organisers, and may be out of date."
)
WHEN: Final = "%(when)s"
Sentences = Mapping[Language, str]
"""`LATE` in each language, with `WHEN` where the moment comes."""

CLOCKS_DIFFER: Final = timedelta(days=1)
"""By how much the clock of a copy may be ahead of that of who looks at it."""

_BODY: Final = b"<body>\n"


def due_banner(sentences: Sentences, until: datetime, now: datetime) -> Sentences:
    """Those of `sentences` that a copy may say `now`: none while it is vouched for."""
    return sentences if until <= now + CLOCKS_DIFFER else {}


def with_banner(page: bytes, sentences: Sentences, until: datetime) -> bytes:
    """The signed `page` with the banner before everything that it shows; a file that is no such page as it is."""
    language: Language = next((one for one in LANGUAGES if f'<html lang="{one}">'.encode() in page), LANGUAGES[0])
    head, body, rest = page.partition(_BODY)
    return head + body + _banner(sentences[language], until) + rest if body else page


def without_banner(page: bytes, sentences: Sentences, until: datetime) -> bytes:
    """The page that `with_banner` was given; `page` as it is where it has no banner, or any other than that one."""
    head, body, rest = page.partition(_BODY)
    for sentence in sentences.values():
        banner = _banner(sentence, until)
        if rest.startswith(banner):
            return head + body + rest.removeprefix(banner)
    return page


def _banner(sentence: str, until: datetime) -> bytes:
    words = sentence.replace(WHEN, f"{until:%Y-%m-%d %H:%M}")
    return f'<p class="notice" role="status">{escape(words)}</p>\n'.encode()


def sentences() -> Sentences:
    """The sentence in each language, with `WHEN` where the moment comes."""
    return {language: translated(language, LATE, {"when": WHEN}) for language in LANGUAGES}
