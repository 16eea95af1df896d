"""Error log: unforeseen errors without anything that a person sent, and repeated messages once."""

import logging
import traceback
from collections.abc import Callable, Iterator
from typing import TextIO

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG = logging.getLogger("portal")


def format_safely(error: BaseException) -> str:
    """Return the types and tracebacks of `error` and its causes, without messages, which may contain personal data."""
    return "\n".join(_causes_first(error))


def _causes_first(error: BaseException) -> Iterator[str]:
    for cause in (error.__cause__ or error.__context__, *getattr(error, "exceptions", ())):
        if cause is not None:
            yield from _causes_first(cause)
    yield "".join(traceback.format_tb(error.__traceback__)) + type(error).__qualname__


def log_fault(scope: Scope, error: BaseException) -> None:
    """Log `error` under the name of the route that it arose in: no path, no query, nothing that was sent."""
    LOG.error("fault in %s\n%s", getattr(scope.get("route"), "name", "no route"), format_safely(error))


class DuplicateFilter:
    """Filter for messages of work that is tried again and again: each is wanted once, until another one comes."""

    def __init__(self) -> None:
        self._last: dict[str, object] = {}

    def is_new(self, message: object, topic: str = "") -> bool:
        """Return whether `message` is another than the last one on its `topic`, and remember it."""
        is_new = topic not in self._last or self._last[topic] != message
        self._last[topic] = message
        return is_new


class SafeFormatter(logging.Formatter):
    """Writes the exceptions of any library as `format_safely` does."""

    def formatException(self, ei: object) -> str:
        """Format the exception of `ei`, the triple of `sys.exc_info()`."""
        error = ei[1] if isinstance(ei, tuple) else None
        return format_safely(error) if isinstance(error, BaseException) else ""


def start_log(stream: TextIO) -> None:
    """Log to `stream` from warnings on, without the messages of exceptions."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(SafeFormatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


class ServerErrorLayer:
    """ASGI layer that logs unforeseen errors of `app` and answers with `page`, or hangs up if an answer had begun."""

    def __init__(self, app: ASGIApp, page: Callable[[Request], Response]) -> None:
        self.app = app
        self.page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_begun = False

        async def send_on(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self.app(scope, receive, send_on)
        except Exception as error:  # the one place where nothing may pass
            log_fault(scope, error)
            if not has_begun:
                await self.page(Request(scope))(scope, receive, send)
