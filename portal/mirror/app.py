"""Web application of a mirror: serves the signed files as the origin does, and accepts pushed editions."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from typing import Final

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.domain.edition.edition_file import EDITION_FILE, edition_from_json
from portal.domain.errors import FormError
from portal.domain.limits import BUSY_RETRY_SECONDS, FETCH_SECONDS, OFFERS_AT_ONCE, TARGET_KIB
from portal.domain.trust.mirror_errors import MirrorError
from portal.mirror.client.banner import Sentences, with_banner
from portal.mirror.client.folder import MirrorFolder, ServedEdition
from portal.mirror.client.follow import Rebuild, RebuildOnce, nothing_rebuilt
from portal.mirror.client.metadata import PREFIX
from portal.mirror.client.push import OFFER, OFFER_KIB, accept_file, accept_metadata, is_missing
from portal.routes.context import DEEPEST
from portal.routes.query_pages import QueryPagesLayer
from portal.services import OnionView, no_proof
from portal.site.files import File
from portal.site.paths import root_of
from portal.site.render import Renderer
from portal.web.forms import read_body
from portal.web.headers import ListenerHeaders, SecurityHeadersLayer, style_of
from portal.web.listeners import THROUGH_TOR, Listener, ListenerLayer, ProofLayer
from portal.web.static_files import StaticFilesLayer, StaticSite, add_files, build_site

_HTML: Final = "text/html"


class MirrorSite:
    """Edition that the mirror shows now; it changes at once as a whole."""

    def __init__(
        self,
        served: ServedEdition,
        sentences: Sentences,
        clock: Callable[[], datetime],
        mirror: MirrorFolder | None = None,
        rebuild: Rebuild = nothing_rebuilt,
    ) -> None:
        self._sentences = sentences
        self._clock = clock
        self._mirror = mirror
        self._rebuild = RebuildOnce(rebuild)
        self._is_late = False
        self._lock = threading.Lock()
        self._push_limiter = anyio.CapacityLimiter(OFFERS_AT_ONCE)
        self.show(served)

    def show(self, served: ServedEdition) -> None:
        """Show `served`, with a banner on every page where nobody vouches for it any longer."""
        with self._lock:  # `check_expiry` must not restore the edition before
            self._show(served)

    def check_expiry(self) -> None:
        """Add the banner once the timestamp has expired."""
        with self._lock:
            if (self.served.until <= self._clock()) != self._is_late:
                self._show(self.served)

    def _show(self, served: ServedEdition) -> None:
        self._is_late = served.until <= self._clock()
        self.served = served
        self._renderer = _renderer_of(served)
        self.pages = self._static_site(served)

    def _static_site(self, served: ServedEdition) -> StaticSite:
        files = {path: self._with_banner(file) for path, file in served.files.items()}
        styles = [style_of(file.content for file in served.files.values())]
        styles += [self._renderer.style_hash] if self._renderer else []
        return add_files(build_site(files, dict.fromkeys(styles), lambda path: False), served.metadata)

    def _with_banner(self, file: File) -> File:
        if not (self._is_late and file.media_type.startswith(_HTML)):
            return file
        return File(with_banner(file.content, self._sentences, self.served.until), file.media_type)

    def app_at(
        self, listener: Listener, onion: Callable[[], OnionView], proof: Callable[[str], str | None] = no_proof
    ) -> ASGIApp:
        """Return the application at `listener`; `onion` gives the state of the mirror's own.

        `proof` gives the response to the mirror's own requests through Tor.
        """
        listener_headers = ListenerHeaders(listener, lambda: onion().address)

        def protected(app: ASGIApp) -> ASGIApp:
            return SecurityHeadersLayer(
                app,
                listener_headers=listener_headers,
                security_headers=lambda: self.pages.security_headers,
                is_public=lambda path: path in self.pages.public_paths,
            )

        not_allowed = protected(_plain(405))
        files = StaticFilesLayer(protected(self._respond), listener_headers, lambda: self.pages, not_allowed)
        answering = QueryPagesLayer(files, lambda: self._renderer, self._clock, protected, self._with_banner)
        proven = ProofLayer(answering, proof) if listener.name in THROUGH_TOR else answering
        return ListenerLayer(proven, listener, protected(_plain(421)), protected(_plain(400)))

    async def _respond(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond where there is no file: to a pushed edition, or with a redirect to the page of errors."""
        path, _, hash = scope["path"].partition(f"{OFFER}/")
        is_offer = scope["method"] == "POST" and (path == "/" if hash else path == f"/{OFFER}")
        if self._mirror is None or not is_offer:
            return await _redirect_to_errors(scope, receive, send)
        response = await self._accept(self._mirror, Request(scope, receive), hash)
        return await response(scope, receive, send)

    async def _accept(self, mirror: MirrorFolder, request: Request, hash: str) -> Response:
        """Accept pushed metadata, or the file with the SHA-256 `hash`, by its signatures."""
        if not self._push_limiter.available_tokens:
            return PlainTextResponse("", 503, {"retry-after": str(BUSY_RETRY_SECONDS)})
        try:
            async with self._push_limiter:
                if hash and not await anyio.to_thread.run_sync(is_missing, mirror, hash):
                    return JSONResponse({})
                body = await read_body(request, TARGET_KIB if hash else OFFER_KIB, FETCH_SECONDS)
                if hash:
                    await anyio.to_thread.run_sync(accept_file, mirror, hash, body)
                    return JSONResponse({})
                answer = await anyio.to_thread.run_sync(
                    accept_metadata, mirror, self.served, body, self._rebuild, self._clock()
                )
                if answer.served:
                    await anyio.to_thread.run_sync(self.show, answer.served)
                return JSONResponse({"missing": answer.missing})
        except FormError as error:
            return PlainTextResponse(f"{error}\n", 400)
        except MirrorError as error:
            return PlainTextResponse(f"{error}\n", 409)


def _renderer_of(served: ServedEdition) -> Renderer | None:
    """Return the renderer of an edition, None where it is of a later version of the portal, or was made to fail."""
    with suppress(Exception):
        return Renderer(edition_from_json(served.files[EDITION_FILE].content))
    return None


async def _redirect_to_errors(scope: Scope, receive: Receive, send: Send) -> None:
    """Redirect to the signed page of errors, whose links hold at its own address alone."""
    if scope["path"].startswith(f"/{PREFIX}"):
        return await _plain(404)(scope, receive, send)
    path = "/".join(scope["path"].removeprefix("/").split("/", DEEPEST)[:DEEPEST])
    return await Response(status_code=302, headers={"location": f"{root_of(path)}404.html"})(scope, receive, send)


def _plain(status: int) -> ASGIApp:
    return PlainTextResponse(f"{HTTPStatus(status).phrase}\n", status)
