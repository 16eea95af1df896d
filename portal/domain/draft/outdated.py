"""Texts of the draft that may be out of date: they were changed in another language since, and not confirmed."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields
from typing import Final

from portal.domain.draft.part import EDITED_LISTS, SINGLE, TEXTS, Part, PartValue, entries_of, keys_of, value_of
from portal.domain.edition.edition import Draft, OutdatedText
from portal.domain.errors import Problem
from portal.domain.event.event import Event
from portal.domain.event.languages import languages_of
from portal.domain.event.schedule import entry
from portal.domain.language import N_, Language, Text

_MESSAGE: Final = N_("part of it in %(language)s may be out of date: it was changed in another language since")

_Place = tuple[str, str, str]
"""The place of a text in an event: table, id of the entry or the text, key."""


def outdated_after(draft: Draft, event: Event, confirmed: Collection[OutdatedText] = ()) -> tuple[OutdatedText, ...]:
    """Return the texts that are out of date once `event` replaces that of `draft`, in the order of the event.

    Words that are rewritten leave those of the other languages behind, unless they were out of date themselves: then
    they catch up. What is rewritten in the same save, or is among the `confirmed`, is up to date.
    """
    before, marked, languages = dict(_texts(draft.event)), frozenset(draft.outdated), languages_of(event)
    found = []
    for place, text in _texts(event):
        old = before.get(place, Text())
        rewritten = [each for each in languages if old[each] and text[each] and old[each] != text[each]]
        leaves_behind = any(OutdatedText(*place, each) not in marked for each in rewritten)
        kept = [each for each in languages if text[each] and old[each] == text[each]]
        for mark in (OutdatedText(*place, each) for each in kept):
            if (mark in marked or leaves_behind) and mark not in confirmed and len(rewritten) + len(kept) > 1:
                found.append(mark)
    return tuple(found)


def outdated_fields(draft: Draft, part: Part) -> frozenset[str]:
    """Return the names of the fields of the form of `part` that are out of date."""
    return frozenset(f"{mark.key}_{mark.language}" for mark in draft.outdated if (mark.table, mark.id) == _id_of(part))


def outdated_text(part: Part, key: str, language: Language) -> OutdatedText:
    """Return the text `key` of `part` in `language` as one that may be out of date."""
    return OutdatedText(*_id_of(part), key, language)


def outdated_warnings(draft: Draft) -> tuple[Problem, ...]:
    """Return a warning for each part and language with a text that may be out of date."""
    seen = dict.fromkeys((mark.table, mark.id, mark.language) for mark in draft.outdated)
    return tuple(_warning(draft.event, *each) for each in seen)


def _warning(event: Event, table: str, id: str, language: Language) -> Problem:
    details = (("language", language),)
    if table not in EDITED_LISTS:
        return Problem(table, f"{id}.{language}" if id else "", _MESSAGE, details)
    number = [each.id for each in entries_of(event, table)].index(id) + 1
    return Problem(entry(table, number), "", _MESSAGE, details, id)


def _texts(event: Event) -> Iterator[tuple[_Place, Text]]:
    """Yield every text of the parts of `event` with its place."""
    for part in (*map(Part, SINGLE), *(Part("texts", id) for id in TEXTS)):
        yield from _texts_of(part, value_of(event, part), keys_of(part))
    for table in EDITED_LISTS:
        for each in entries_of(event, table):
            yield from _texts_of(Part(table, each.id), each, [field.name for field in fields(each)])


def _texts_of(part: Part, value: PartValue, keys: Sequence[str]) -> Iterator[tuple[_Place, Text]]:
    for key in keys:
        if isinstance(text := getattr(value, key), Text):
            yield (*_id_of(part), key), text


def _id_of(part: Part) -> tuple[str, str]:
    return part.table, part.id
