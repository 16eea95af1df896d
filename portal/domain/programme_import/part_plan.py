"""Rooms, themes and speakers that an import adds to an event or fills in."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import Generic, TypeVar
from unicodedata import normalize

from portal.domain.draft.part_ids import new_id
from portal.domain.event.event import Room, Speaker, Theme
from portal.domain.language import N_, Language, Text
from portal.domain.limits import CAPACITY_SEATS, IMPORTED_ID_CHARACTERS, SESSION_TITLE_CHARACTERS, TEXT_FIELD_CHARACTERS
from portal.domain.programme_import.overlay import in_all_languages
from portal.domain.programme_import.programme import ImportedRoom, ImportedSession, Remarks
from portal.domain.programme_import.texts import line_of_text

_Part = TypeVar("_Part", bound=Room | Theme)


def key_of(name: str) -> str:
    """Return `name` as names are compared: without regard to case and to spaces."""
    return " ".join(normalize("NFC", name).casefold().split())


def clean_id(raw: str) -> str:
    """Return the id of a session in its source as an event can hold it, "" for none."""
    return line_of_text(raw)[:IMPORTED_ID_CHARACTERS].strip()


def in_language(text: Text, language: Language, words: str) -> Text:
    """Return `text` with `words` in `language`; those in other languages are kept.

    Empty words change nothing, and neither do those that differ only by the spaces and line ends around them.
    """
    if not words or text.as_mapping().get(language, "").strip() == words.strip():
        return text
    return Text(**{**text.as_mapping(), language: words})


def shortened(words: str, title: str, lost: Remarks, most: int = TEXT_FIELD_CHARACTERS) -> str:
    """Return `words`, or as many of them as an event can hold, which is noted in `lost`."""
    if len(words) > most:
        lost.add(N_("Texts of more than %(most)s characters, cut: %(count)s"), title[:most], most=most)
    return cut_words(words, most)


def cut_words(words: str, most: int) -> str:
    """Return `words`, or as many of them as fit into `most` characters, with an ellipsis."""
    if len(words) <= most:
        return words
    start = words[: most - 1]
    return f"{start.rpartition(' ')[0].rstrip() or start}…"


class Names(Generic[_Part]):
    """The rooms or the themes of an event, found by a name in any language or by id; new ones are added."""

    def __init__(self, parts: Iterable[_Part], new: Callable[[str, str], _Part], taken: Collection[str]) -> None:
        self.parts = list(parts)
        self._new = new
        self._taken = {*taken, *(part.id for part in self.parts)}
        self._ids: dict[str, str] = {}
        for part in self.parts:
            for name in (*part.name.as_mapping().values(), part.id):
                self._ids.setdefault(key_of(name), part.id)

    def adopt(self, parts: Iterable[_Part]) -> dict[str, str]:
        """Return the ids here of `parts` of another event, by their ids there; those without a namesake are added."""
        ids: dict[str, str] = {}
        for part in parts:
            names = [key_of(name) for name in part.name.as_mapping().values() if name]
            ids[part.id] = next((self._ids[name] for name in names if name in self._ids), "")
            if not ids[part.id]:
                ids[part.id] = new_id(part.id, "part", self._taken)
                self._taken.add(ids[part.id])
                self.parts.append(replace(part, id=ids[part.id]))
                self._ids |= dict.fromkeys(names, ids[part.id])
        return ids

    def id_of(self, name: str) -> str:
        """Return the id of the part called `name`, as far as an event can hold its name."""
        key = key_of(cut_words(name, SESSION_TITLE_CHARACTERS))
        if key not in self._ids:
            id = new_id(name, "part", self._taken)
            self._taken.add(id)
            self.parts.append(self._new(id, name))
            self._ids[key] = id
        return self._ids[key]


def filled_rooms(rooms: Iterable[Room], imported: Iterable[ImportedRoom], language: Language) -> tuple[Room, ...]:
    """Return `rooms` with the descriptions and capacities of the source where they have none."""
    known = {key_of(cut_words(room.name, SESSION_TITLE_CHARACTERS)): room for room in imported}
    return tuple(_filled(room, known, language) for room in rooms)


def _filled(room: Room, known: dict[str, ImportedRoom], language: Language) -> Room:
    found = next((known[key] for name in room.name.as_mapping().values() if (key := key_of(name)) in known), None)
    if found is None:
        return room
    seats = found.capacity if found.capacity is not None and found.capacity <= CAPACITY_SEATS else None
    is_described = room.description != Text()
    words = "" if is_described else found.description[:TEXT_FIELD_CHARACTERS]
    return replace(
        room,
        description=in_language(room.description, language, words),
        capacity=room.capacity if room.capacity is not None else seats,
    )


def merged_speakers(
    speakers: Sequence[Speaker],
    sessions: Iterable[ImportedSession],
    language: Language,
    taken: Collection[str],
    lost: Remarks,
    overlay: Iterable[Speaker] = (),
) -> tuple[Speaker, ...]:
    """Return `speakers` with the texts that the sessions have about theirs; of two about one name, the first counts.

    The `overlay` has the texts in every language.
    """
    merged = {key_of(speaker.name): speaker for speaker in speakers}
    ids = {*taken, *(speaker.id for speaker in speakers)}
    for each in overlay:
        here = merged.get(key_of(each.name)) or _new_speaker(each.id, each.name, ids)
        merged[key_of(each.name)] = replace(here, biography=in_all_languages(here.biography, each.biography))
    biographies: dict[str, str] = {}
    for session in sessions:
        for person in session.persons:
            name = cut_words(person.name, SESSION_TITLE_CHARACTERS)
            key = key_of(name)
            if person.biography and biographies.setdefault(key, person.biography) != person.biography:
                lost.add(N_("Speakers with several texts, of which the first is kept: %(count)s"), name)
            elif person.biography and key not in merged:
                merged[key] = _new_speaker(name, name, ids)
    for key, biography in biographies.items():
        words = shortened(biography, merged[key].name, lost)
        merged[key] = replace(merged[key], biography=in_language(merged[key].biography, language, words))
    return tuple(merged.values())


def _new_speaker(words: str, name: str, ids: set[str]) -> Speaker:
    """Return a speaker without a text, whose id is made from `words` and added to the `ids` that are taken."""
    id = new_id(words, "speaker", ids)
    ids.add(id)
    return Speaker(id, name)
