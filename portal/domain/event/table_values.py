"""Values of an event file: read from TOML or JSON into Python's own types, and written back."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Final

from portal.domain.event.event import Link
from portal.domain.json_values import to_json
from portal.domain.language import N_

_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_MIDNIGHT: Final = "24:00"
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile(rf"{_DAY.pattern}T(?:{_CLOCK.pattern})Z")


class WrongValue(Exception):
    """Error of a value that is not what its key expects; `text` says what that is, with `details` in its places."""

    def __init__(self, text: str, **details: object) -> None:
        super().__init__(text)
        self.text = text
        self.details = tuple(details.items())


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise WrongValue(N_("a text between quotes is expected"))
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise WrongValue(N_("a whole number is expected"))
    return value


def _clock(value: object) -> time:
    """Read a clock time in whole minutes, `"11:00"`, `"11:00:00"` or TOML's own `11:00:00`; `"24:00"` is midnight."""
    if isinstance(value, time) and value.replace(second=0, microsecond=0) == value:
        return value
    text = value.removesuffix(":00") if isinstance(value, str) and value.count(":") > 1 else value
    if text == _MIDNIGHT:
        return time()
    if isinstance(text, str) and _CLOCK.fullmatch(text):
        return time.fromisoformat(text)
    raise WrongValue(N_("a time like “%(example)s” is expected"), example="11:00")


def _day(value: object) -> date:
    """Read a day, `"2026-12-15"` or TOML's own `2026-12-15`."""
    try:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise WrongValue(N_("a day like “%(example)s” is expected"), example="2026-12-15")


def _moment(value: object) -> datetime:
    """Read a whole minute in UTC, `"2026-12-15T09:30Z"` or TOML's own `2026-12-15T09:30:00Z`."""
    try:
        if isinstance(value, str) and _MOMENT.fullmatch(value):
            return datetime.fromisoformat(value)
        if isinstance(value, datetime) and value.tzinfo is not None and not value.second and not value.microsecond:
            return value.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise WrongValue(N_("a moment in UTC like “%(example)s” is expected"), example="2026-12-15T09:30Z")


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise WrongValue(N_("true or false is expected"))
    return value


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise WrongValue(N_("a list of texts is expected, like %(example)s"), example='["…", "…"]')
    return tuple(value)


def _links(value: object) -> tuple[Link, ...]:
    if not isinstance(value, list):
        raise WrongValue(N_("a list of addresses is expected, like %(example)s"), example='["https://…"]')
    return tuple(_link(item) for item in value)


def _link(item: object) -> Link:
    if isinstance(item, str):
        return Link(item)
    if isinstance(item, Mapping) and {"url"} <= item.keys() <= {"url", "label"}:
        url, label = item["url"], item.get("label", "")
        if isinstance(url, str) and isinstance(label, str):
            return Link(url, label)
    text = N_("a link is an address, or %(example)s")
    raise WrongValue(text, example='{label = "…", url = "https://…"}')


READERS: Final[Mapping[object, Callable[[object], object]]] = {
    str: _string,
    str | None: _string,
    int: _number,
    int | None: _number,
    time: _clock,
    date: _day,
    datetime: _moment,
    datetime | None: _moment,
    bool: _truth,
    bool | None: _truth,
    tuple[str, ...]: _strings,
    tuple[Link, ...]: _links,
}
"""Readers of a value, by the annotation of its field. Each raises `WrongValue`."""


def plain(value: object) -> object:
    """Return `value` as TOML and JSON hold it; a table leaves out what is None.

    Times are `HH:MM`, days `YYYY-MM-DD`, moments `YYYY-MM-DDTHH:MMZ`.
    """
    return to_json(value, _in_utc, skips_none=True)


def _in_utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='minutes')}Z"
