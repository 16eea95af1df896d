"""The rules of registration: who can register, how many seats there are, from when and until when, and the draw."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.errors import PortalError
from portal.domain.event.event import end_of
from portal.domain.language import N_
from portal.domain.organisers.organiser import SignIn
from portal.domain.registration.policy_form import check_moment_of_draw, fields_of, policy_of
from portal.domain.registration.registration import Mode, Policy, to_be_drawn
from portal.routes.audit_log import log_action
from portal.routes.context import services_of
from portal.routes.errors import NO_ERRORS, PageErrors, page_errors
from portal.routes.flash import flash
from portal.routes.organisers.auth import Changing
from portal.routes.organisers.forms import Form, organisers_page
from portal.routes.responses import current_edition_of, go_to
from portal.routes.upcoming_erasure import policy_in_force
from portal.site.times import in_zone

MODE_NAMES: Final[Mapping[Mode, str]] = {
    Mode.OPEN: N_("open to all"),
    Mode.INVITATION: N_("by invitation"),
    Mode.CLOSED: N_("closed"),
}
_KEPT: Final = N_(
    "Rules of registration: %(mode)s; seats: %(seats)s; waiting list: %(waiting)s; draw: %(draw)s; "
    "opens: %(opens)s; closes: %(closes)s"
)
_KEPT_WITH_RESERVED: Final = N_(
    "Rules of registration: %(mode)s; seats: %(seats)s, reserved for invitations: %(reserved)s; waiting list: "
    "%(waiting)s; draw: %(draw)s; opens: %(opens)s; closes: %(closes)s"
)
_YES_OR_NO: Final = {True: N_("yes"), False: N_("no")}
_DRAWS: Final = {True: N_("at once"), False: N_("by hand")}


async def show(request: Request, sign_in: SignIn) -> Response:
    """The rules as they are."""
    return await _page(request, sign_in)


async def _keep(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Put other rules in force. Seats that they take away are nobody's loss."""
    services = services_of(request)
    try:
        typed = policy_of(form, _zone(request))
        check_moment_of_draw(typed, services.clock(), end_of(current_edition_of(request).renderer.edition.event))
        policy = await services.store.set_policy(typed, services.rng)
        kept = _KEPT_WITH_RESERVED if policy.reserved else _KEPT
        await log_action(request, sign_in, kept, **_in_words(request, policy))
    except PortalError as error:
        return await _page(request, sign_in, page_errors(request, error), form)
    flash(request, sign_in, kept=True)
    return go_to(request, "policy")


async def _draw(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Give the free seats to those who wait."""
    try:
        await draw_now(request, sign_in)
    except PortalError as error:
        return await _page(request, sign_in, page_errors(request, error))
    return go_to(request, "policy")


ACTIONS: Final[Mapping[str, Changing]] = {"": _keep, "draw": _draw}


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
    """A moment as the clocks of the event show it, `2026-12-01 09:00`."""
    event = current_edition_of(request).renderer.edition.event
    return "—" if moment is None else in_zone(event, moment).strftime("%Y-%m-%d %H:%M")


def _zone(request: Request) -> str:
    return current_edition_of(request).renderer.edition.event.zone


async def _page(
    request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS, typed: Form | None = None
) -> Response:
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
        to_be_drawn=to_be_drawn(policy, counts),
        closing=await policy_in_force(request),
        typed=fields_of(policy, _zone(request)) | dict(typed or {}),
    )


async def draw_now(request: Request, sign_in: SignIn) -> None:
    """Give the free seats by lot, and have the page that follows say how many. Raises `StorageError`."""
    services = services_of(request)
    number = await services.store.draw_seats(services.rng)
    if number:
        await log_action(request, sign_in, N_("Draw: seats given to those who wait: %(number)s"), number=number)
    flash(request, sign_in, drawn=number)
