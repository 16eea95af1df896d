"""The overview: the state of registration, programme, machine and onion, and the list of what is to be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.draft.checklist import Mark, Step, Task, tasks
from portal.domain.draft.new_event import texts_left
from portal.domain.language import N_
from portal.domain.limits import DISK_LOW_MIB
from portal.domain.organisers.organiser import SignIn
from portal.domain.registration.milestones import Milestone, Moment, is_the_day, moments_to_come
from portal.domain.registration.registration import Availability, Counts, Policy, availability, seats_to_draw
from portal.domain.trust.mirror_audit import altered_addresses
from portal.routes.context import current_edition_of, language_of, redirect_to, services_of
from portal.routes.errors import NO_ERRORS, PageErrors
from portal.routes.flash import flash, log_action, log_and_flash
from portal.routes.organisers.admin.onion_status import onion_in_words
from portal.routes.organisers.attendance.policy import MODE_NAMES, draw_now
from portal.routes.organisers.auth import Action, FormPage, current_sign_in
from portal.routes.organisers.draft.next_edition import next_edition
from portal.routes.organisers.forms import NO_FORM, Form, organisers_page, sign_in_page
from portal.routes.public.mirrors import lacks_tor
from portal.routes.upcoming_erasure import UpcomingErasure, postpone, upcoming_erasure
from portal.site.bundled import SAMPLE, TEMPLATE, bundled_event
from portal.site.paths import PageName
from portal.site.times import in_zone

Target = tuple[PageName, str]
"""A page, and the id of what it shows."""

FACTS: Final[Target] = ("draft_facts", "event")
"""The page on which the facts of the event are changed."""

STEP_PAGES: Final[Mapping[Step, Target]] = {
    Step.PASSPHRASE: ("account", ""),
    Step.EVENT: FACTS,
    Step.TEXTS: ("draft_texts", ""),
    Step.CAPACITY: ("policy", ""),
    Step.PUBLISH: ("edition", ""),
    Step.ONION: ("edition", ""),
    Step.MIRRORS: ("draft_mirrors", ""),
}
MILESTONE_PAGES: Final[Mapping[Milestone, Target]] = {
    Milestone.OPENS: ("policy", ""),
    Milestone.CLOSES: ("policy", ""),
    Milestone.DRAW: ("policy", ""),
    Milestone.EVENT: FACTS,
    Milestone.ERASURE: FACTS,
}


@dataclass(frozen=True, slots=True)
class RegistrationStatus:
    """The state of registration: what the public sees, the seats to draw, the moments to come, the next `erasure`."""

    policy: Policy
    counts: Counts
    availability: Availability
    to_be_drawn: int
    is_the_day: bool
    moments: tuple[Moment, ...]
    erasure: UpcomingErasure | None


@dataclass(frozen=True, slots=True)
class Todo:
    """The `tasks` of the list; none once all are done, or if the list `is_put_away`."""

    tasks: tuple[Task, ...]
    is_put_away: bool


async def page(request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS, form: Form = NO_FORM) -> Response:
    """Show the overview."""
    services = services_of(request)
    audit_results = services.audit_results()
    render = partial(organisers_page, request, sign_in, "organisers/admin/dashboard.html", "organisers", errors)
    return render(
        registration=await _registration(request),
        todo=await _todo(request, sign_in),
        mode_names=MODE_NAMES,
        step_pages=STEP_PAGES,
        milestone_pages=MILESTONE_PAGES,
        coming=await next_edition(request),
        onion=onion_in_words(services.onion(), language_of(request)),
        audit_results=audit_results,
        lacks_tor=lacks_tor(services),
        altered=altered_addresses(audit_results),
        signing=services.signatures.signing(),
        machine=services.machine(),
        low_mib=DISK_LOW_MIB,
    )


async def show(request: Request) -> Response:
    """Show the overview to an organiser, the sign-in form to everybody else."""
    sign_in = await current_sign_in(request)
    return sign_in_page(request) if sign_in is None else await page(request, sign_in)


async def _registration(request: Request) -> RegistrationStatus:
    services, event = services_of(request), current_edition_of(request).renderer.edition.event
    policy, counts, now = await services.store.policy_in_force(event), await services.store.counts(), services.clock()
    erasure = await upcoming_erasure(request)
    erased = erasure.earliest if erasure and not erasure.is_of_journal else None
    return RegistrationStatus(
        policy,
        counts,
        availability(policy, counts, now),
        0 if policy.draw_at else seats_to_draw(policy, counts),
        is_the_day(event, now),
        moments_to_come(event, policy, erased, now),
        erasure,
    )


async def _todo(request: Request, sign_in: SignIn) -> Todo:
    marks = await services_of(request).store.marks()
    edition = current_edition_of(request).renderer.edition
    has_own_texts = not texts_left(edition.event, bundled_event(TEMPLATE), bundled_event(SAMPLE))
    all_tasks = tasks(marks, edition, await _has_own_passphrase(request, sign_in), has_own_texts)
    is_open = not all(task.is_done for task in all_tasks)
    is_put_away = is_open and Mark.PUT_AWAY in marks
    return Todo(all_tasks if is_open and not is_put_away else (), is_put_away)


async def _has_own_passphrase(request: Request, sign_in: SignIn) -> bool:
    """Tell whether the organiser chose their own passphrase; a terminal printed the others."""
    known = await services_of(request).store.organiser(sign_in.organiser)
    return known is not None and known.has_own_passphrase


_POSTPONED: Final = N_("Erasure of the registrations postponed to %(when)s")


async def _draw(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Draw the free seats, and return to the overview."""
    await draw_now(request, sign_in)
    return redirect_to(request, "organisers")


async def _postpone(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Postpone the erasure that the overview announces."""
    event = current_edition_of(request).renderer.edition.event
    until = in_zone(event, await postpone(request, form.get("due", "")))
    await log_and_flash(request, sign_in, _POSTPONED, when=f"{until:%Y-%m-%d %H:%M}")
    return redirect_to(request, "organisers")


def _marking(mark: Mark, is_set: bool, message: str, news: str) -> Action:
    """Return the action that sets or clears `mark`, with its `message` for the journal and its `news` on the page."""

    async def act(request: Request, sign_in: SignIn, form: Form) -> Response:
        if await services_of(request).store.mark(mark, is_set):
            await log_action(request, sign_in, message)
        flash(request, sign_in, news=news)
        return redirect_to(request, "organisers")

    return act


FORM_PAGE: Final = FormPage(
    page,
    {
        "draw": _draw,
        "postpone": _postpone,
        "check event": _marking(Mark.EVENT_CHECKED, True, N_("Facts of the event confirmed"), "checked"),
        "put away": _marking(Mark.PUT_AWAY, True, N_("List of what is to be done put away"), "put away"),
        "bring back": _marking(Mark.PUT_AWAY, False, N_("List of what is to be done brought back"), "brought back"),
    },
)
