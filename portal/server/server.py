"""The HTTP server: one uvicorn for each open door in one loop."""

import asyncio
import logging
import resource
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Generator, Mapping, Sequence
from contextlib import contextmanager
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
"""As many as there may be: the clearnet's, the onion's, and the organisers' own two."""

DESCRIPTORS: Final = LISTENERS * (CONNECTIONS_PER_LISTENER + BACKLOG) + 256
"""Files that may be open at once: every door full and as many again at each, and room for all else."""


@dataclass(frozen=True, slots=True)
class BoundListener:
    """A door and the socket that listens behind it.

    `circuit_key`: 32 random bytes where Tor tells the circuit of each connection in a line before all else; b"" where
    nothing is told.
    """

    listener: Listener
    sock: socket.socket
    circuit_key: bytes = field(default=b"", repr=False)


def run(main: Coroutine[Any, Any, Result]) -> Result:
    """Run `main` to its end on the loop that the server is made for, with a log that names nobody."""
    start_log(sys.stderr)
    _take_descriptors()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


async def serve(
    at: Callable[[Listener], ASGIApp], listeners: Sequence[BoundListener], ready: Callable[[], None]
) -> None:
    """Answer at every one of `listeners` with what `at` gives, until SIGINT or SIGTERM; call `ready` once all answer.

    What is under way then has STOP_SECONDS to end; a second signal does not wait.
    """
    asyncio.get_running_loop().set_exception_handler(_log_loop_fault)
    servers = [ListenerServer(_config(at(one.listener), one.circuit_key)) for one in listeners]
    with _stopped_by_signals(servers):
        async with asyncio.TaskGroup() as group:
            for server, one in zip(servers, listeners, strict=True):
                group.create_task(server.serve([one.sock]))
            while not all(server.started for server in servers):
                await asyncio.sleep(0.01)
            ready()


class ListenerServer(uvicorn.Server):
    """A server that looks every second at its connections, and leaves the signals to `serve`."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.server_state.connections = ConnectionPool()

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


def _take_descriptors() -> None:
    """Raise the limit of open files to DESCRIPTORS, or as near as this account may; a higher one stays."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _config(app: ASGIApp, circuit_key: bytes) -> uvicorn.Config:
    """No version, no clock, no address and no path leaves the server, by its answers or by its log."""
    return uvicorn.Config(
        app,
        http=partial(CircuitConnection, circuit_key=circuit_key) if circuit_key else Connection,  # type: ignore[arg-type]
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


def _log_loop_fault(_: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
    """Log a fault of the loop by its kind and place: the rest of `context` may name a person's address."""
    error = context.get("exception")
    LOG.error("fault in the loop\n%s", format_safely(error) if error else "")
