"""A wire to a control socket that a test can cut."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path


class Wire:
    """Each connection to `path` goes on to `control`, until it is `cut`."""

    def __init__(self, path: Path, control: Path) -> None:
        self.path = path
        self._control = control
        self._ends: list[asyncio.StreamWriter] = []

    def cut(self) -> None:
        """End every connection; new ones may be made."""
        for end in self._ends:
            end.close()
        self._ends.clear()

    @asynccontextmanager
    async def laid(self) -> AsyncIterator[None]:
        """Open the wire until the end of the block."""
        async with await asyncio.start_unix_server(self._join, self.path):
            yield
            self.cut()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_unix_connection(self._control)
        self._ends += [writer, far_writer]
        await asyncio.gather(_carry(reader, far_writer), _carry(far_reader, writer))


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while some := await reader.read(4096):
            writer.write(some)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()
