"""A door without a portal behind it, for an onion service to lead to."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SENTENCE: Final = "the programme"


def no_answer(path: str) -> str | None:
    """Nothing is proven."""
    return None


@dataclass
class OpenDoor:
    """What is answered: `answer` gives the proofs, unless somebody else `is_there_instead`; all else is `SENTENCE`."""

    answer: Callable[[str], str | None] = no_answer
    is_there_instead: bool = False

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request, after whatever line tells its circuit; nothing to a Tor that ended before it asked."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            writer.close()
            return
        path = head.partition(b"GET ")[2].split()[0].decode()
        body = (None if self.is_there_instead else self.answer(path)) or SENTENCE
        writer.write(f"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def open_door(socket_path: Path, answer: Callable[[str], str | None] = no_answer) -> AsyncIterator[OpenDoor]:
    """Answer every request at `socket_path`."""
    door = OpenDoor(answer)
    async with await asyncio.start_unix_server(door.take, socket_path):
        yield door
