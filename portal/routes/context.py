"""Context of a request: the services, rate limits and tokens of its application."""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.registration.hashing import Hasher
from portal.domain.registration.ticket_code import code_digest
from portal.services import Services
from portal.web.forms import Tokens
from portal.web.rate_limit import RateLimits

Handler = Callable[[Request], Awaitable[Response]]
"""Handler of the requests of a route."""

TOKEN_FIELD: Final = "csrf_token"  # noqa: S105 - a name, no secret
"""Hidden field with the token of a form, under the name that scanners look for."""


def services_of(request: Request) -> Services:
    """Return the services of the application."""
    services: Services = request.app.state.services
    return services


def rate_limits_of(request: Request) -> RateLimits:
    """Return the rate limits of the application."""
    rate_limits: RateLimits = request.app.state.rate_limits
    return rate_limits


async def ticket_id(hasher: Hasher, services: Services, code: str) -> str:
    """Return the id of the registration that `code` opens, hashed by `hasher`. Raises `BusyError`."""
    return (await hasher.locate(code_digest(services.keys.event, code))).id


def tokens_of(request: Request) -> Tokens:
    """Return the issuer and verifier of the tokens of forms."""
    services = services_of(request)
    return Tokens(services.keys.forms, services.clock)
