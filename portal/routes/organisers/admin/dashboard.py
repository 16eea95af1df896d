"""The overview: where registration, the programme, the machine and the onion stand, and what is still to be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.draft.checklist import Mark, Step, Task, tasks
from portal.domain.errors import PortalError
from portal.domain.language import N_
from portal.domain.limits import DISK_LOW_MIB
from portal.domain.organisers.organiser import SignIn
from portal.domain.registration.milestones import Milestone, Moment, is_the_day, moments_to_come
from portal.domain.registration.registration import Availability, Counts, Policy, availability, to_be_drawn
from portal.domain.trust.mirror_audit import altered
from portal.routes.audit_log import log_action, log_and_flash
from portal.routes.context import services_of
from portal.routes.errors import NO_ERRORS, PageErrors, page_errors
from portal.routes.flash import flash
from portal.routes.organisers.admin.onion_status import onion_in_words
from portal.routes.organisers.attendance.policy import MODE_NAMES, draw_now
from portal.routes.organisers.auth import Changing, present
from portal.routes.organisers.draft.next_edition import next_edition
from portal.routes.organisers.forms import Form, organisers_page, sign_in_page
from portal.routes.public.mirrors import is_blind
from portal.routes.responses import current_edition_of, go_to, language_of
from portal.routes.upcoming_erasure import Coming, coming_erasure, policy_in_force, postpone
from portal.site.paths import PageName
from portal.site.times import in_zone

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


async def overview(request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS) -> Response:
    """The page."""
    services = services_of(request)
    looks = services.looks()
    page = partial(organisers_page, request, sign_in, "organisers/admin/dashboard.html", "organisers", errors)
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
    services, event = services_of(request), current_edition_of(request).renderer.edition.event
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
    every = tasks(marks, current_edition_of(request).renderer.edition, await _has_own_passphrase(request, sign_in))
    is_open = not all(task.is_done for task in every)
    is_put_away = is_open and Mark.PUT_AWAY in marks
    return Todo(every if is_open and not is_put_away else (), is_put_away)


async def _has_own_passphrase(request: Request, sign_in: SignIn) -> bool:
    """Whether the organiser chose the passphrase they sign in with, instead of one that a terminal printed."""
    known = await services_of(request).store.organiser(sign_in.organiser)
    return known is not None and known.has_own_passphrase


_POSTPONED: Final = N_("Erasure of the registrations postponed to %(when)s")


async def show(request: Request) -> Response:
    """The overview for who is signed in, the sign-in form for anybody else."""
    sign_in = await present(request)
    return sign_in_page(request) if sign_in is None else await overview(request, sign_in)


async def _draw(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Give the free seats to those who wait."""
    try:
        await draw_now(request, sign_in)
    except PortalError as error:
        return await overview(request, sign_in, page_errors(request, error))
    return go_to(request, "organisers")


async def _postpone(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Postpone the erasure that the overview announces."""
    try:
        until = in_zone(
            current_edition_of(request).renderer.edition.event, await postpone(request, form.get("due", ""))
        )
        await log_and_flash(request, sign_in, _POSTPONED, when=f"{until:%Y-%m-%d %H:%M}")
    except PortalError as error:
        return await overview(request, sign_in, page_errors(request, error))
    return go_to(request, "organisers")


def _marking(mark: Mark, is_set: bool, action: str, news: str) -> Changing:
    """Sets or clears `mark`, which the journal tells as `action` and the page as `news`."""

    async def change(request: Request, sign_in: SignIn, form: Form) -> Response:
        try:
            if await services_of(request).store.mark(mark, is_set):
                await log_action(request, sign_in, action)
        except PortalError as error:
            return await overview(request, sign_in, page_errors(request, error))
        flash(request, sign_in, news=news)
        return go_to(request, "organisers")

    return change


ACTIONS: Final[Mapping[str, Changing]] = {
    "draw": _draw,
    "postpone": _postpone,
    "check event": _marking(Mark.EVENT_CHECKED, True, N_("Facts of the event confirmed"), "checked"),
    "put away": _marking(Mark.PUT_AWAY, True, N_("List of what is to be done put away"), "put away"),
    "bring back": _marking(Mark.PUT_AWAY, False, N_("List of what is to be done brought back"), "brought back"),
}
