"""The HTTP server: one uvicorn for each open door in one loop, and what a connection may take of it."""

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, TypeVar

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from portal.app import through_door
from portal.domain.language import LANGUAGES, N_
from portal.domain.limits import (
    BUSY_RETRY_SECONDS,
    CONNECTIONS_PER_DOOR,
    HEADER_KIB,
    HEADER_READ_SECONDS,
    KEEP_ALIVE_SECONDS,
    STALLED_WRITE_SECONDS,
    STOP_SECONDS,
    UNWANTED_BODY_KIB,
)
from portal.site.catalogue import translated
from portal.web.doors import Door
from portal.web.faults import start_log, told_safely

LOG: Final = logging.getLogger("portal")
SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_TICKS_A_SECOND: Final = 10

Result = TypeVar("Result")

TOO_MANY: Final = N_("Too many people are at this door at the same time. Try again in a few seconds.")
TOO_LONG: Final = N_("The beginning of this request is longer than any that our pages make.")
MALFORMED: Final = N_("This is no HTTP request that the portal understands.")


@dataclass(frozen=True, slots=True)
class OpenDoor:
    """A door and the socket that listens behind it."""

    door: Door
    listener: socket.socket


def run(main: Coroutine[Any, Any, Result]) -> Result:
    """Run `main` to its end on the loop that the server is made for, with a log that names nobody."""
    start_log(sys.stderr)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


async def serve(app: Starlette, doors: Sequence[OpenDoor], ready: Callable[[], None]) -> None:
    """Answer at every one of `doors` until SIGINT or SIGTERM; call `ready` once all are answering.

    What is under way then has STOP_SECONDS to end; a second signal does not wait.
    """
    asyncio.get_running_loop().set_exception_handler(_log_loop_fault)
    servers = [DoorServer(_config(through_door(app, one.door))) for one in doors]
    with _stopped_by_signals(servers):
        async with asyncio.TaskGroup() as group:
            for server, one in zip(servers, doors, strict=True):
                group.create_task(server.serve([one.listener]))
            while not all(server.started for server in servers):
                await asyncio.sleep(0.01)
            ready()


class Connection(HttpToolsProtocol):
    """One connection, which may not keep its place by sending slowly, by sending without end, or by not reading."""

    _awaited_since: float | None = None
    """Since when the head of a request is awaited, in the loop's seconds; None while one is being answered."""
    _stalled_since: float | None = None
    """Since when bytes wait for a reader who does not take them."""
    _awaited_bytes = 0
    _has_body_to_come = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn narrows it so
        """Take the connection, in the place of an idle one where all are taken, or say that there are too many."""
        super().connection_made(transport)
        self._awaited_since = self.loop.time()
        if len(self.connections) > CONNECTIONS_PER_DOOR and not self._took_an_idle_place():
            self._refuse(503, TOO_MANY, f"retry-after: {BUSY_RETRY_SECONDS}\r\n")

    def data_received(self, data: bytes) -> None:
        """Take bytes, by no more at once than a head may have."""
        step = HEADER_KIB * 1024
        for start in range(0, len(data), step):
            if self.transport.is_closing():
                return
            if self._awaited_since is None and self.cycle.response_complete:
                self._awaited_since = self.loop.time()
            part = data[start : start + step]
            super().data_received(part)
            if self._awaited_since is not None:
                self._count_awaited(len(part))

    def on_headers_complete(self) -> None:
        """The head is there: what follows is a body."""
        self._awaited_since = None
        self._awaited_bytes = 0
        self._has_body_to_come = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The body is there: what follows is another head."""
        self._has_body_to_come = False
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP."""
        self._refuse(400, MALFORMED)

    @property
    def is_idle(self) -> bool:
        """Whether all that was asked is answered, and nothing more has begun to come."""
        return self._awaited_since is None and self.cycle.response_complete and not self.transport.is_closing()

    def end_if_late(self, now: float) -> None:
        """Hang up on who sends or reads too slowly; `now` is in the loop's seconds."""
        if self._awaited_since is not None and now - self._awaited_since > HEADER_READ_SECONDS:
            self.transport.abort()
        if not (self.transport.is_closing() or self.flow.write_paused):
            self._stalled_since = None
        elif self._stalled_since is None:
            self._stalled_since = now
        elif now - self._stalled_since > STALLED_WRITE_SECONDS:
            self.transport.abort()

    def _took_an_idle_place(self) -> bool:
        """Hang up on one who has his answer and only keeps the connection, if there is one."""
        idle = next((one for one in self.connections if isinstance(one, Connection) and one.is_idle), None)
        if idle is not None:
            idle.transport.close()
        return idle is not None

    def _count_awaited(self, number: int) -> None:
        """What is left of a body that nobody wanted may be longer than a head: who sends it is to get his answer."""
        self._awaited_bytes += number
        if self._has_body_to_come and self._awaited_bytes > UNWANTED_BODY_KIB * 1024:
            self.transport.abort()
        elif not self._has_body_to_come and self._awaited_bytes > HEADER_KIB * 1024:
            self._refuse(431, TOO_LONG)

    def _refuse(self, status: int, words: str, header: str = "") -> None:
        """Answer by ourselves, before there is a request, in every language; then hang up."""
        body = "".join(f"{translated(language, words)}\n" for language in LANGUAGES).encode()
        head = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n{header}content-type: text/plain; charset=utf-8\r\n"
            f"content-length: {len(body)}\r\ncache-control: no-store\r\nx-content-type-options: nosniff\r\n"
            "connection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + body)
        self.transport.close()


class DoorServer(uvicorn.Server):
    """A server that looks every second at its connections, and leaves the signals to `serve`."""

    async def on_tick(self, counter: int) -> bool:
        """Called ten times a second; True when it is time to stop."""
        if counter % _TICKS_A_SECOND == 0:
            now = asyncio.get_running_loop().time()
            for connection in tuple(self.server_state.connections):
                if isinstance(connection, Connection):
                    connection.end_if_late(now)
        return await super().on_tick(counter)

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Nothing: several servers run in this loop."""
        yield


def _config(app: ASGIApp) -> uvicorn.Config:
    """No version, no clock, no address and no path leaves the server, by its answers or by its log."""
    return uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        lifespan="off",
        interface="asgi3",
        workers=1,
        log_config=None,
        log_level=logging.ERROR,  # anybody can make it warn, as often as they like
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )


@contextmanager
def _stopped_by_signals(servers: Sequence[DoorServer]) -> Generator[None, None, None]:
    def stop() -> None:
        for server in servers:
            server.force_exit = server.should_exit
            server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)


def _log_loop_fault(_: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
    """Log a fault of the loop by its kind and place: the rest of `context` may name a person's address."""
    error = context.get("exception")
    LOG.error("fault in the loop\n%s", told_safely(error) if error else "")
