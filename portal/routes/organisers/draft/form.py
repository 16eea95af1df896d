"""The form of a part of the draft, with its content, errors, choices and preview."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.draft.part import Part
from portal.domain.draft.part_form import Fields, form_of
from portal.domain.event.event import Event
from portal.domain.event.languages import languages_of, words_of
from portal.domain.language import LANGUAGES, N_, Language, Text
from portal.domain.language_tags import language_name
from portal.domain.organisers.organiser import SignIn
from portal.routes.errors import NO_ERRORS, PageErrors
from portal.routes.organisers.draft.kinds import Kind, id_in_path, title_in
from portal.routes.organisers.draft.next_edition import faults_of, warnings_in
from portal.routes.organisers.forms import organisers_page
from portal.routes.responses import language_of
from portal.site.programme import KIND_NAMES

Choices = Mapping[str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class FormContent:
    """The `fields` of a form, and the `version` of the part that they start from.

    `theirs` has what somebody else has saved since, in the fields that differ.
    """

    fields: Fields
    version: str = ""
    theirs: Fields = field(default_factory=dict)
    is_preview: bool = False


def part_page(
    request: Request,
    sign_in: SignIn,
    kind: Kind,
    event: Event,
    part: Part,
    content: FormContent,
    errors: PageErrors = NO_ERRORS,
) -> Response:
    """Show the form of a part of the draft `event`."""
    language = language_of(request)
    return organisers_page(
        request,
        sign_in,
        "organisers/draft/part.html",
        kind.page,
        errors,
        id=id_in_path(part),
        title=title_in(event, part, language),
        faults=[fault for fault in faults_of(event, language) if fault.part == part],
        warnings=[warning for warning in warnings_in(event, language) if warning.part == part],
        **_form(kind, event, part, content, language),
    )


def new_page(
    request: Request,
    sign_in: SignIn,
    kind: Kind,
    event: Event,
    content: FormContent,
    errors: PageErrors = NO_ERRORS,
) -> Response:
    """Show the form of a part to be added to the draft."""
    return organisers_page(
        request,
        sign_in,
        "organisers/draft/part.html",
        kind.new or kind.page,
        errors,
        title="",
        faults=[],
        warnings=[],
        **_form(kind, event, Part(kind.table), content, language_of(request)),
    )


def _form(kind: Kind, event: Event, part: Part, content: FormContent, language: Language) -> dict[str, Any]:
    """Return what the template needs for the fields."""
    choices = _choices(event, language)
    shown = {name: dict(choices.get(name, ())).get(text, text) for name, text in content.theirs.items()}
    languages = languages_of(event)
    keys = {field.key for field in form_of(part, languages) if field.control == "markdown"}
    return {
        "kind": kind,
        "controls": form_of(part, languages),
        "languages": languages,
        "typed": content.fields,
        "version": content.version,
        "theirs": shown,
        "choices": choices,
        "long_texts": {key: _in_each_language(content.fields, key, languages) for key in sorted(keys)},
        "is_preview": content.is_preview,
    }


def _in_each_language(fields: Fields, key: str, languages: Sequence[Language]) -> Mapping[Language, Text]:
    """Return what was typed in each language as a text in that language alone."""
    return {language: Text(**{language: fields[f"{key}_{language}"]}) for language in languages}


def _choices(event: Event, language: Language) -> Choices:
    """Return the choices of each field that has some: the value, and the message or the name that is shown."""
    return {
        "kind": [(kind.value, name) for kind, name in KIND_NAMES.items()],
        "language": [(tag, language_name(tag, language)) for tag in LANGUAGES],
        "room": [
            ("", N_("No room: for everybody")),
            *((room.id, words_of(event, room.name, language)) for room in event.rooms),
        ],
        "theme": [("", N_("No theme")), *((theme.id, words_of(event, theme.name, language)) for theme in event.themes)],
    }
