"""Turns on the real server: one connection has one place, whatever it sends, and gives it up when it ends."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import pytest

from portal.web.rate_limit import rate_limits
from tests.factories.portal import Clock
from tests.factories.running_server import HOST, running
from tests.fakes.virtual_time import request
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.anyio

BODY: Final = "code=HUTEMVRWE&passphrase=six+words+that+nobody+has"
TICKET: Final = (
    f"POST /fr/billet/ HTTP/1.1\r\n{HOST}Content-Type: application/x-www-form-urlencoded\r\n"
    f"Content-Length: {len(BODY)}\r\n\r\n{BODY}"
)


async def test_connection_has_one_place_however_much_it_sends_and_gives_it_up_with_its_end(tmp_path: Path) -> None:
    async with running(tmp_path) as portal:
        portal.harness.app.state.rate_limits = all_turns = rate_limits(Clock(), 60, b"s" * 32)
        tickets = all_turns.tickets
        async with AsyncExitStack() as turn:
            await turn.enter_async_context(tickets.slot(request()))
            (reader, flood), (_, leaving) = await portal.call(), await portal.call()
            flood.write(TICKET.encode() * 6)
            await until(lambda: len(tickets) == 1)
            leaving.write(TICKET.encode())
            await until(lambda: len(tickets) == 2)
            for _ in range(20):
                await asyncio.sleep(0)
            assert len(tickets) == 2
            leaving.transport.abort()
            await until(lambda: len(tickets) == 1)
        async with asyncio.timeout(PATIENCE):
            assert (await reader.readline()).startswith(b"HTTP/1.1 403 ")
        flood.close()
        await until(lambda: len(tickets) == 0)
