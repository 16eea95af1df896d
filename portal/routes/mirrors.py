"""The copies: how each stood when the portal last looked at it, for everybody."""

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.limits import AUDIT_MINUTES, AUDIT_PATHS
from portal.routes.answers import answer
from portal.routes.asked import services_of


async def show_status(request: Request) -> Response:
    """Every address of the list, with what was found there."""
    looks = services_of(request).looks()
    return answer(
        request, "mirrors/status.html", "mirrors_status", looks=looks, minutes=AUDIT_MINUTES, files=AUDIT_PATHS
    )
