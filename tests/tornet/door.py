"""A door without a portal behind it: an HTTP server on a Unix socket that says one sentence."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

SENTENCE: Final = b"the programme"


@asynccontextmanager
async def open_door(socket_path: Path) -> AsyncIterator[None]:
    """Answer every request at `socket_path` with `SENTENCE`."""
    server = await asyncio.start_unix_server(_answer, socket_path)
    try:
        yield
    finally:
        server.close()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s" % (len(SENTENCE), SENTENCE))
    await writer.drain()
    writer.close()
    await writer.wait_closed()
