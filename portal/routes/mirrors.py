"""The copies: how each stood when the portal last looked at it, for everybody."""

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.limits import AUDIT_MINUTES, AUDIT_PATHS
from portal.routes.answers import answer
from portal.routes.asked import services_of
from portal.services import Services


async def show_status(request: Request) -> Response:
    """Every address of the list, with what was found there."""
    services = services_of(request)
    return answer(
        request,
        "mirrors/status.html",
        "mirrors_status",
        looks=services.looks(),
        is_blind=is_blind(services),
        minutes=AUDIT_MINUTES,
        files=AUDIT_PATHS,
    )


def is_blind(services: Services) -> bool:
    """Whether nothing is looked at for want of a Tor: there is neither that of an onion nor one in the settings."""
    return services.settings.onion == "off" and not services.settings.tor_socks
