"""Requests through a SOCKS port, by name (RFC 1928).

httpx can do this too, but leaves its socket open when Tor says no, which is common while an onion is being published.
"""

import asyncio
from typing import Final

FETCH_SECONDS: Final = 180
TRY_SECONDS: Final = 40
"""Tor itself gives a request up after two minutes, spent on introduction points that are gone."""
PAUSE_SECONDS: Final = 0.5
ATTEMPT_SECONDS: Final = 15

NO_AUTHENTICATION: Final = b"\x05\x01\x00"
CONNECT_BY_NAME: Final = b"\x05\x01\x00\x03"
REPLY_BYTES: Final = 10
SUCCEEDED: Final = 0


async def fetch(socks: str, address: str | None, path: str = "/") -> str:
    """Fetch the body at `path` of the onion `address`, again until it is reached; `TimeoutError` after `FETCH_SECONDS`.

    Right after a service was published anew, Tor still tries the introduction points of before.
    """
    async with asyncio.timeout(FETCH_SECONDS):
        while True:
            try:
                async with asyncio.timeout(TRY_SECONDS):
                    return await _fetch_once(socks, f"{address}", path)
            except (ConnectionError, asyncio.IncompleteReadError, TimeoutError):
                await asyncio.sleep(PAUSE_SECONDS)


async def reaches(socks: str, address: str) -> bool:
    """Try once to reach the onion `address`; False when Tor still tries after `ATTEMPT_SECONDS`."""
    try:
        async with asyncio.timeout(ATTEMPT_SECONDS):
            await _fetch_once(socks, address, "/")
    except (ConnectionError, asyncio.IncompleteReadError, TimeoutError):
        return False
    return True


async def _fetch_once(socks: str, address: str, path: str) -> str:
    host, _, port = socks.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(NO_AUTHENTICATION)
        await reader.readexactly(2)
        writer.write(CONNECT_BY_NAME + bytes([len(address)]) + address.encode() + (80).to_bytes(2, "big"))
        if (await reader.readexactly(REPLY_BYTES))[1] != SUCCEEDED:
            raise ConnectionError(f"Tor does not reach {address}")
        writer.write(f"GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n".encode())
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        if not head:
            raise ConnectionError(f"{address} closed without a word")
        return body.decode()
    finally:
        writer.close()
