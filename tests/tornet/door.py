"""A door without a portal behind it, for an onion service to lead to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

SENTENCE: Final = "the programme"


@asynccontextmanager
async def open_door(socket_path: Path) -> AsyncIterator[None]:
    """Answer every request at `socket_path` with `SENTENCE`."""
    async with await asyncio.start_unix_server(_answer, socket_path):
        yield


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(f"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {len(SENTENCE)}\r\n\r\n{SENTENCE}".encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()
