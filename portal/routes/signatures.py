"""Signatures of key holders: whoever sends one needs no other right, for it proves itself."""

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from portal.routes.answers import showing_of
from portal.routes.asked import services_of
from portal.web.forms import read_form


async def take(request: Request) -> Response:
    """Take a signature over what waits, and show at once what it completes."""
    services, showing, form = services_of(request), showing_of(request), await read_form(request)
    sent = (form.get("role", ""), form.get("key", ""), form.get("signature", ""))
    signing = await anyio.to_thread.run_sync(services.signatures.add, *sent, limiter=showing.one_at_a_time)
    edition = await services.store.edition()
    if edition and signing.edition == edition.number > showing.renderer.edition.number:
        await showing.show(edition)
    else:
        await showing.show_signatures()
    waiting = [one for one in (signing.keys, signing.next) if one]
    missing = max((one.needed - len(one.signed_by) for one in waiting), default=0)
    return JSONResponse({"edition": signing.edition, "missing": missing})
