"""The fields of a form of the draft whose values have names: choices, checkboxes and suggestions, in each language."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from portal.domain.draft.outdated import outdated_text
from portal.domain.draft.part import Part
from portal.domain.draft.part_form import YES, Fields, typed_in
from portal.domain.edition.edition import OutdatedText
from portal.domain.event.event import Event, Room, SessionKind, Theme
from portal.domain.event.languages import words_of
from portal.domain.language import LANGUAGES, N_, Language
from portal.routes.organisers.forms import Form
from portal.site.catalogue import translated
from portal.site.programme import KIND_NAMES
from portal.site.times import day_in_words

Choices = Mapping[str, Sequence[tuple[str, str]]]
"""The value and the name of each choice, by field."""

_CONFIRM: Final = "confirm."
"""The prefix of the checkbox that confirms a text that may be out of date."""

_OTHER_TYPES: Final = (N_("Lightning talk"), N_("Panel"), N_("Party"))
"""Types of sessions that are suggested beside those that have a look of their own."""

_TICKS: Final = frozenset({"cancelled", "everywhere", "shares_room"})
"""The fields of a session that are checkboxes."""


def fields_in(event: Event, part: Part, form: Form) -> Fields:
    """Return the fields of `part` as they were typed into `form`; a type that has a translated name is known by it.

    The checkboxes that confirm a text are among them.
    """
    ticked = {name: text for name, text in form.items() if name.startswith(_CONFIRM)}
    typed = {**typed_in(event, part, form), **ticked}
    if part.table != "sessions":
        return typed
    names = {translated(language, name).casefold(): key for key, name in KIND_NAMES.items() for language in LANGUAGES}
    return {**typed, "kind": names.get(typed["kind"].casefold(), typed["kind"])}


def confirmed_in(part: Part, form: Form) -> tuple[OutdatedText, ...]:
    """Return the texts of `part` whose checkbox in `form` says that they are still right."""
    names = (name.removeprefix(_CONFIRM) for name in form if name.startswith(_CONFIRM) and form[name] == YES)
    return tuple(outdated_text(part, *name.rpartition("_")[::2]) for name in names)


def new_fields(event: Event, part: Part, day: str = "", room: str = "") -> Fields:
    """Return the fields of a new part, empty but for what is so unless somebody says otherwise.

    A session begins with the `day`, by its number, and the `room` of the list that it is added from.
    """
    return typed_in(event, part, {"kind": SessionKind.TALK, "day": day or "1", "rooms": room})


def choices(event: Event, part: Part, fields: Fields, language: Language) -> Choices:
    """Return the choices of the fields of `part` that have some; those of `fields` that are gone are there by id."""
    if part.table != "sessions":
        return {}
    days = [(str(number), day_in_words(day.date, language)) for number, day in enumerate(event.days, 1)]
    return {
        "day": _with_unknown(days, [fields["day"]]) if len(event.days) > 1 else [],
        "rooms": _with_unknown(_named(event, event.rooms, language), fields["rooms"].split("\n")),
        "themes": _with_unknown(_named(event, event.themes, language), fields["themes"].split("\n")),
    }


def suggestions(event: Event, part: Part, language: Language) -> Mapping[str, Sequence[str]]:
    """Return words for fields that take any others too: types of sessions, and languages of those there are."""
    if part.table != "sessions":
        return {}
    types = [translated(language, name) for name in (*KIND_NAMES.values(), *_OTHER_TYPES)]
    used = (session.kind for session in event.sessions if session.kind not in KIND_NAMES)
    tags = (session.language for session in event.sessions if session.language)
    return {"kind": list(dict.fromkeys((*types, *used))), "language": list(dict.fromkeys((*LANGUAGES, *tags)))}


def with_name_of_type(fields: Fields, language: Language) -> Fields:
    """Return `fields` with the translated name of a type that has one."""
    kind = fields.get("kind", "")
    return {**fields, "kind": translated(language, KIND_NAMES[kind])} if kind in KIND_NAMES else fields


def in_words(name: str, text: str, choices: Choices, language: Language) -> str:
    """Return what is in a field with names in the place of values."""
    if name == "kind":
        return with_name_of_type({name: text}, language)[name]
    if name in _TICKS:
        return translated(language, N_("Yes") if text == YES else N_("No"))
    names = dict(choices.get(name, ()))
    return "\n".join(names.get(line, line) for line in text.split("\n"))


def _named(event: Event, entries: Iterable[Room | Theme], language: Language) -> list[tuple[str, str]]:
    return [(entry.id, words_of(event, entry.name, language)) for entry in entries]


def _with_unknown(named: Sequence[tuple[str, str]], values: Sequence[str]) -> list[tuple[str, str]]:
    known = {value for value, _ in named}
    return [*named, *((value, value) for value in values if value and value not in known)]
