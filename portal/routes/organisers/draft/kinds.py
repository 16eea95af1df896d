"""The kinds of parts that the draft has: the pages where they are edited, and the words for what is done to them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request

from portal.domain.draft.part import SINGLE, TEXTS, Part, PartValue, entries_of, value_of
from portal.domain.event.event import Event, Mirror, Room, Session, Speaker, Theme
from portal.domain.event.languages import words_of
from portal.domain.language import N_, Language, Text
from portal.site.catalogue import translated
from portal.site.paths import PageName


@dataclass(frozen=True, slots=True)
class Words:
    """The messages of a kind: of the journal, with a place for the `title`, and the headings `new` and `delete`."""

    changed: str
    added: str = ""
    deleted: str = ""
    moved: str = ""
    new: str = ""
    delete: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """Parts of the same `table`, "" for any single table: `page` edits a part, `listed` has all, `new` adds a part."""

    page: PageName
    listed: PageName
    words: Words
    table: str = ""
    new: PageName | None = None

    def part(self, id: str) -> Part:
        """Return the part that a path names by `id`. Raises 404 for a part that no event can have."""
        part = Part(self.table, id) if self.table else Part(id)
        if (part.table == "texts" and id not in TEXTS) or (not self.table and id not in SINGLE):
            raise HTTPException(404)
        return part


_CHANGED: Final = N_("Changed in the draft: %(title)s")
SESSIONS: Final = Kind(
    "draft",
    "draft_programme",
    Words(
        changed=N_("Session changed in the draft: %(title)s"),
        added=N_("Session added to the draft: %(title)s"),
        deleted=N_("Session deleted from the draft: %(title)s"),
        new=N_("A new session"),
        delete=N_("Delete this session?"),
    ),
    "sessions",
    "draft_new_session",
)
ROOMS: Final = Kind(
    "draft_room",
    "draft_rooms",
    Words(
        changed=N_("Room changed in the draft: %(title)s"),
        added=N_("Room added to the draft: %(title)s"),
        deleted=N_("Room deleted from the draft: %(title)s"),
        moved=N_("Room moved in the draft: %(title)s"),
        new=N_("A new room"),
        delete=N_("Delete this room?"),
    ),
    "rooms",
    "draft_new_room",
)
THEMES: Final = Kind(
    "draft_theme",
    "draft_themes",
    Words(
        changed=N_("Theme changed in the draft: %(title)s"),
        added=N_("Theme added to the draft: %(title)s"),
        deleted=N_("Theme deleted from the draft: %(title)s"),
        moved=N_("Theme moved in the draft: %(title)s"),
        new=N_("A new theme"),
        delete=N_("Delete this theme?"),
    ),
    "themes",
    "draft_new_theme",
)
MIRRORS: Final = Kind(
    "draft_mirror",
    "draft_mirrors",
    Words(
        changed=N_("Copy changed in the draft: %(title)s"),
        added=N_("Copy added to the draft: %(title)s"),
        deleted=N_("Copy deleted from the draft: %(title)s"),
        moved=N_("Copy moved in the draft: %(title)s"),
        new=N_("A new copy"),
        delete=N_("Remove this copy from the list?"),
    ),
    "mirrors",
    "draft_new_mirror",
)
SPEAKERS: Final = Kind(
    "draft_speaker", "draft_speakers", Words(N_("Text about a speaker changed in the draft: %(title)s")), "speakers"
)
LONG_TEXTS: Final = Kind("draft_text", "draft_texts", Words(_CHANGED), "texts")
FACTS: Final = Kind("draft_facts", "draft_texts", Words(_CHANGED))
DAYS: Final = Kind("draft_days", "draft_texts", Words(_CHANGED), "days")
"""The days have a form of their own, for all of them."""

KINDS: Final = (SESSIONS, ROOMS, THEMES, SPEAKERS, MIRRORS, LONG_TEXTS, FACTS)

NAMES: Final[Mapping[Part, str]] = {
    Part("texts", "manifesto"): N_("The manifesto"),
    Part("texts", "access"): N_("How to come"),
    Part("texts", "accessibility"): N_("Accessibility"),
    Part("texts", "conduct"): N_("The code of conduct"),
    Part("texts", "agenda"): N_("The agenda of the assembly"),
    Part("event"): N_("The event"),
    Part("days"): N_("The days"),
    Part("collective"): N_("The collective"),
    Part("place"): N_("The place"),
    Part("colours"): N_("The colours"),
}
"""The parts that have no title of their own."""


def kind_of(part: Part) -> Kind:
    """Return the kind of a part."""
    return next((kind for kind in (*KINDS, DAYS) if kind.table == part.table), FACTS)


def id_in_path(part: Part) -> str:
    """Return the id of the part in the path of its page."""
    return part.id or part.table


def part_in_path(kind: Kind, request: Request) -> Part:
    """Return the part that the path of `request` names."""
    return kind.part(request.path_params["id"])


def title_of(event: Event, part: Part) -> Text | str:
    """Return the title of a part: a text, a name, or a message. Raises `PartGone`."""
    return _title(value_of(event, part), part)


def _title(value: PartValue, part: Part) -> Text | str:
    if isinstance(value, Session):
        return value.title
    return value.name if isinstance(value, Room | Theme | Speaker | Mirror) else NAMES[part]


def title_in(event: Event, part: Part, language: Language) -> str:
    """Return the title of a part in `language`. Raises `PartGone`."""
    return _in_language(event, title_of(event, part), part, language)


def titles_in(event: Event, tables: Iterable[str], language: Language) -> Mapping[Part, str]:
    """Return the titles in `language` of all entries of these lists, in less time than one by one."""
    entries = ((Part(table, entry.id), entry) for table in tables for entry in entries_of(event, table))
    return {part: _in_language(event, _title(entry, part), part, language) for part, entry in entries}


def _in_language(event: Event, title: Text | str, part: Part, language: Language) -> str:
    if isinstance(title, Text):
        return words_of(event, title, language)
    return translated(language, title) if part in NAMES else title


def name_of(event: Event, part: Part) -> str:
    """Return the title of a part for the journal: in the language of the event, or a message."""
    title = title_of(event, part)
    return words_of(event, title, event.language) if isinstance(title, Text) else title
