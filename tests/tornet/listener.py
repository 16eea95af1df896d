"""Listener without a portal, for an onion service."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

SENTENCE: Final = "the programme"


def no_answer(path: str) -> str | None:
    """Answer no challenge."""
    return None


@dataclass
class BoundListener:
    """A listener: `answer` gives the proofs, unless somebody else `is_there_instead`; any other path is `SENTENCE`."""

    answer: Callable[[str], str | None] = no_answer
    is_there_instead: bool = False

    taking: set[asyncio.Task[None]] = field(default_factory=set)
    """The requests that are under way: a Tor may keep a connection open beyond the end of a test."""

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request, and close its connection whatever comes of it."""
        task = asyncio.current_task()
        assert task is not None
        self.taking.add(task)
        try:
            await self._answer(reader, writer)
        except asyncio.CancelledError:
            return  # by `open_listener`: Python 3.11 would report the task as failed
        finally:
            self.taking.discard(task)
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer after whatever line tells the circuit; nothing to a Tor that ended before it asked."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return
        path = head.partition(b"GET ")[2].split()[0].decode()
        body = (None if self.is_there_instead else self.answer(path)) or SENTENCE
        writer.write(f"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def open_listener(
    socket_path: Path, answer: Callable[[str], str | None] = no_answer
) -> AsyncIterator[BoundListener]:
    """Answer every request at `socket_path`."""
    listener = BoundListener(answer)
    async with await asyncio.start_unix_server(listener.take, socket_path):
        try:
            yield listener
        finally:
            for task in (left := list(listener.taking)):
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)
            await asyncio.sleep(0)  # a transport closes its socket at the next turn of the loop
