"""HTTP server: one uvicorn for each listener, all in one event loop, and the tasks in the background of it."""

import asyncio
import logging
import resource
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypeVar

import uvicorn
import uvloop
from starlette.types import ASGIApp

from portal.domain.limits import CONNECTIONS_PER_LISTENER, KEEP_ALIVE_SECONDS, STOP_SECONDS
from portal.server.circuit_connection import CircuitConnection
from portal.server.connection import Connection
from portal.server.connection_pool import ConnectionPool
from portal.server.sockets import BACKLOG
from portal.web.error_log import format_safely, start_log
from portal.web.listeners import Listener

LOG: Final = logging.getLogger("portal")
SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_TICKS_A_SECOND: Final = 10

Result = TypeVar("Result")

LISTENERS: Final = 4
"""At most: the clearnet's, the onion's, and the organisers' own two."""

DESCRIPTORS: Final = LISTENERS * (CONNECTIONS_PER_LISTENER + BACKLOG) + 256
"""Limit of open files: every listener full with a full backlog, and room for all else."""


@dataclass(frozen=True, slots=True)
class BoundListener:
    """A listener and its socket.

    `circuit_key`: 32 random bytes where Tor sends the circuit of each connection in a PROXY line; b"" elsewhere.
    """

    listener: Listener
    sock: socket.socket
    circuit_key: bytes = field(default=b"", repr=False)


def run(main: Coroutine[Any, Any, Result]) -> Result:
    """Run `main` to its end on uvloop, with a log without personal data."""
    start_log(sys.stderr)
    _raise_file_limit()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


async def serve(
    app_at: Callable[[Listener], ASGIApp], listeners: Sequence[BoundListener], ready: Callable[[], None]
) -> None:
    """Serve the app that `app_at` gives at each of `listeners`, until SIGINT or SIGTERM; call `ready` once all answer.

    Requests that are being answered then have STOP_SECONDS to end; a second signal ends at once.
    """
    asyncio.get_running_loop().set_exception_handler(_log_loop_fault)
    servers = [ListenerServer(_config(app_at(bound.listener), bound.circuit_key)) for bound in listeners]
    with _stopped_by_signals(servers):
        async with asyncio.TaskGroup() as group:
            for server, bound in zip(servers, listeners, strict=True):
                group.create_task(server.serve([bound.sock]))
            while not all(server.started for server in servers):
                await asyncio.sleep(0.01)
            ready()


@asynccontextmanager
async def background_tasks(*coroutines: Coroutine[object, object, None]) -> AsyncIterator[None]:
    """Run `coroutines` during the block; an exception in one is logged and stops nothing else."""
    tasks = [asyncio.create_task(_log_exceptions(coroutine)) for coroutine in coroutines]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class ListenerServer(uvicorn.Server):
    """A server that checks its connections every second, and leaves the signals to `serve`."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.server_state.connections = ConnectionPool()

    async def on_tick(self, counter: int) -> bool:
        """Close late connections; called ten times a second. Returns True when it is time to stop."""
        if counter % _TICKS_A_SECOND == 0:
            now = asyncio.get_running_loop().time()
            for connection in tuple(self.server_state.connections):
                if isinstance(connection, Connection):
                    connection.end_if_late(now)
        return await super().on_tick(counter)

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Capture no signal: several servers run in this loop."""
        yield


def _raise_file_limit() -> None:
    """Raise the limit of open files to DESCRIPTORS, or as near as this account may; a higher limit stays."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _config(app: ASGIApp, circuit_key: bytes) -> uvicorn.Config:
    """Configure uvicorn so that no version, clock, address or path leaves by answers or by the log."""
    return uvicorn.Config(
        app,
        http=partial(CircuitConnection, circuit_key=circuit_key) if circuit_key else Connection,  # type: ignore[arg-type]
        ws="none",
        lifespan="off",
        interface="asgi3",
        workers=1,
        log_config=None,
        log_level=logging.ERROR,  # clients can make it warn at will
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )


@contextmanager
def _stopped_by_signals(servers: Sequence[ListenerServer]) -> Generator[None, None, None]:
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


async def _log_exceptions(coroutine: Coroutine[object, object, None]) -> None:
    try:
        await coroutine
    except Exception as error:  # whatever it is, the listeners stay open
        LOG.error("fault in a background task\n%s", format_safely(error))


def _log_loop_fault(_: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
    """Log an exception of the loop by type and traceback: the rest of `context` may have a person's address."""
    error = context.get("exception")
    LOG.error("fault in the loop\n%s", format_safely(error) if error else "")
