"""The rules of registration: who can register, how many seats there are, from when and until when."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.errors import PortalError
from portal.domain.language import N_
from portal.domain.organiser import SignIn
from portal.domain.policy_form import fields_of, policy_of
from portal.domain.registration import Mode, Policy
from portal.routes.answers import go_to, showing_of
from portal.routes.asked import services_of
from portal.routes.noted import note
from portal.routes.organiser_forms import Form, organisers_page
from portal.routes.refusals import NOTHING_REFUSED, Refusal, refused

MODE_NAMES: Final[Mapping[Mode, str]] = {
    Mode.OPEN: N_("open to all"),
    Mode.INVITATION: N_("by invitation"),
    Mode.CLOSED: N_("closed"),
}


async def show(request: Request, sign_in: SignIn) -> Response:
    """The rules as they are."""
    return await _page(request, sign_in)


async def keep(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Put other rules in force. Seats that they add are drawn at once; seats that they take away are nobody's loss."""
    services = services_of(request)
    try:
        policy = await services.store.set_policy(policy_of(form, _zone(request)), services.chance)
        await note(request, sign_in, N_("Rules of registration: %(mode)s; seats: %(seats)s"), **_in_words(policy))
    except PortalError as error:
        return await _page(request, sign_in, refused(request, error), form)
    return go_to(request, "organisers")


def _in_words(policy: Policy) -> dict[str, str]:
    seats = N_("no limit") if policy.capacity is None else str(policy.capacity)
    return {"mode": MODE_NAMES[policy.mode], "seats": seats}


def _zone(request: Request) -> str:
    return showing_of(request).renderer.edition.event.zone


async def _page(
    request: Request, sign_in: SignIn, refusal: Refusal = NOTHING_REFUSED, typed: Form | None = None
) -> Response:
    store = services_of(request).store
    policy = await store.policy()
    return organisers_page(
        request,
        sign_in,
        "policy/rules.html",
        "policy",
        refusal,
        policy=policy,
        counts=await store.counts(),
        typed=fields_of(policy, _zone(request)) | dict(typed or {}),
    )
