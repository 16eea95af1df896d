"""Status of the mirrors, for everybody, and the signatures of key holders."""

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from portal.domain.limits import AUDIT_MINUTES, AUDIT_PATHS
from portal.routes.context import current_edition_of, render_page, services_of
from portal.services import Services
from portal.web.forms import read_form


async def show_status(request: Request) -> Response:
    """Show every address of the list, with its last audit."""
    services = services_of(request)
    return render_page(
        request,
        "public/mirrors_status.html",
        "mirrors_status",
        audit_results=services.audit_results(),
        lacks_tor=lacks_tor(services),
        minutes=AUDIT_MINUTES,
        files=AUDIT_PATHS,
    )


def lacks_tor(services: Services) -> bool:
    """Return whether no mirror is audited because there is no Tor, neither of an onion nor in the settings."""
    return services.settings.onion == "off" and not services.settings.tor_socks


async def take_signature(request: Request) -> Response:
    """Take a signature over pending metadata, and publish at once the edition or the keys that it completes."""
    services, current, form = services_of(request), current_edition_of(request), await read_form(request)
    sent = (form.get("role", ""), form.get("key", ""), form.get("signature", ""))
    signing = await anyio.to_thread.run_sync(services.signatures.add, *sent, limiter=current.signature_limiter)
    edition = await services.store.edition()
    if edition and signing.edition == edition.number > current.renderer.edition.number:
        await current.show(edition)
    else:
        await current.refresh_signatures()
    pending = [role for role in (signing.keys, signing.next) if role]
    missing = max((role.needed - len(role.signed_by) for role in pending), default=0)
    return JSONResponse({"edition": signing.edition, "missing": missing})
