"""The web of a copy: the signed files as the origin sends them, by the same code, and nothing that takes anything."""

import re
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Final

from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.mirror.banner import Sentences, with_banner
from portal.mirror.copy import Served
from portal.mirror.metadata import PREFIX
from portal.routes.answers import DEEPEST
from portal.services import no_proof
from portal.site.files import File
from portal.site.paths import root_of
from portal.web.doors import THROUGH_TOR, AtDoor, Door
from portal.web.headers import HeadersOfDoor, ProtectedAnswers
from portal.web.proof import ProofLayer
from portal.web.ready import ReadyLayer, ReadyPages, ready_pages, with_files

_STYLE: Final = re.compile(rb"style-src '(sha256-[A-Za-z0-9+/=]+)'")
_HTML: Final = "text/html"


class CopyShowing:
    """What the copy shows now: changed at once as a whole."""

    def __init__(self, served: Served, sentences: Sentences, now: datetime) -> None:
        self._sentences = sentences
        self._is_late = False
        self.show(served, now)

    def show(self, served: Served, now: datetime) -> None:
        """Show `served`, with a banner on every page where nobody vouches for it at `now`."""
        self._is_late = served.until <= now
        self.served = served
        self.pages = self._made(served)

    def look_at_clock(self, now: datetime) -> None:
        """Put the banner on when the time has come."""
        if (self.served.until <= now) != self._is_late:
            self.show(self.served, now)

    def _made(self, served: Served) -> ReadyPages:
        files = {path: self._with_banner(file) for path, file in served.files.items()}
        styles = (found for file in served.files.values() if (found := _STYLE.search(file.content)))
        style = next((found[1].decode("ascii") for found in styles), "")
        return with_files(ready_pages(files, [style], lambda path: False), served.metadata)

    def _with_banner(self, file: File) -> File:
        if not (self._is_late and file.media_type.startswith(_HTML)):
            return file
        return File(with_banner(file.content, self._sentences, self.served.until), file.media_type)

    def at_door(self, door: Door, proof: Callable[[str], str | None] = no_proof) -> ASGIApp:
        """What is shown, as it is reached by `door`; `proof` answers the copy's own looks at itself through Tor."""
        of_door = HeadersOfDoor(door, lambda: None)

        def protected(answer: ASGIApp) -> ASGIApp:
            return ProtectedAnswers(
                answer,
                of_door=of_door,
                protective=lambda: self.pages.protective,
                is_public=lambda path: path in self.pages.public,
            )

        ready = ReadyLayer(protected(_gone), of_door, lambda: self.pages, protected(_refusing(405)))
        proven = ProofLayer(ready, proof) if door.name in THROUGH_TOR else ready
        return AtDoor(proven, door, protected(_refusing(421)))


async def _gone(scope: Scope, receive: Receive, send: Send) -> None:
    """The way to the signed page of what is gone, whose links hold at its own address alone."""
    if scope["path"].startswith(f"/{PREFIX}"):
        return await _refusing(404)(scope, receive, send)
    path = "/".join(scope["path"].removeprefix("/").split("/", DEEPEST)[:DEEPEST])
    return await Response(status_code=302, headers={"location": f"{root_of(path)}404.html"})(scope, receive, send)


def _refusing(status: int) -> ASGIApp:
    return PlainTextResponse(f"{HTTPStatus(status).phrase}\n", status)
