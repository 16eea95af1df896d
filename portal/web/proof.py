"""What answers the portal's own look at itself through Tor, and nothing else."""

from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send


class ProofLayer:
    """Pure ASGI: at a path that `answer` knows, its answer; everything else is for `app`.

    The portal alone knows such a path, and asks for it once: to anybody else it is a path where there is nothing.
    """

    def __init__(self, app: ASGIApp, answer: Callable[[str], str | None]) -> None:
        self.app = app
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self.answer(scope["path"]) if scope["method"] == "GET" else None
        if answer is None:
            return await self.app(scope, receive, send)
        body = answer.encode("ascii")
        headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        return None
