"""What a copy says on every page while nobody vouches for it: put in front of the signed page, and taken away again."""

import re
from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Final

from portal.domain.language import LANGUAGES, N_, Language

LATE: Final = N_(
    "This copy could not be renewed since %(when)s (UTC). "
    "What it shows was signed by the organisers, and may be out of date."
)
WHEN: Final = "%(when)s"
Sentences = Mapping[Language, str]
"""`LATE` in each language, with `WHEN` where the moment comes."""

_BODY: Final = b"<body>\n"
_MOMENT: Final = r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}"


def with_banner(page: bytes, sentences: Sentences, until: datetime) -> bytes:
    """The signed `page` with the banner before everything that it shows; a file that is no such page as it is."""
    language: Language = next((one for one in LANGUAGES if f'<html lang="{one}">'.encode() in page), LANGUAGES[0])
    head, body, rest = page.partition(_BODY)
    return head + body + _banner(sentences[language].replace(WHEN, f"{until:%Y-%m-%d %H:%M}")) + rest if body else page


def without_banner(page: bytes, sentences: Sentences) -> bytes | None:
    """The page that `with_banner` was given; None where `page` has no banner, or another than one of `sentences`."""
    head, body, rest = page.partition(_BODY)
    for sentence in sentences.values():
        pattern = re.escape(_banner(sentence).decode()).replace(re.escape(WHEN), _MOMENT)
        if found := re.match(pattern.encode(), rest):
            return head + body + rest[found.end() :]
    return None


def _banner(words: str) -> bytes:
    return f'<p class="notice" role="status">{escape(words)}</p>\n'.encode()
