"""Values of the properties of a calendar, without those that cannot be read."""

from datetime import date, datetime

from icalendar import Component


def values_of(event: Component, name: str) -> list[object]:
    """Return the values of the property `name` that can be read."""
    return [value for value in _all(event, name) if not _is_broken(value)]


def broken_names(event: Component) -> list[str]:
    """Return the names of the properties of which a value cannot be read."""
    return [name for name in event if any(_is_broken(value) for value in _all(event, name))]


def string_of(event: Component, name: str) -> str:
    """Return the text of a property, of several the first; "" for none."""
    return str(next(iter(values_of(event, name)), ""))


def value_of(event: Component, name: str) -> object:
    """Return the date, moment or length of a property; None for none."""
    return getattr(next(iter(values_of(event, name)), None), "dt", None)


def date_of(event: Component, name: str) -> date | datetime | None:
    """Return a date or a moment, of the years that have a place in a programme; None for anything else."""
    value = value_of(event, name)
    if isinstance(value, datetime):
        value = value.replace(second=0, microsecond=0)
    return value if isinstance(value, date) and has_place(value) else None


def has_place(day: date) -> bool:
    """Return whether a programme can have `day`: beyond these years, a change of zone could give it no date."""
    return 1900 <= day.year <= 2999


def _all(event: Component, name: str) -> list[object]:
    value = event.get(name)
    return value if isinstance(value, list) else [] if value is None else [value]


def _is_broken(value: object) -> bool:
    """Return whether the library could not parse `value`, which it keeps with the error."""
    return getattr(value, "parse_error", None) is not None
