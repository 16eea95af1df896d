"""The form of one part of the draft, as it is or as somebody typed it, with all that has to be said beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.draft.part import Part
from portal.domain.draft.part_form import Fields, form_of
from portal.domain.errors import EventFileError, PortalError
from portal.domain.event.event import Event
from portal.domain.language import LANGUAGES, N_, Language, Text
from portal.domain.organisers.organiser import SignIn
from portal.routes.errors import NO_ERRORS, PageErrors, field_errors, page_errors
from portal.routes.organisers.draft.kinds import Kind, id_in_path, title_in
from portal.routes.organisers.draft.next_edition import faults_of, warnings_in
from portal.routes.organisers.forms import organisers_page
from portal.routes.responses import language_of
from portal.site.programme import KIND_NAMES

Choices = Mapping[str, list[tuple[str, str]]]

LANGUAGE_NAMES: Final[dict[Language, str]] = {"fr": N_("French"), "en": N_("English")}


@dataclass(frozen=True, slots=True)
class Filled:
    """The `fields` of a form; `seen`, the state of the part that they start from; `theirs`, where another has changed
    it since, as it stands now in the fields that differ."""

    fields: Fields
    seen: str = ""
    theirs: Fields = field(default_factory=dict)
    is_preview: bool = False


def part_page(
    request: Request,
    sign_in: SignIn,
    kind: Kind,
    event: Event,
    part: Part,
    filled: Filled,
    errors: PageErrors = NO_ERRORS,
) -> Response:
    """The form of a part of the draft, which is `event`."""
    language = language_of(request)
    return organisers_page(
        request,
        sign_in,
        "organisers/draft/part.html",
        kind.page,
        errors,
        id=id_in_path(part),
        title=title_in(event, part, language),
        faults=[one for one in faults_of(event, language) if one.part == part],
        warnings=[one for one in warnings_in(event, language) if one.part == part],
        **_form(kind, event, part, filled, language),
    )


def new_page(
    request: Request,
    sign_in: SignIn,
    kind: Kind,
    event: Event,
    filled: Filled,
    errors: PageErrors = NO_ERRORS,
) -> Response:
    """The form of a part that is to be added to the draft."""
    return organisers_page(
        request,
        sign_in,
        "organisers/draft/part.html",
        kind.new or kind.page,
        errors,
        title="",
        faults=[],
        warnings=[],
        **_form(kind, event, Part(kind.table), filled, language_of(request)),
    )


def refusal_to(request: Request, error: PortalError) -> PageErrors:
    """What to say of `error`: beside the fields at fault, or above the form."""
    return field_errors(request, error) if isinstance(error, EventFileError) else page_errors(request, error)


def _form(kind: Kind, event: Event, part: Part, filled: Filled, language: Language) -> dict[str, Any]:
    """What the template needs for the fields."""
    choices = _choices(event, language)
    shown = {name: dict(choices.get(name, ())).get(text, text) for name, text in filled.theirs.items()}
    keys = {one.key for one in form_of(part) if one.control == "markdown"}
    return {
        "kind": kind,
        "controls": form_of(part),
        "typed": filled.fields,
        "seen": filled.seen,
        "theirs": shown,
        "choices": choices,
        "long_texts": {key: _in_each_language(filled.fields, key) for key in sorted(keys)},
        "is_preview": filled.is_preview,
    }


def _in_each_language(fields: Fields, key: str) -> Mapping[Language, Text]:
    """What was typed in each language, alone as a text."""
    return {one: Text(**{one: fields[f"{key}_{one}"]}) for one in LANGUAGES}


def _choices(event: Event, language: Language) -> Choices:
    """What can be chosen in each field where one chooses: the value, and the message or the name that is shown."""
    return {
        "kind": [(kind.value, name) for kind, name in KIND_NAMES.items()],
        "language": [(one, LANGUAGE_NAMES[one]) for one in LANGUAGES],
        "room": [
            ("", N_("No room: for everybody")),
            *((one.id, one.name.in_language(language)) for one in event.rooms),
        ],
        "theme": [("", N_("No theme")), *((one.id, one.name.in_language(language)) for one in event.themes)],
    }
