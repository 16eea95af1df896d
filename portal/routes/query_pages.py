"""ASGI layer of the pages that follow from a query, at the origin and at mirrors alike."""

from collections.abc import Callable
from datetime import datetime

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.site.files import File
from portal.site.query_pages import query_answer
from portal.site.render import Renderer
from portal.web.padding import accepts_gzip, compress_public


class QueryPagesLayer:
    """ASGI layer that answers GET and HEAD of the pages that follow from a query; all else goes to `app`.

    `renderer` is that of the shown edition, None where it cannot be rendered; `clock` gives the moment; `protected`
    adds the headers of every answer, and `finished` whatever the pages of a mirror carry. An answer follows from the
    edition, the address and the moment alone, so there is no secret that its compressed size could tell (BREACH).
    """

    def __init__(
        self,
        app: ASGIApp,
        renderer: Callable[[], Renderer | None],
        clock: Callable[[], datetime],
        protected: Callable[[ASGIApp], ASGIApp],
        finished: Callable[[File], File] = lambda file: file,
    ) -> None:
        self.app = app
        self._renderer = renderer
        self._clock = clock
        self._answering = protected(self._answer)
        self._finished = finished

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        renderer = self._renderer() if scope["query_string"] and scope["method"] in ("GET", "HEAD") else None
        if renderer is None:
            return await self.app(scope, receive, send)
        path, query = scope["path"].removeprefix("/"), scope["query_string"].decode("latin-1")
        answer = query_answer(renderer, path, query, self._clock())
        if answer is None:
            return await self.app(scope, receive, send)
        return await self._answering({**scope, "portal.answer": answer}, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = scope["portal.answer"]
        file = self._finished(answer.file)
        headers = {"content-type": file.media_type, "vary": "accept-encoding"}
        if answer.renewed_seconds:
            headers["refresh"] = str(answer.renewed_seconds)
        accepted = next((value for name, value in scope["headers"] if name == b"accept-encoding"), b"")
        body = compress_public(file.content) if accepts_gzip(accepted) else file.content
        if body is not file.content:
            headers["content-encoding"] = "gzip"
        await Response(body, headers=headers)(scope, receive, send)
