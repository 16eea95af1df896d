"""What a request asks, and what it may reach."""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.limits import ORGANISERS_BODY_KIB
from portal.services import Services
from portal.web.forms import read_form
from portal.web.listeners import check_origin
from portal.web.rate_limit import RateLimits
from portal.web.tokens import Tokens

Handler = Callable[[Request], Awaitable[Response]]
"""What answers the requests of a route."""

TOKEN_FIELD: Final = "csrf_token"  # noqa: S105 - a name, no secret
"""The hidden field that holds a form's token: the name that scanners look for."""


def services_of(request: Request) -> Services:
    """What the application was made with."""
    services: Services = request.app.state.services
    return services


def rate_limits_of(request: Request) -> RateLimits:
    """What stands between the application and a flood."""
    rate_limits: RateLimits = request.app.state.rate_limits
    return rate_limits


def tokens_of(request: Request) -> Tokens:
    """Signs and opens the tokens of the portal's forms."""
    services = services_of(request)
    return Tokens(services.keys.forms, services.clock)


async def read_organisers_form(request: Request, most_kib: int = ORGANISERS_BODY_KIB) -> dict[str, str]:
    """Return the fields of a form that comes from an organiser's page. Raises `FormError`."""
    check_origin(request)
    return await read_form(request, most_kib)
