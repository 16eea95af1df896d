"""The organisers' first page: where registration, the programme and the onion stand, and the rule of registration."""

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.errors import PortalError
from portal.domain.organiser import SignIn
from portal.domain.policy_form import fields_of, policy_of
from portal.routes.answers import go_to
from portal.routes.asked import services_of
from portal.routes.gate import present
from portal.routes.next_edition import next_edition
from portal.routes.organiser_forms import Form, organisers_page, sign_in_page
from portal.routes.refusals import NOTHING_REFUSED, Refusal, refused


async def show(request: Request) -> Response:
    """The overview for who is signed in, the sign-in form for anybody else."""
    sign_in = await present(request)
    return sign_in_page(request) if sign_in is None else await _overview(request, sign_in)


async def set_policy(request: Request, sign_in: SignIn, form: Form) -> Response:
    """Open or close registration, set the number of seats and the waiting list."""
    services = services_of(request)
    try:
        await services.store.set_policy(policy_of(form), services.chance)
    except PortalError as error:
        return await _overview(request, sign_in, refused(request, error), form)
    return go_to(request, "organisers")


async def _overview(
    request: Request, sign_in: SignIn, refusal: Refusal = NOTHING_REFUSED, typed: Form | None = None
) -> Response:
    services = services_of(request)
    policy = await services.store.policy()
    return organisers_page(
        request,
        sign_in,
        "organisers/overview.html",
        "organisers",
        refusal,
        form="policy",
        counts=await services.store.counts(),
        seats=policy.capacity,
        policy=typed or fields_of(policy),
        coming=await next_edition(request),
        onion=services.onion(),
    )
