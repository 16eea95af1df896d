"""Banner of a mirror whose timestamp has expired: added to each signed page, and removed to verify it."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from html import escape
from typing import Final

from portal.domain.language import LANGUAGES, N_, Language
from portal.domain.language_tags import nearest_own
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

_BODY: Final = re.compile(rb"<body[^>\n]*>\n")
_LANGUAGE: Final = re.compile(rb'<(?:html|body) lang="([A-Za-z0-9-]+)"')


def due_sentences(sentences: Sentences, until: datetime, now: datetime) -> Sentences:
    """Return those of `sentences` that a mirror may show `now`: none while it is vouched for."""
    return sentences if until <= now + CLOCKS_DIFFER else {}


def with_banner(page: bytes, sentences: Sentences, until: datetime) -> bytes:
    """Return the signed `page` with the banner before its content; a file that is no such page unchanged."""
    body = _BODY.search(page)
    if body is None:
        return page
    languages = [found.decode() for found in _LANGUAGE.findall(page, 0, body.end())]
    language = nearest_own(reversed(languages))
    return page[: body.end()] + _banner(sentences[language], until) + page[body.end() :]


def without_banner(page: bytes, sentences: Sentences, until: datetime) -> bytes:
    """Return `page` without the banner that `with_banner` adds; unchanged where it has none, or another."""
    body = _BODY.search(page)
    for sentence in sentences.values() if body else ():
        banner = _banner(sentence, until)
        if body and page.startswith(banner, body.end()):
            return page[: body.end()] + page[body.end() + len(banner) :]
    return page


def _banner(sentence: str, until: datetime) -> bytes:
    words = sentence.replace(WHEN, f"{until:%Y-%m-%d %H:%M}")
    return f'<p class="notice" role="status">{escape(words)}</p>\n'.encode()


def sentences() -> Sentences:
    """Return `LATE` in each language, with `WHEN` in place of the moment."""
    return {language: translated(language, LATE, {"when": WHEN}) for language in LANGUAGES}
