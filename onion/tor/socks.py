"""One small page of an onion, fetched through the SOCKS port of a Tor (RFC 1928, socks-extensions of Tor).

This is httpcore, which httpx itself rests on: httpx reaches no SOCKS port that is a Unix socket, and both leave the
connection to the proxy open when Tor says no. Neither a proxy nor anything else is taken from the environment.
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
"""As httpcore hands them through; none is ever given here."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The status of an answer and the beginning of its body, `BODY_BYTES` at most."""

    status: int
    body: bytes


async def fetch(socks: Sequence[TorAddress], address: str, path: str, rng: random.Random) -> Answer | None:
    """The answer of `address` (`….onion`) to GET `path`, over a circuit of its own; None when Tor does not get there.

    Tor gives other credentials another circuit (tor(1), IsolateSOCKSAuth), so that each fetch builds one, as a new
    visitor's does. Raises `SocksShut` when none of `socks` lets us in. The caller limits the time.
    """
    lane = SocksBackend(socks)
    credentials = (rng.randbytes(CREDENTIAL_BYTES).hex(), rng.randbytes(CREDENTIAL_BYTES).hex())
    proxy = httpcore.AsyncSOCKSProxy("socks5h://tor", proxy_auth=credentials, network_backend=lane)
    try:
        async with proxy, proxy.stream("GET", f"http://{address}{path}") as response:
            body = b""
            async for part in response.aiter_stream():
                body += part
                if len(body) >= BODY_BYTES:
                    break
            return Answer(response.status, body[:BODY_BYTES])
    except SocksShut:
        raise
    except Exception:  # httpcore's errors have no root, and those of socksio and its asserts come through it
        return None
    finally:
        await lane.close()


class SocksBackend(httpcore.AsyncNetworkBackend):
    """Leads every connection to the first of `places` that is open, and remembers it, to be closed at the end."""

    def __init__(self, places: Sequence[TorAddress]) -> None:
        self._places = places
        self._opened: list[Stream] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """The connection, wherever httpcore thinks it goes. Raises `SocksShut`."""
        for place in self._places:
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    stream = Stream(*await _connected(place))
            except OSError:  # TimeoutError is one
                continue
            self._opened.append(stream)
            return stream
        raise SocksShut(places=", ".join(map(str, self._places)))

    async def close(self) -> None:
        """Close what was opened, also where httpcore has lost sight of it."""
        for stream in self._opened:
            await stream.aclose()


class Stream(httpcore.AsyncNetworkStream):
    """A connection of asyncio's own: that of anyio, on a Unix socket, faults in the loop when it is cancelled."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What came, at most so much; the caller of `fetch` limits the time."""
        return await self._reader.read(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of `buffer`."""
        self._writer.write(buffer)
        await self._writer.drain()

    async def aclose(self) -> None:
        """Hang up, once or again."""
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()

    def get_extra_info(self, info: str) -> None:
        """There is nothing more to know of it."""


async def _connected(place: TorAddress) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if place.path is not None:
        return await asyncio.open_unix_connection(place.path)
    return await asyncio.open_connection(place.host, place.port)
