"""The overview: where registration, the programme, the machine and the onion stand, and what is still to be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.checklist import Mark, Step, Task, tasks
from portal.domain.limits import DISK_LOW_MIB
from portal.domain.mirror_audit import altered
from portal.domain.moments import Milestone, Moment, is_the_day, moments_to_come
from portal.domain.organiser import SignIn
from portal.domain.registration import Availability, Counts, Policy, availability, to_be_drawn
from portal.routes.answers import language_of, showing_of
from portal.routes.asked import services_of
from portal.routes.erasing import Coming, coming_erasure, policy_in_force
from portal.routes.mirrors import is_blind
from portal.routes.next_edition import next_edition
from portal.routes.onion_in_words import onion_in_words
from portal.routes.organiser_forms import organisers_page
from portal.routes.policy import MODE_NAMES
from portal.routes.refusals import NOTHING_REFUSED, Refusal
from portal.site.paths import PageName

Place = tuple[PageName, str]
"""A page, and the id of what it shows."""

FACTS: Final[Place] = ("draft_facts", "event")
"""Where the facts of the event are changed."""

STEP_PAGES: Final[Mapping[Step, Place]] = {
    Step.PASSPHRASE: ("account", ""),
    Step.EVENT: FACTS,
    Step.CAPACITY: ("policy", ""),
    Step.PUBLISH: ("edition", ""),
    Step.ONION: ("edition", ""),
    Step.MIRRORS: ("draft_mirrors", ""),
}
MILESTONE_PAGES: Final[Mapping[Milestone, Place]] = {
    Milestone.OPENS: ("policy", ""),
    Milestone.CLOSES: ("policy", ""),
    Milestone.DRAW: ("policy", ""),
    Milestone.EVENT: FACTS,
    Milestone.ERASURE: FACTS,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where registration stands: what the public finds, the seats to draw, the moments to come, the next `erasure`."""

    policy: Policy
    counts: Counts
    availability: Availability
    to_be_drawn: int
    is_the_day: bool
    moments: tuple[Moment, ...]
    erasure: Coming | None


@dataclass(frozen=True, slots=True)
class Todo:
    """The `tasks` of the list; none once all are done, or where the list `is_put_away`."""

    tasks: tuple[Task, ...]
    is_put_away: bool


async def overview(request: Request, sign_in: SignIn, refusal: Refusal = NOTHING_REFUSED) -> Response:
    """The page."""
    services = services_of(request)
    looks = services.looks()
    page = partial(organisers_page, request, sign_in, "organisers/overview.html", "organisers", refusal)
    return page(
        standing=await _standing(request),
        todo=await _todo(request, sign_in),
        mode_names=MODE_NAMES,
        step_pages=STEP_PAGES,
        milestone_pages=MILESTONE_PAGES,
        coming=await next_edition(request),
        onion=onion_in_words(services.onion(), language_of(request)),
        looks=looks,
        is_blind=is_blind(services),
        altered=altered(looks),
        signing=services.signatures.signing(),
        machine=services.machine(),
        low_mib=DISK_LOW_MIB,
    )


async def _standing(request: Request) -> Standing:
    services, event = services_of(request), showing_of(request).renderer.edition.event
    policy, counts, now = await policy_in_force(request), await services.store.counts(), services.clock()
    erasure = await coming_erasure(request)
    erased = erasure.earliest if erasure and not erasure.is_of_journal else None
    return Standing(
        policy,
        counts,
        availability(policy, counts, now),
        0 if policy.draw_at else to_be_drawn(policy, counts),
        is_the_day(event, now),
        moments_to_come(event, policy, erased, now),
        erasure,
    )


async def _todo(request: Request, sign_in: SignIn) -> Todo:
    marks = await services_of(request).store.marks()
    every = tasks(marks, showing_of(request).renderer.edition, await _has_own_passphrase(request, sign_in))
    is_open = not all(task.is_done for task in every)
    is_put_away = is_open and Mark.PUT_AWAY in marks
    return Todo(every if is_open and not is_put_away else (), is_put_away)


async def _has_own_passphrase(request: Request, sign_in: SignIn) -> bool:
    """Whether the organiser chose the passphrase they sign in with, instead of one that a terminal printed."""
    known = await services_of(request).store.organiser(sign_in.organiser)
    return known is not None and known.has_own_passphrase
