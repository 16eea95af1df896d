"""The edition that publishing the draft would put in force, in the organiser's language."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from starlette.requests import Request

from portal.domain.draft.new_event import texts_left
from portal.domain.draft.outdated import outdated_warnings
from portal.domain.draft.part import Part, part_at
from portal.domain.draft.warnings import warnings_of
from portal.domain.edition.change import Change
from portal.domain.edition.changes import address_changes, changes
from portal.domain.edition.edition import Addresses, Draft, Edition
from portal.domain.errors import Problem
from portal.domain.event.event import Event
from portal.domain.event.event_file import problems_of
from portal.domain.event.languages import words_of
from portal.domain.language import Language
from portal.routes.context import language_of, services_of
from portal.routes.organisers.draft.kinds import id_in_path, kind_of, title_in, titles_in
from portal.routes.upcoming_erasure import Consequences, consequences_of
from portal.services import Services
from portal.site.bundled import SAMPLE, TEMPLATE, bundled_event
from portal.site.catalogue import translated
from portal.site.changelog import in_words as change_in_words
from portal.site.links import broken_links
from portal.site.paths import PageName
from portal.site.typography import typeset

_WARNINGS: Final[Sequence[Callable[[Event], Sequence[Problem]]]] = (
    warnings_of,
    broken_links,
    lambda event: texts_left(event, bundled_event(TEMPLATE), bundled_event(SAMPLE)),
)
"""The checks whose findings are to be looked at and do not block publishing."""


_EVENTS_REMEMBERED: Final = 4
"""The checks of a large event take longer than a page may: those of the last drafts are remembered, by language."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem of the draft in `words`, with its `part`, None for the whole draft, and the `title` of the part.

    `page` and `id` lead to the page where the part, or the announcement, is edited.
    """

    part: Part | None
    page: PageName | None
    id: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class NextEdition:
    """The `draft` and the `addresses` as edition `number`, with their changes, faults and warnings.

    `published` are the addresses of the edition before it. An organiser confirms its `consequences`.
    """

    number: int
    draft: Draft
    published: Addresses
    addresses: Addresses
    is_new: bool
    changes: tuple[str, ...]
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    consequences: Consequences


async def next_edition(request: Request) -> NextEdition:
    """Return the edition that would be published now."""
    services, language = services_of(request), language_of(request)
    draft, present = await services.store.draft(), await services.store.edition()
    addresses = addresses_of(services, present)
    published = present.addresses if present else Addresses()
    all_changes = (*(changes(present.event, draft.event) if present else ()), *address_changes(published, addresses))
    return NextEdition(
        present.number + 1 if present else 1,
        draft,
        published,
        addresses,
        present is None or bool(all_changes),
        in_words(all_changes, draft.event, language),
        faults_of(draft.event, language),
        warnings_in(draft, language),
        await consequences_of(request, draft.event),
    )


def in_words(changes: Iterable[Change], event: Event, language: Language) -> tuple[str, ...]:
    """Return each change to or from `event` as a sentence."""
    return tuple(change_in_words(each, event, language) for each in changes)


def addresses_of(services: Services, present: Edition | None) -> Addresses:
    """Return the addresses of the portal, and the fingerprint of its newest root of trust.

    An onion enters once it was reached, or if Tor offers no way to find out. It stays while it is out of reach, and the
    fingerprint stays while nothing can be signed.
    """
    view, signing = services.onion(), services.signatures.signing()
    published = present.addresses if present else Addresses()
    onion = view.known if view.state == "unproven" else view.address
    if onion is None and services.settings.onion != "off":
        onion = published.onion
    fingerprint = signing.fingerprint if signing else published.fingerprint
    return Addresses(services.settings.public_url or None, onion, fingerprint)


@lru_cache(_EVENTS_REMEMBERED)
def faults_of(event: Event, language: Language) -> tuple[Fault, ...]:
    """Return every problem of `event` that blocks publishing, in words."""
    return in_words_of(problems_of(event), event, language)


def warnings_in(draft: Draft, language: Language) -> tuple[Fault, ...]:
    """Return every warning about `draft`, which blocks nothing, in words."""
    outdated = outdated_warnings(draft)
    return (*_warnings_of(draft.event, language), *(in_words_of(outdated, draft.event, language) if outdated else ()))


@lru_cache(_EVENTS_REMEMBERED)
def _warnings_of(event: Event, language: Language) -> tuple[Fault, ...]:
    return in_words_of([problem for found in _WARNINGS for problem in found(event)], event, language)


def in_words_of(problems: Sequence[Problem], event: Event, language: Language) -> tuple[Fault, ...]:
    """Return each problem of `event` in words."""
    titles = titles_in(event, ("rooms", "themes", "sessions"), language)
    named = {part.id: title for part, title in titles.items()}
    return tuple(_fault(problem, event, titles, named, language) for problem in problems)


def _fault(
    problem: Problem, event: Event, titles: Mapping[Part, str], named: Mapping[str, str], language: Language
) -> Fault:
    """Return the problem in words, with names in place of ids."""
    details = {key: value if key == "language" else named.get(str(value), value) for key, value in problem.details}
    words = typeset(translated(language, problem.text, details), language)
    part = part_at(problem)
    if part is None:
        news = next((each for each in event.announcements if each.id == problem.id), None)
        title = words_of(event, news.title, language) if news else f"{problem.table} {problem.key}".strip()
        return Fault(None, "announcements" if news else None, "", typeset(title, language), words)
    title = typeset(titles[part] if part in titles else title_in(event, part, language), language)
    return Fault(part, kind_of(part).page, id_in_path(part), title, words)
