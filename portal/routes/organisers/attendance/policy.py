"""The rules of registration: mode, seats, opening and closing times, and the draw of the seats."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.event.days import end_of
from portal.domain.language import N_
from portal.domain.organisers.organiser import SignIn
from portal.domain.registration.policy_form import check_moment_of_draw, fields_of, policy_of
from portal.domain.registration.registration import Mode, Policy, seats_to_draw
from portal.routes.context import current_edition_of, redirect_to, services_of
from portal.routes.errors import NO_ERRORS, PageErrors
from portal.routes.flash import flash, log_action
from portal.routes.organisers.auth import FormPage
from portal.routes.organisers.forms import NO_FORM, Form, organisers_page
from portal.site.times import in_zone

MODE_NAMES: Final[Mapping[Mode, str]] = {
    Mode.OPEN: N_("open to all"),
    Mode.INVITATION: N_("by invitation"),
    Mode.CLOSED: N_("closed"),
}
_SAVED: Final = N_(
    "Rules of registration: %(mode)s; seats: %(seats)s; waiting list: %(waiting)s; draw: %(draw)s; "
    "opens: %(opens)s; closes: %(closes)s"
)
_SAVED_WITH_RESERVED: Final = N_(
    "Rules of registration: %(mode)s; seats: %(seats)s, reserved for invitations: %(reserved)s; waiting list: "
    "%(waiting)s; draw: %(draw)s; opens: %(opens)s; closes: %(closes)s"
)
_YES_OR_NO: Final = {True: N_("yes"), False: N_("no")}
_DRAWS: Final = {True: N_("at once"), False: N_("by hand")}


async def page(request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS, form: Form = NO_FORM) -> Response:
    """Show the rules in force, and the form that changes them."""
    store = services_of(request).store
    policy, counts = await store.policy(), await store.counts()
    return organisers_page(
        request,
        sign_in,
        "organisers/attendance/policy.html",
        "policy",
        errors,
        policy=policy,
        counts=counts,
        to_be_drawn=seats_to_draw(policy, counts),
        closing=await store.policy_in_force(current_edition_of(request).renderer.edition.event),
        typed={**fields_of(policy, _zone(request)), **form},
    )


async def _save(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Put other rules in force. Fewer seats take nobody's seat away."""
    services = services_of(request)
    typed = policy_of(form, _zone(request))
    check_moment_of_draw(typed, services.clock(), end_of(current_edition_of(request).renderer.edition.event))
    policy = await services.store.set_policy(typed, services.rng)
    action = _SAVED_WITH_RESERVED if policy.reserved else _SAVED
    await log_action(request, sign_in, action, **_in_words(request, policy))
    flash(request, sign_in, kept=True)
    return redirect_to(request, "policy")


async def _draw(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Draw the free seats, and return to the page."""
    await draw_now(request, sign_in)
    return redirect_to(request, "policy")


FORM_PAGE: Final = FormPage(page, {"": _save, "draw": _draw})


async def draw_now(request: Request, sign_in: SignIn) -> None:
    """Draw the free seats among the waiting list; the next page shows how many were given. Raises `StorageError`."""
    services = services_of(request)
    number = await services.store.draw_seats(services.rng)
    if number:
        await log_action(request, sign_in, N_("Draw: seats given to those who wait: %(number)s"), number=number)
    flash(request, sign_in, drawn=number)


def _in_words(request: Request, policy: Policy) -> dict[str, str]:
    return {
        "mode": MODE_NAMES[policy.mode],
        "seats": N_("no limit") if policy.capacity is None else str(policy.capacity),
        "waiting": _YES_OR_NO[policy.waiting_list],
        "draw": _moment(request, policy.draw_at) if policy.draw_at else _DRAWS[policy.draws_at_once],
        "opens": _moment(request, policy.opens),
        "closes": _moment(request, policy.closes),
        **({"reserved": str(policy.reserved)} if policy.reserved else {}),
    }


def _moment(request: Request, moment: datetime | None) -> str:
    """Format a moment by the clocks of the event, `2026-12-01 09:00`."""
    event = current_edition_of(request).renderer.edition.event
    return "—" if moment is None else in_zone(event, moment).strftime("%Y-%m-%d %H:%M")


def _zone(request: Request) -> str:
    return current_edition_of(request).renderer.edition.event.zone
