"""The organisers' first page: where registration, the programme and the onion stand, and the way to every other."""

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.organiser import SignIn
from portal.domain.registration import availability
from portal.routes.answers import language_of
from portal.routes.asked import services_of
from portal.routes.gate import present
from portal.routes.next_edition import next_edition
from portal.routes.onion_in_words import onion_in_words
from portal.routes.organiser_forms import organisers_page, sign_in_page
from portal.routes.policy import MODE_NAMES


async def show(request: Request) -> Response:
    """The overview for who is signed in, the sign-in form for anybody else."""
    sign_in = await present(request)
    return sign_in_page(request) if sign_in is None else await _overview(request, sign_in)


async def _overview(request: Request, sign_in: SignIn) -> Response:
    services = services_of(request)
    policy = await services.store.policy()
    counts = await services.store.counts()
    return organisers_page(
        request,
        sign_in,
        "organisers/overview.html",
        "organisers",
        counts=counts,
        policy=policy,
        mode_names=MODE_NAMES,
        availability=availability(policy, counts, services.clock()),
        coming=await next_edition(request),
        onion=onion_in_words(services.onion(), language_of(request)),
    )
