"""The part of a programme that a schedule has no place for, laid over the rest when it is imported again.

`{"format": 1, "language", "zone", "themes", "rooms", "speakers", "sessions"}`: `language` is that of the texts of the
schedule, `zone` the time zone where the schedule cannot name it; `themes`, `rooms` and `speakers` are the tables of the
event file; `sessions` has by the guid of each the keys of its table that are other than the schedule says, of a text
(`title`, `subtitle`, `abstract`, `description`) the languages alone.
"""

from collections.abc import Mapping
from typing import Any, Final

from portal.domain.event.event import Event, Session
from portal.domain.event.event_file import event_to_mapping
from portal.domain.event.languages import words_of

OVERLAY: Final = "portal"
"""Name of the overlay in a schedule in JSON, among the `meta` of the conference."""
_FORMAT: Final = 1
_TEXTS: Final = ("title", "subtitle", "abstract", "description")
_LISTS: Final = ("themes", "rooms", "speakers")
_SAID: Final = frozenset(
    {"start", "end", "day", "kind", "language", "speakers", "room", "rooms", "theme", "themes", *_TEXTS}
)
"""The keys of a session that a schedule has whole, or that are compared with it one by one."""


def overlay(event: Event, shown: Mapping[str, Mapping[str, Any]], is_zone_named: bool) -> dict[str, object]:
    """Return the overlay of the programme of `event`; `shown` has by its id what the schedule says of each session."""
    tables = event_to_mapping(event)
    zone = {} if is_zone_named else {"zone": event.zone}
    lists = {name: tables[name] for name in _LISTS if tables.get(name)}
    sessions: Any = tables["sessions"]
    over = {
        shown[session.id]["guid"]: _over(event, session, table, shown[session.id])
        for session, table in zip(event.sessions, sessions, strict=True)
    }
    return {"format": _FORMAT, "language": event.language, **zone, **lists, "sessions": over}


def _over(event: Event, session: Session, table: Mapping[str, Any], shown: Mapping[str, Any]) -> dict[str, object]:
    """Return the keys of the `table` of `session` that are other than what is `shown` of it."""
    kept = {key: value for key, value in table.items() if key not in _SAID}
    if not session.cancelled:
        kept.pop("cancelled", None)
    rooms = [words_of(event, room.name, event.language) for room in event.rooms if (room.id,) == session.rooms]
    themes = [words_of(event, theme.name, event.language) for theme in event.themes if (theme.id,) == session.themes]
    if rooms != [shown["room"]]:
        kept["rooms"] = list(session.rooms)
    if session.themes and themes != [shown["track"]]:
        kept["themes"] = list(session.themes)
    if [(link.url, link.label or link.url) for link in session.links] == [
        (link["url"], link["title"]) for link in shown["links"]
    ]:
        kept.pop("links", None)
    if session.guid is None or session.guid.lower() == shown["guid"]:
        kept.pop("guid", None)
    texts = {key: _text_over(event.language, table.get(key, {}), shown[key]) for key in _TEXTS}
    return kept | {key: words for key, words in texts.items() if words}


def _text_over(main: str, text: Mapping[str, str], shown: str) -> dict[str, str]:
    """Return the languages of `text` but the `main` one, and this one too where another text is `shown`."""
    others = {language: words for language, words in text.items() if language != main and words}
    return others if text.get(main, "") == shown else {main: text.get(main, ""), **others}
