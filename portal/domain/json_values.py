"""Dataclasses as values of JSON and TOML, and back by the annotations of their fields."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache, partial
from types import UnionType
from typing import Final, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from portal.domain.language import Text

Shape = TypeVar("Shape")

in_minutes: Final = partial(datetime.isoformat, timespec="minutes")
"""Writes a moment without its seconds, for `to_json`."""


@cache
def hints_of(shape: type) -> Mapping[str, object]:
    """Return the annotations of a dataclass by field."""
    return get_type_hints(shape)


def to_mapping(value: object, moment: Callable[[datetime], str] = datetime.isoformat) -> dict[str, object]:
    """Return a dataclass as `to_json` writes it."""
    return cast("dict[str, object]", to_json(value, moment))


def to_json(
    value: object, moment: Callable[[datetime], str] = datetime.isoformat, *, skips_none: bool = False
) -> object:
    """Return `value` as JSON holds it: a dataclass is a mapping, a tuple a list, a clock time `HH:MM`.

    Moments are written by `moment`, days as `YYYY-MM-DD`. With `skips_none`, fields that are None are left out. A value
    of any other type is its text.
    """
    convert = partial(to_json, moment=moment, skips_none=skips_none)
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Text):
        return value.as_mapping()
    if is_dataclass(value):
        values = {field.name: getattr(value, field.name) for field in fields(value)}
        return {name: convert(each) for name, each in values.items() if each is not None or not skips_none}
    if isinstance(value, Mapping):
        return {name: convert(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [convert(each) for each in value]
    if isinstance(value, datetime):
        return moment(value)
    return value.isoformat("minutes") if isinstance(value, time) else str(value)


def from_json(shape: type[Shape], value: object) -> Shape:
    """Return the instance of `shape` that `to_json` made `value` of; a field that is missing has its default.

    Raises `ValueError`, `TypeError` or `KeyError` when there is none.
    """
    return _read(shape, value)  # type: ignore[return-value]  # the annotations decide at run time


def _read(hint: object, value: object) -> object:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _read_any_of(args, value)
    if origin is tuple and isinstance(value, list):
        hints = (args[0],) * len(value) if args[-1] is ... else args
        return tuple(_read(*pair) for pair in zip(hints, value, strict=True))
    if origin in (dict, Mapping) and isinstance(value, Mapping):
        return {name: _read(args[1], each) for name, each in value.items()}
    if isinstance(hint, type):
        return _read_simple(hint, value)
    raise TypeError(value)


def _read_simple(hint: type, value: object) -> object:
    if hint is Text and isinstance(value, Mapping):
        return Text(**{language: _read_simple(str, words) for language, words in value.items()})  # type: ignore[arg-type]
    if is_dataclass(hint) and isinstance(value, Mapping):
        return hint(**{name: _read(hints_of(hint)[name], each) for name, each in value.items()})
    if issubclass(hint, Enum):
        return hint(value)
    if issubclass(hint, date | time) and isinstance(value, str):
        return hint.fromisoformat(value)
    if isinstance(value, hint) and not (hint is int and isinstance(value, bool)):
        return value
    raise TypeError(value)


def _read_any_of(hints: tuple[object, ...], value: object) -> object:
    for hint in hints:
        try:
            return _read(hint, value)
        except (ValueError, TypeError, KeyError):
            continue
    raise TypeError(value)
