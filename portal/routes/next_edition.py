"""What publishing the draft would put in force, in the organiser's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from starlette.requests import Request

from portal.domain.change import Change
from portal.domain.changes import changes
from portal.domain.edition import Addresses, Draft, Edition
from portal.domain.errors import Problem
from portal.domain.event import Event
from portal.domain.event_rules import problems_of
from portal.domain.language import Language
from portal.routes.answers import language_of
from portal.routes.asked import services_of
from portal.services import Services
from portal.site.catalogue import translated
from portal.site.typography import typeset


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem of the draft: the id of the `session` that it is about, "" for none; the `title` of that; `words`."""

    session: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class NextEdition:
    """The `draft` with the `addresses` that would go with it: what they change, and what is wrong with the draft."""

    draft: Draft
    addresses: Addresses
    changes: tuple[str, ...]
    has_new_addresses: bool
    faults: tuple[Fault, ...]

    @property
    def is_new(self) -> bool:
        """Whether there is anything to publish."""
        return bool(self.changes) or self.has_new_addresses


async def next_edition(request: Request) -> NextEdition:
    """The next edition as it stands now."""
    services, language = services_of(request), language_of(request)
    draft, present = await services.store.draft(), await services.store.edition()
    addresses = addresses_of(services, present)
    told = changes(present.event, draft.event) if present else ()
    return NextEdition(
        draft,
        addresses,
        in_words(told, language),
        present is None or present.addresses != addresses,
        faults_of(draft.event, language),
    )


def in_words(told: Iterable[Change], language: Language) -> tuple[str, ...]:
    """Each change as a sentence."""
    return tuple(typeset(translated(language, one.text, one.details_in(language)), language) for one in told)


def addresses_of(services: Services, present: Edition | None) -> Addresses:
    """Where the portal is to be found. An onion that is only out of reach for now keeps its address.

    An onion enters once it was reached, or where Tor offers no way to find out.
    """
    view = services.onion()
    onion = view.known if view.state == "unproven" else view.address
    if onion is None and present is not None and services.settings.onion != "off":
        onion = present.addresses.onion
    return Addresses(services.settings.public_url or None, onion)


def faults_of(event: Event, language: Language) -> tuple[Fault, ...]:
    """Every problem of `event` in words."""
    named = {room.id: room.name.in_language(language) for room in event.rooms}
    titles = {session.id: session.title.in_language(language) for session in event.sessions}
    return tuple(_fault(problem, titles, {**named, **titles}, language) for problem in problems_of(event))


def _fault(problem: Problem, titles: Mapping[str, str], named: Mapping[str, str], language: Language) -> Fault:
    """The problem, with what it tells of by name instead of by id."""
    details = {key: named.get(str(value), value) for key, value in problem.details}
    is_of_session = problem.id in titles
    title = titles[problem.id] if is_of_session else f"{problem.table} {problem.key}".strip()
    words = typeset(translated(language, problem.text, details), language)
    return Fault(problem.id if is_of_session else "", typeset(title, language), words)
