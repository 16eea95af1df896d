"""The real server with both its listeners, on real sockets, for the tests that call it."""

import asyncio
import os
import random
import signal
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from portal.domain.edition.edition import Edition
from portal.origin.app import at_listener, create_app
from portal.server.server import BoundListener, serve
from portal.server.sockets import closing, open_tcp, open_unix
from portal.services import OnionView, Services
from portal.settings import Settings
from portal.web.listeners import ListenerName, clearnet_listener, onion_listener
from tests.factories.portal import Clock, Harness, cheap_hasher, first_edition
from tests.factories.sample import ONION, edition
from tests.factories.tickets import KEYS
from tests.fakes.memory_store import memory_store
from tests.waiting import PATIENCE

HOST: Final = "Host: localhost\r\n"
HOSTS: Final[dict[ListenerName, str]] = {"clearnet": HOST, "onion": f"Host: {ONION.removeprefix('http://')}\r\n"}
HOME: Final = f"GET /fr/ HTTP/1.1\r\n{HOST}"
CLOSING: Final = "Connection: close\r\n\r\n"
OFF: Final = OnionView("off", None)
MUCH: Final = bytes(64 * 1024)
MUCH_TIMES: Final = 256
ENDED: Final = threading.Event()
"""Set when a request to `/until-the-end/` has heard of the end."""


async def take_a_moment(request: Request) -> Response:
    """Answer after a while."""
    await asyncio.sleep(0.1)
    return PlainTextResponse("at last")


class Gate:
    """A page that is under way until the test opens it; it counts the requests that have come."""

    def __init__(self) -> None:
        self.arrived = 0
        self.opened: Final = asyncio.Event()

    async def wait(self, request: Request) -> Response:
        """Answer once the gate is open."""
        self.arrived += 1
        await self.opened.wait()
        return PlainTextResponse("at last")


async def measure(request: Request) -> Response:
    """Answer with the sizes of the request, once its body is read."""
    length = len(await request.body())
    return PlainTextResponse(f"{length} bytes, {len(request.headers)} headers")


async def send_much(request: Request) -> Response:
    """Send more than the buffers of the system hold, in parts."""
    return StreamingResponse(MUCH for _ in range(MUCH_TIMES))


async def wait_for_end(request: Request) -> Response:
    """Wait without an answer until the connection is gone, and set ENDED."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    ENDED.set()
    return Response()


@dataclass(frozen=True)
class Running:
    """A server that answers, by its TCP port and the path of its Unix socket, and the `harness` behind it."""

    port: int
    path: Path
    task: asyncio.Task[None]
    harness: Harness
    gate: Gate

    async def call(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection to the clearnet listener."""
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def say(self, words: str | bytes, listener: ListenerName = "clearnet") -> bytes:
        """Send `words` to a listener and listen until it hangs up."""
        reader, writer = await (self.call() if listener == "clearnet" else asyncio.open_unix_connection(self.path))
        writer.write(words.encode("latin-1") if isinstance(words, str) else words)
        return await listen(reader, writer)

    def connect(self, listener: ListenerName) -> socket.socket:
        """Return a socket that is connected to a listener, for a test that needs hundreds."""
        if listener == "clearnet":
            return socket.create_connection(("127.0.0.1", self.port))
        opened = socket.socket(socket.AF_UNIX)
        opened.connect(str(self.path))
        return opened

    async def is_stopping(self) -> None:
        """Return as soon as the server takes no more connections."""
        async with asyncio.timeout(PATIENCE):
            with suppress(ConnectionRefusedError):
                while True:
                    self.connect("clearnet").close()
                    await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """End it as a terminal does."""
        os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            await self.task


async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    """Return everything until the other side hangs up, however it does."""
    heard = bytearray()
    async with asyncio.timeout(PATIENCE):
        try:
            while part := await reader.read(65_536):
                heard += part
        except ConnectionError:
            heard += b"<reset>"
    writer.close()
    return bytes(heard)


def application(services: Services, shown: Edition, gate: Gate) -> Starlette:
    """Return the portal with paths that are slow, that read whatever they are sent, that send much, that never end."""
    app = create_app(services, shown)
    app.router.routes += [
        Route("/slow/", take_a_moment),
        Route("/gate/", gate.wait),
        Route("/measure/", measure, methods=["POST"]),
        Route("/much/", send_much),
        Route("/until-the-end/", wait_for_end),
    ]
    return app


@asynccontextmanager
async def running(
    folder: Path,
    *,
    public_url: str = "",
    onion: OnionView = OFF,
    shown: Edition | None = None,
    rng: random.SystemRandom | None = None,
    circuit_key: bytes = b"",
) -> AsyncIterator[Running]:
    """Run a server with both its listeners, stopped at the end if it still runs; it shows the edition `shown`.

    With a `circuit_key` the onion listener is told circuits.
    """
    path, is_ready = folder / "onion" / "listener", asyncio.Event()
    store = memory_store()
    await store.open()
    await first_edition(store)
    harness = Harness(store, Clock(), KEYS, cheap_hasher(), Settings(public_url=public_url), onion)
    services = harness.services()
    harness.app = app = application(replace(services, rng=rng or services.rng), shown or edition(), gate := Gate())
    with closing([clearnet := open_tcp("127.0.0.1", 0), at_onion := open_unix(path)]):
        onion_side = BoundListener(onion_listener(lambda: ONION), at_onion, circuit_key)
        listeners = [BoundListener(clearnet_listener(public_url), clearnet), onion_side]
        port: int = clearnet.getsockname()[1]
        task = asyncio.create_task(serve(partial(at_listener, app), listeners, is_ready.set))
        await asyncio.wait([task, asyncio.create_task(is_ready.wait())], return_when=asyncio.FIRST_COMPLETED)
        made = Running(port, path, task, harness, gate)
        try:
            yield made
        finally:
            if not task.done():
                await made.stop()
            await store.close()
