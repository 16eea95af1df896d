"""Floods of connections: requests sent one after the other without waiting, and answers that nobody reads.

Each is bounded in bytes and in time, and comes from a process of its own on loopback.
"""

import asyncio
import socket
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.figure import Figure
from bench.running import Server, portal

PIPELINED_MIB: Final = 256
PIPELINING: Final = 4
UNREAD: Final = 520
SECONDS: Final = 12
WORST_SECONDS: Final = 0.3
GROWTH_MIB: Final = 32
SHARE: Final = 0.95
VISIT_SECONDS: Final = 10
"""Seconds that a visitor waits for a page before giving up."""
_PAUSE_SECONDS: Final = 0.05
_SMALL: Final = b"GET /fr HTTP/1.1\r\nHost: localhost\r\n\r\n"
_PAGE: Final = b"GET /fr/programme/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
_VISIT: Final = b"GET /fr/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
_BLOCK_BYTES: Final = 65_536
_FEW: Final = 8


@dataclass(frozen=True, slots=True)
class Visits:
    """The answers that visitors waited for while a flood went on: the seconds of each, and how many had none."""

    seconds: tuple[float, ...]
    failed: int
    growth_mib: float

    @property
    def worst(self) -> float:
        """Return the longest wait; VISIT_SECONDS where one failed."""
        return VISIT_SECONDS if self.failed else max(self.seconds)

    @property
    def share(self) -> float:
        """Return the part of the visits that got an answer."""
        return len(self.seconds) / (len(self.seconds) + self.failed)

    def __str__(self) -> str:
        return f"{len(self.seconds)} of {len(self.seconds) + self.failed} visits, the worst {self.worst:.2f} s"


def measure_pipelined() -> Figure:
    """Return the longest wait of a visitor while 4 connections send 32 MiB of small requests without waiting."""
    alone, flooded = _measured(pipeline)
    ours = f"{flooded} beside {PIPELINING} that pipeline"
    return Figure("flood-pipelined", ours, f"{alone} alone", flooded.worst, WORST_SECONDS, is_ceiling=True, unit="s")


def measure_memory() -> Figure:
    """By how much that same flood makes the portal grow."""
    alone, flooded = _measured(pipeline)
    ours = f"{flooded.growth_mib:.0f} MiB more beside {PIPELINING} that pipeline {PIPELINED_MIB} MiB each"
    reference = f"{alone.growth_mib:.0f} MiB more alone"
    return Figure("flood-memory", ours, reference, flooded.growth_mib, GROWTH_MIB, is_ceiling=True, unit="MiB")


def measure_unread() -> Figure:
    """Return the part of the visits that succeed while 520 connections ask for page after page and read none."""
    return _visits_beside("flood-unread", "that pipeline and never read", hold_unread)


def measure_few_unread() -> Figure:
    """Measure the same while each asks for no more pages than may wait."""
    return _visits_beside(
        "flood-few-unread", f"that ask for {_FEW} pages and never read", partial(hold_unread, few=_FEW)
    )


def _visits_beside(name: str, kind: str, flood: Callable[[int, Event, float], None]) -> Figure:
    alone, flooded = _measured(flood)
    return Figure(name, f"{flooded} beside {UNREAD} {kind}", f"{alone} alone", flooded.share, SHARE)


def _measured(flood: Callable[[int, Event, float], None]) -> tuple[Visits, Visits]:
    """Measure what visitors meet alone, for a moment, and then beside `flood`."""
    with TemporaryDirectory() as folder, portal(Path(folder) / "data") as server:
        alone = visits(server, 3)
        with flooding(flood, server.port, SECONDS + 2):
            return alone, visits(server, SECONDS)


@contextmanager
def flooding(flood: Callable[[int, Event, float], None], port: int, seconds: float) -> Iterator[None]:
    """Have a process `flood` the port, from before until after what is done here, for at most so many seconds."""
    spawn = get_context("spawn")
    has_begun = spawn.Event()
    crowd = spawn.Process(target=flood, args=(port, has_begun, seconds))
    crowd.start()
    try:
        has_begun.wait()
        yield
    finally:
        crowd.join()
    assert crowd.exitcode == 0


def visits(server: Server, seconds: float) -> Visits:
    """One visit after the other for so long, each over a connection of its own, and by how much the server grew."""
    before = server.memory_kib("VmRSS")
    server.forget_peak()
    waited: list[float] = []
    failed, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        start = time.monotonic()
        if _is_answered(server.port):
            waited.append(time.monotonic() - start)
        else:
            failed += 1
        time.sleep(_PAUSE_SECONDS)
    return Visits(tuple(waited), failed, (server.memory_kib("VmHWM") - before) / 1024)


def _is_answered(port: int) -> bool:
    heard = bytearray()
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), VISIT_SECONDS) as visitor:
        visitor.sendall(_VISIT)
        while part := visitor.recv(_BLOCK_BYTES):
            heard += part
    return heard.startswith(b"HTTP/1.1 200 ") and heard.rstrip().endswith(b"</html>")


def pipeline(port: int, has_begun: Event, seconds: float) -> None:
    """PIPELINING connections send PIPELINED_MIB each of small requests, and come again where they are cut off."""
    asyncio.run(_in_time([_pipeline(port, has_begun) for _ in range(PIPELINING)], seconds))


def hold_unread(port: int, has_begun: Event, seconds: float, few: int = 0) -> None:
    """UNREAD connections ask for page after page, or for a `few`, read none, and come again where they are cut off."""
    asyncio.run(_in_time([_hold_unread(port, has_begun, few) for _ in range(UNREAD)], seconds))


async def _in_time(floods: Sequence[Coroutine[None, None, None]], seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.gather(*floods)


async def _pipeline(port: int, has_begun: Event) -> None:
    """Answers are read as fast as they come, and dropped."""
    loop, block = asyncio.get_running_loop(), _SMALL * (_BLOCK_BYTES // len(_SMALL))
    left = PIPELINED_MIB * 1024 * 1024
    while left > 0:
        with suppress(OSError), socket.socket() as caller:  # that it is cut off is no fault of the flood
            await _connect(caller, port)
            has_begun.set()
            reading = asyncio.create_task(_read_all(caller))
            while left > 0:
                left -= len(block)
                await loop.sock_sendall(caller, block)
            await reading


async def _read_all(caller: socket.socket) -> None:
    with suppress(OSError):
        while await asyncio.get_running_loop().sock_recv(caller, _BLOCK_BYTES):
            pass


async def _hold_unread(port: int, has_begun: Event, few: int) -> None:
    loop = asyncio.get_running_loop()
    while True:
        with suppress(OSError), socket.socket() as caller:
            await _connect(caller, port)
            await loop.sock_sendall(caller, _PAGE * (few or _BLOCK_BYTES // len(_PAGE)))
            has_begun.set()
            while not caller.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                await asyncio.sleep(_PAUSE_SECONDS)


async def _connect(caller: socket.socket, port: int) -> None:
    caller.setblocking(False)
    await asyncio.get_running_loop().sock_connect(caller, ("127.0.0.1", port))
