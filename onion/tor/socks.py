"""Fetching a small page of an onion through the SOCKS port of a Tor (RFC 1928, Tor's socks-extensions).

It uses httpcore, on which httpx rests: httpx reaches no SOCKS port that is a Unix socket, and both leave the connection
to the proxy open when Tor refuses. No proxy and no other setting is taken from the environment.
"""

import asyncio
import random
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import httpcore

from onion.errors import SocksShut
from onion.tor.addresses import TorAddress

CREDENTIAL_BYTES: Final = 16
BODY_BYTES: Final = 1024
CONNECT_SECONDS: Final = 5

SocketOption = Any
"""A type of httpcore's interface; none is given here."""


@dataclass(frozen=True, slots=True)
class Response:
    """The status of a response and the beginning of its body, `BODY_BYTES` at most."""

    status: int
    body: bytes


async def fetch(socks: Sequence[TorAddress], address: str, path: str, rng: random.Random) -> Response | None:
    """GET `path` at `address` (`….onion`) over a new circuit; None when Tor does not get there.

    Tor gives other credentials another circuit (tor(1), IsolateSOCKSAuth), so that each fetch builds a new circuit,
    like a new visitor. Raises `SocksShut` when none of `socks` takes a connection. The caller limits the time.
    """
    backend = SocksBackend(socks)
    credentials = (rng.randbytes(CREDENTIAL_BYTES).hex(), rng.randbytes(CREDENTIAL_BYTES).hex())
    proxy = httpcore.AsyncSOCKSProxy("socks5h://tor", proxy_auth=credentials, network_backend=backend)
    try:
        async with proxy, proxy.stream("GET", f"http://{address}{path}") as response:
            body = b""
            async for part in response.aiter_stream():
                body += part
                if len(body) >= BODY_BYTES:
                    break
            return Response(response.status, body[:BODY_BYTES])
    except SocksShut:
        raise
    except Exception:  # httpcore's errors have no root, and it lets those of socksio and its asserts through
        return None
    finally:
        await backend.close()


class SocksBackend(httpcore.AsyncNetworkBackend):
    """Network backend that connects to the first of `addresses` that is open, and closes its connections at the end."""

    def __init__(self, addresses: Sequence[TorAddress]) -> None:
        self._addresses = addresses
        self._opened: list[Stream] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to Tor, whatever `host` and `port` are. Raises `SocksShut`."""
        for address in self._addresses:
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    stream = Stream(*await _open_connection(address))
            except OSError:  # TimeoutError is one
                continue
            self._opened.append(stream)
            return stream
        raise SocksShut(addresses=", ".join(map(str, self._addresses)))

    async def close(self) -> None:
        """Close every connection, also those that httpcore has lost."""
        for stream in self._opened:
            await stream.aclose()


class Stream(httpcore.AsyncNetworkStream):
    """A connection of asyncio's own: anyio's, on a Unix socket, raises in the event loop when it is cancelled."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read at most `max_bytes`; the caller of `fetch` limits the time."""
        return await self._reader.read(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of `buffer`."""
        self._writer.write(buffer)
        await self._writer.drain()

    async def aclose(self) -> None:
        """Close the connection; it may be closed already."""
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()

    def get_extra_info(self, info: str) -> None:
        """Return nothing: httpcore needs no more."""


async def _open_connection(address: TorAddress) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if address.path is not None:
        return await asyncio.open_unix_connection(address.path)
    return await asyncio.open_connection(address.host, address.port)
