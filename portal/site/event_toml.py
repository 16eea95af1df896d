"""An event as the file that `portal check` reads, for an organiser to download, edit and import."""

from collections.abc import Mapping, Sequence
from typing import Final

import tomlkit
from tomlkit.items import AoT, Array, Table

from portal.domain.event.event import Event
from portal.domain.event.event_file import event_to_mapping

TOML: Final = "application/toml; charset=utf-8"
"""The media type of the file (TOML 1.0)."""

_WRITTEN_EMPTY: Final = ("themes", "rooms", "sessions")
"""The lists without which an earlier portal does not read the file."""


def event_toml(event: Event) -> bytes:
    """Write `event` as TOML 1.0 in UTF-8, as by hand: `title.fr = "…"`, text of several lines between `\"\"\"`.

    Read back it is the very same event. A list without an entry stands at the head; what is as it would be without
    being written (an empty text, no speaker, not cancelled) is left out.
    """
    document, tables = tomlkit.document(), event_to_mapping(event).items()
    for name, value in tables:
        if value == [] and name in _WRITTEN_EMPTY:
            document.add(name, tomlkit.array())
    for name, value in tables:
        if isinstance(value, Mapping):
            document.add(name, _table(value))
        elif isinstance(value, list) and value:
            document.add(name, AoT([_table(entry) for entry in value]))
    return tomlkit.dumps(document).encode()


def _inline(values: Sequence[object]) -> Array:
    """Return an array with its tables on its line, where tomlkit would write each at the end of the table around it."""
    array = tomlkit.array()
    for value in values:
        if isinstance(value, Mapping):
            table = tomlkit.inline_table()
            table.update(value)
            array.append(table)
        else:
            array.append(value)
    return array


def _table(values: Mapping[str, object]) -> Table:
    table = tomlkit.table()
    for name, value in values.items():
        if isinstance(value, Mapping):
            for language, words in value.items():
                if words:
                    table.add(tomlkit.key([name, language]), tomlkit.string(words, multiline="\n" in words))
        elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
            table.add(name, _inline(value))
        elif value != [] and (value is not False or name == "everywhere"):
            table.add(name, value)
    return table
