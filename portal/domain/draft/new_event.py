"""A new event, empty but for texts that say what they wait for; and the texts in an event that came with the portal."""

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, TypeVar

from portal.domain.draft.part import Part, PartValue, keys_of, value_of, values_of_parts
from portal.domain.draft.part_ids import slug
from portal.domain.draft.warnings import of_part
from portal.domain.errors import PartGone, Problem
from portal.domain.event.event import Event
from portal.domain.event.languages import words_of
from portal.domain.language import N_, Language, Text

DAYS_AHEAD: Final = 91
"""Days from the making of a new event to its day, until somebody gives the true one: thirteen weeks."""

_LEFT: Final = N_("it still has a text that came with the portal: “%(text)s”")

_SLASH: Final = " / "
_SIDES: Final[tuple[Language, ...]] = ("fr", "en", "es")
_Shape = TypeVar("_Shape")


def new_event(template: Event, name: str, language: Language, today: date) -> Event:
    """Return an event called `name`, in `language` alone, with the texts of `template`, DAYS_AHEAD of `today`.

    A text that the template does not have in `language` is in one of its languages.
    """
    event = _in_language(template, template, language)
    day = replace(event.days[0], date=today + timedelta(days=DAYS_AHEAD))
    return replace(
        event,
        id=slug(name) or event.id,
        name=Text(**{language: name}),
        language=language,
        languages=(language,),
        days=(day,),
    )


@lru_cache(maxsize=4)  # of the draft and of the edition in force, on every visit of the overview
def texts_left(event: Event, template: Event, sample: Event) -> tuple[Problem, ...]:
    """Return a warning for each part of `event` with a text of the `template`, or of the `sample`.

    The collective of the sample itself may well write again what it wrote there.
    """
    others = [template, *(() if sample.collective.name == event.collective.name else (sample,))]
    return tuple(
        of_part(event, part, _LEFT, {"text": found})
        for part, value in values_of_parts(event).items()
        if (found := next(_words_in_both(part, value, others), None)) is not None
    )


def _words_in_both(part: Part, value: PartValue, others: Iterable[Event]) -> Iterator[str]:
    words = set(_words_of_part(part, value))
    for other in others:
        try:
            yield from (text for text in _words_of_part(part, value_of(other, part)) if text in words)
        except PartGone:
            continue


def _words_of_part(part: Part, value: PartValue) -> Iterator[str]:
    """Yield the texts of a part that nobody would write twice: those of several words."""
    for key in keys_of(part):
        item = getattr(value, key)
        texts = [item[language] for language in item.languages] if isinstance(item, Text) else [item]
        for text in texts:
            if isinstance(text, str) and (text.startswith("[") or len(text.split()) > 1):
                yield from (side.strip() for side in (text, *_sides(text).values()))


def _sides(text: str) -> dict[Language, str]:
    """Return the sides of `[Ville / City / Ciudad]`, as the template writes what is in no language; none of another."""
    sides = text[1:-1].split(_SLASH)
    if not (text.startswith("[") and text.endswith("]") and len(sides) == len(_SIDES)):
        return {}
    return {language: f"[{side}]" for language, side in zip(_SIDES, sides, strict=True)}


def _in_language(template: Event, value: _Shape, language: Language) -> _Shape:
    """Return a dataclass with each of its texts in `language` alone."""
    changed: dict[str, object] = {}
    for field in fields(value):  # type: ignore[arg-type]  # every value that is handed in is a dataclass
        item = getattr(value, field.name)
        if isinstance(item, Text):
            changed[field.name] = Text(**{language: words_of(template, item, language)})
        elif isinstance(item, str) and (sides := _sides(item)):
            changed[field.name] = sides.get(language, sides["en"])
        elif is_dataclass(item):
            changed[field.name] = _in_language(template, item, language)
    return replace(value, **changed)  # type: ignore[type-var]
