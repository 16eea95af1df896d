"""Banner of a mirror whose timestamp has expired: added to each signed page, and removed to verify it."""

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
"""`LATE` in each language, with `WHEN` in place of the moment."""

CLOCKS_DIFFER: Final = timedelta(days=1)
"""By how much the clock of a mirror may be ahead of that of whoever verifies it."""

_BODY: Final = b"<body>\n"


def due_sentences(sentences: Sentences, until: datetime, now: datetime) -> Sentences:
    """Return those of `sentences` that a mirror may show `now`: none while it is vouched for."""
    return sentences if until <= now + CLOCKS_DIFFER else {}


def with_banner(page: bytes, sentences: Sentences, until: datetime) -> bytes:
    """Return the signed `page` with the banner before its content; a file that is no such page unchanged."""
    language: Language = next((code for code in LANGUAGES if f'<html lang="{code}">'.encode() in page), LANGUAGES[0])
    head, body, rest = page.partition(_BODY)
    return head + body + _banner(sentences[language], until) + rest if body else page


def without_banner(page: bytes, sentences: Sentences, until: datetime) -> bytes:
    """Return `page` without the banner that `with_banner` adds; unchanged where it has none, or another."""
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
    """Return `LATE` in each language, with `WHEN` in place of the moment."""
    return {language: translated(language, LATE, {"when": WHEN}) for language in LANGUAGES}
