"""The copies: how each stood when the portal last looked at it, for everybody."""

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from portal.domain.limits import AUDIT_MINUTES, AUDIT_PATHS
from portal.routes.context import services_of
from portal.routes.responses import current_edition_of, render_page
from portal.services import Services
from portal.web.forms import read_form


async def show_status(request: Request) -> Response:
    """Every address of the list, with what was found there."""
    services = services_of(request)
    return render_page(
        request,
        "public/mirrors_status.html",
        "mirrors_status",
        audit_results=services.audit_results(),
        is_blind=is_blind(services),
        minutes=AUDIT_MINUTES,
        files=AUDIT_PATHS,
    )


def is_blind(services: Services) -> bool:
    """Whether nothing is looked at for want of a Tor: there is neither that of an onion nor one in the settings."""
    return services.settings.onion == "off" and not services.settings.tor_socks


async def take(request: Request) -> Response:
    """Take a signature over what waits, and show at once what it completes."""
    services, current, form = services_of(request), current_edition_of(request), await read_form(request)
    sent = (form.get("role", ""), form.get("key", ""), form.get("signature", ""))
    signing = await anyio.to_thread.run_sync(services.signatures.add, *sent, limiter=current.signature_limiter)
    edition = await services.store.edition()
    if edition and signing.edition == edition.number > current.renderer.edition.number:
        await current.show(edition)
    else:
        await current.refresh_signatures()
    waiting = [one for one in (signing.keys, signing.next) if one]
    missing = max((one.needed - len(one.signed_by) for one in waiting), default=0)
    return JSONResponse({"edition": signing.edition, "missing": missing})
