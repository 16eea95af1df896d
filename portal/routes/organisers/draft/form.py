"""The form of a part of the draft, with its content, errors, choices and preview."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.draft.outdated import outdated_fields
from portal.domain.draft.part import Part
from portal.domain.draft.part_form import Fields, FormField, form_of
from portal.domain.edition.edition import Draft
from portal.domain.event.event import Event
from portal.domain.event.languages import languages_of
from portal.domain.language import Language, Text
from portal.domain.organisers.organiser import SignIn
from portal.routes.context import language_of
from portal.routes.errors import NO_ERRORS, PageErrors
from portal.routes.organisers.draft.choices import choices, in_words, suggestions, with_name_of_type
from portal.routes.organisers.draft.kinds import Kind, id_in_path, title_in
from portal.routes.organisers.draft.next_edition import faults_of, warnings_in
from portal.routes.organisers.forms import organisers_page

_FIRST: Final = ("kind", "day")
_RARE: Final = frozenset({"subtitle", "description", "language", "shares_room", "links", "tags"})
"""The keys of a session that few sessions have: their fields are folded away until one of them has something."""


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
    draft: Draft,
    part: Part,
    content: FormContent,
    errors: PageErrors = NO_ERRORS,
) -> Response:
    """Show the form of a part of `draft`."""
    event, language = draft.event, language_of(request)
    return organisers_page(
        request,
        sign_in,
        "organisers/draft/part.html",
        kind.page,
        errors,
        id=id_in_path(part),
        title=title_in(event, part, language),
        faults=[fault for fault in faults_of(event, language) if fault.part == part],
        warnings=[warning for warning in warnings_in(draft, language) if warning.part == part],
        outdated=outdated_fields(draft, part),
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
        outdated=(),
        **_form(kind, event, Part(kind.table), content, language_of(request)),
    )


def _form(kind: Kind, event: Event, part: Part, content: FormContent, language: Language) -> dict[str, Any]:
    """Return what the template needs for the fields."""
    languages = languages_of(event)
    ways, controls = choices(event, part, content.fields, language), sorted(form_of(part, languages), key=_place)
    rare = [field for field in controls if part.table == "sessions" and field.key in _RARE]
    written = {field.key for field in controls if field not in rare or content.fields[field.name]}
    long_texts = {field.key for field in controls if field.control == "markdown"} & written
    return {
        "kind": kind,
        "controls": [field for field in controls if field not in rare],
        "languages": languages,
        "rare": rare,
        "typed": with_name_of_type(content.fields, language),
        "version": content.version,
        "theirs": {name: in_words(name, text, ways, language) for name, text in content.theirs.items()},
        "choices": ways,
        "suggestions": suggestions(event, part, language),
        "long_texts": {key: _in_each_language(content.fields, key, languages) for key in sorted(long_texts)},
        "is_preview": content.is_preview,
        "ends_at_night": any(day.end <= day.start for day in event.days),
    }


def _place(field: FormField) -> int:
    """Return the place of a field in its form: the day of a session comes before its times."""
    return _FIRST.index(field.key) if field.key in _FIRST else len(_FIRST)


def _in_each_language(fields: Fields, key: str, languages: Sequence[Language]) -> Mapping[Language, Text]:
    """Return what was typed in each language as a text in that language alone."""
    return {language: Text(**{language: fields[f"{key}_{language}"]}) for language in languages}
