"""Editions and lists of mirrors as JSON files; an edition holds all that its pages are rendered from."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from portal.domain.edition.change import Change
from portal.domain.edition.edition import Addresses, Edition, HistoryEntry
from portal.domain.errors import EventFileError
from portal.domain.event.event import Mirror
from portal.domain.event.event_file import event_from_mapping, event_to_mapping
from portal.domain.json_values import from_json, to_json, to_mapping
from portal.domain.language import Text
from portal.domain.trust.signing import read_fingerprint
from portal.domain.trust.signing_errors import EditionUnreadable

EDITION_FILE: Final = "edition.json"
MIRRORS_FILE: Final = "mirrors.json"
_FORMAT: Final = 1
_CHANGE: Final = tuple[str, tuple[tuple[str, Text | str | int], ...]]
"""A change as the file holds it: its message, and the name and value of each detail."""


def edition_to_json(edition: Edition) -> bytes:
    """Return `edition` in canonical JSON (sorted keys, no spaces, UTF-8): equal editions give equal bytes."""
    return _json(
        {
            "format": _FORMAT,
            "number": edition.number,
            "published": edition.published.isoformat(),
            "comment": edition.comment,
            "addresses": {"clearnet": edition.addresses.clearnet, "onion": edition.addresses.onion},
            "fingerprint": edition.addresses.fingerprint,
            "event": event_to_mapping(edition.event),
            "history": [_entry_to_mapping(entry) for entry in edition.history],
        }
    )


def edition_from_json(content: bytes) -> Edition:
    """Return the edition that `edition_to_json` made `content` of. Raises `EditionUnreadable`."""
    try:
        read = json.loads(content)
        if read["format"] != _FORMAT:
            raise EditionUnreadable
        return Edition(
            int(read["number"]),
            datetime.fromisoformat(read["published"]),
            str(read["comment"]),
            replace(from_json(Addresses, read["addresses"]), fingerprint=_fingerprint(read.get("fingerprint"))),
            event_from_mapping(read["event"], EDITION_FILE),
            tuple(_entry_from_mapping(entry) for entry in read["history"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, EventFileError) as error:
        raise EditionUnreadable from error


def mirrors_to_json(mirrors: tuple[Mirror, ...]) -> bytes:
    """Return the list of the mirrors in canonical JSON, in the order of the organisers."""
    return _json(to_json(mirrors))


def mirrors_from_json(content: bytes) -> tuple[Mirror, ...]:
    """Return the list that `mirrors_to_json` made `content` of. Raises `EditionUnreadable`."""
    try:
        return from_json(tuple[Mirror, ...], json.loads(content))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise EditionUnreadable from error


def _fingerprint(read: str | None) -> str | None:
    """Return the fingerprint, None in earlier editions. Raises `EditionUnreadable` for another value."""
    if read is not None and read_fingerprint(read) != read:
        raise EditionUnreadable
    return read


def _entry_to_mapping(entry: HistoryEntry) -> Mapping[str, object]:
    return {**to_mapping(entry), "changes": [to_json((change.text, change.details)) for change in entry.changes]}


def _entry_from_mapping(read: Mapping[str, Any]) -> HistoryEntry:
    changes = tuple(Change(*from_json(_CHANGE, pair)) for pair in read["changes"])
    if not all(change.is_plain() for change in changes):
        raise EditionUnreadable
    return replace(from_json(HistoryEntry, {**read, "changes": []}), changes=changes)


def _json(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")
