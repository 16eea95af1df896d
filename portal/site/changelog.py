"""The news: every edition in words, on a page of the newest editions and on pages of the older ones."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from portal.domain.edition.announcement_changes import ANNOUNCED
from portal.domain.edition.change import Change
from portal.domain.edition.edition import Edition, HistoryEntry
from portal.domain.event.event import Event
from portal.domain.event.languages import languages_of, own_language_of
from portal.domain.language import Language
from portal.domain.limits import CHANGES_A_PAGE, EDITIONS_A_PAGE
from portal.site.catalogue import catalogue, translated
from portal.site.times import day_in_words
from portal.site.typography import typeset

_DAYS: Final = ("The day", "The days")
"""The facts of an event that a change writes as `2026-12-15`, or `2026-12-15 11:00–17:30, …`."""
_DATE: Final = re.compile(r"(?:^|(?<=, ))[0-9]{4}-[0-9]{2}-[0-9]{2}(?=$| [0-9]{2}:)")
_DATE_OF_TIMES: Final = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?=, [0-9]{1,2}(?::|\N{NO-BREAK SPACE}h))")
"""The date of a session before its times, as a change writes it: `2026-12-15, 11:00 – 12:00`."""


@dataclass(frozen=True, slots=True)
class EditionNews:
    """An edition in words: its `changes`, how many `more` are left out, its `comment` in the event's language.

    The comment is empty where it says no more than a change does: that of an announcement's own edition.
    """

    step: HistoryEntry
    comment: str
    changes: tuple[str, ...]
    more: int


def newest_steps(edition: Edition) -> tuple[HistoryEntry, ...]:
    """Return the steps on the page of news, the newest first."""
    return edition.history[:EDITIONS_A_PAGE]


def older_pages(edition: Edition) -> Iterator[int]:
    """Return the numbers, from 1, of the pages of older editions, the newest first; such a page never changes."""
    older = max(0, len(edition.history) - EDITIONS_A_PAGE)
    return reversed(range(1, -(-older // EDITIONS_A_PAGE) + 1))


def bounds(number: int) -> tuple[int, int]:
    """Return the numbers of the first and of the last edition on a page of older ones."""
    return (number - 1) * EDITIONS_A_PAGE + 1, number * EDITIONS_A_PAGE


def steps_on_page(edition: Edition, number: int) -> tuple[HistoryEntry, ...]:
    """Return the steps on a page of older editions, the newest first."""
    first, last = bounds(number)
    return tuple(step for step in edition.history if first <= step.number <= last)


def edition_news(edition: Edition, steps: Sequence[HistoryEntry], language: Language) -> tuple[EditionNews, ...]:
    """Return the `steps` of one page in words, in `language`."""
    shares = _shares([len(step.changes) for step in steps])
    return tuple(_edition_news(edition, step, share, language) for step, share in zip(steps, shares, strict=True))


def _shares(counts: Sequence[int]) -> list[int]:
    """Share the changes that fit on a page among its editions: a fair share each, then the rest to the newest."""
    shares = [min(count, CHANGES_A_PAGE // EDITIONS_A_PAGE) for count in counts]
    for place, count in enumerate(counts):
        shares[place] += min(count - shares[place], CHANGES_A_PAGE - sum(shares))
    return shares


def _edition_news(edition: Edition, step: HistoryEntry, share: int, language: Language) -> EditionNews:
    changes = tuple(in_words(change, edition.event, language) for change in step.changes[:share])
    comment = comment_of(step, edition.event)
    return EditionNews(step, comment, changes, len(step.changes) - len(changes))


def comment_of(step: HistoryEntry, event: Event) -> str:
    """Return the comment of `step`, in the main language of `event`; "" where a change says the same."""
    comment = typeset(step.comment, event.language)
    return "" if comment in (in_words(change, event, event.language) for change in step.changes) else comment


def in_words(change: Change, event: Event, language: Language) -> str:
    """Return `change` as one sentence, in the portal's own language for the pages of `event` in `language`."""
    own = own_language_of(event, language)
    details = change.details_in(own, languages_of(event))
    pattern = _DATE if details.get("what") in _DAYS else _DATE_OF_TIMES

    def spoken(value: object) -> object:
        return pattern.sub(lambda found: _date_in_words(found[0], own), value) if isinstance(value, str) else value

    return typeset(translated(own, change.text, {name: spoken(value) for name, value in details.items()}), own)


def _date_in_words(text: str, language: Language) -> str:
    try:
        return day_in_words(date.fromisoformat(text), language)
    except ValueError:
        return text


def further_changes(count: int, language: Language) -> str:
    """Say that there are `count` further changes."""
    message = catalogue(language).ngettext("And %(count)s further change.", "And %(count)s further changes.", count)
    return message % {"count": count}


def is_announcement(step: HistoryEntry) -> bool:
    """Return whether `step` does nothing but announce."""
    return bool(step.changes) and all(change.text == ANNOUNCED for change in step.changes)
