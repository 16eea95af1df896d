"""A Tor as a control connection sees it, of any version and with any build's gaps, and its SOCKS port."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

SERVICE: Final = "a" * 56
ADDRESS: Final = f"{SERVICE}.onion"
DIRECTORIES: Final = tuple(f"${number:040X}~relay{number}" for number in range(6))


@dataclass
class FakeTor:
    """Its control socket is `folder`/control, its SOCKS socket, where it has one, `folder`/socks.

    It does not understand a command with one of `unknown` in it. SOCKS connections lead to `listener`, or are refused
    while there is none; `callers` are the names under which they came. `added` are the ADD_ONION commands.
    """

    folder: Path
    version: str = "0.4.9.11"
    unknown: Sequence[str] = ()
    has_socks: bool = True
    listener: Path | None = None
    uploads: int = len(DIRECTORIES)
    added: list[str] = field(default_factory=list)
    callers: list[bytes] = field(default_factory=list)
    leading: list[asyncio.Task[None] | None] = field(default_factory=list)

    @property
    def open_callers(self) -> int:
        """Count the open connections by SOCKS."""
        return len(self.leading)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run until the end of the block."""
        async with await asyncio.start_unix_server(self._obey, self.folder / "control"):
            if not self.has_socks:
                yield
                return
            async with await asyncio.start_unix_server(self._lead_on, self.folder / "socks"):
                yield

    async def _obey(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := (await reader.readline()).decode().strip():
            writer.write("".join(f"{reply}\r\n" for reply in self._answer(line)).encode())
        writer.close()

    def _answer(self, line: str) -> Sequence[str]:
        """Control-spec §3."""
        socks = f'"unix:{self.folder}/socks"' if self.has_socks else ""
        known = {
            "PROTOCOLINFO": ["250-PROTOCOLINFO 1", "250-AUTH METHODS=NULL", '250-VERSION Tor="0.4.9.11"', "250 OK"],
            "GETINFO version": [f"250-version={self.version}", "250 OK"],
            "GETINFO net/listeners/socks": [f"250-net/listeners/socks={socks}", "250 OK"],
            "GETINFO status/bootstrap-phase": ["250-status/bootstrap-phase=NOTICE BOOTSTRAP PROGRESS=100", "250 OK"],
        }
        if line.startswith("ADD_ONION"):
            return self._add(line)
        return next((answer for begin, answer in known.items() if line.startswith(begin)), ["250 OK"])

    def _add(self, line: str) -> Sequence[str]:
        self.added.append(line)
        if gap := next((word for word in self.unknown if word in line), None):
            return [f'512 Bad arguments to ADD_ONION: Unrecognized keyword argument "{gap}"']
        hash = "A" * 43
        events = [
            f"650 HS_DESC UPLOAD {SERVICE} UNKNOWN {directory} {hash} HSDIR_INDEX={'0' * 64}"
            for directory in DIRECTORIES
        ]
        events += [f"650 HS_DESC UPLOADED {SERVICE} UNKNOWN {directory}" for directory in DIRECTORIES[: self.uploads]]
        return [f"250-ServiceID={SERVICE}", "250 OK", *events]

    async def _lead_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Lead on whoever comes, until they go."""
        # Kept, for asyncio keeps no task that only waits for a stream to be read.
        leading = asyncio.current_task()
        self.leading.append(leading)
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                await self._lead(reader, writer)
        finally:
            writer.close()
            self.leading.remove(leading)

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """RFC 1928 and 1929, one CONNECT by name."""
        await reader.readexactly(3)
        writer.write(b"\x05\x02")
        name = await reader.readexactly((await reader.readexactly(2))[1])
        await reader.readexactly((await reader.readexactly(1))[0])
        self.callers.append(name)
        writer.write(b"\x01\x00")
        await reader.readexactly((await reader.readexactly(5))[4] + 2)
        writer.write(b"\x05" + (b"\x00" if self.listener else b"\xf0") + b"\x00\x01" + bytes(6))
        if self.listener:
            door_reader, door_writer = await asyncio.open_unix_connection(self.listener)
            door_writer.write(await reader.readuntil(b"\r\n\r\n"))
            writer.write(await door_reader.read())
            door_writer.close()
            writer.close()
        await reader.read()
