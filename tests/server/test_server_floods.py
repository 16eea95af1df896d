"""The real server on real sockets, asked for more than it has answered: what waits has an end."""

import asyncio
import gc
import socket
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from portal.domain.limits import HEADER_FIELDS, HEADER_KIB, PIPELINED_KIB, PIPELINED_REQUESTS, SEND_BUFFER_KIB
from portal.server import connection
from portal.server.connection import Connection
from portal.web.listeners import ListenerName
from tests.factories.running_server import (
    CLOSING,
    ENDED,
    HOME,
    HOST,
    HOSTS,
    MUCH,
    MUCH_TIMES,
    Running,
    listen,
    running,
)
from tests.waiting import PATIENCE

pytestmark = pytest.mark.anyio

CIRCUIT: Final = "PROXY TCP6 fc00:dead:beef:4dad::1:1 ::1 1 80\r\n"
CHUNKED: Final = f"POST /fr/ HTTP/1.1\r\n{HOST}Transfer-Encoding: chunked\r\n\r\n"


def asking(
    path: str, *, closing: bool = False, listener: ListenerName = "clearnet", fields: str = "", version: str = "1.1"
) -> str:
    end = CLOSING if closing else "\r\n"
    return f"GET {path} HTTP/{version}\r\n{HOSTS[listener]}{fields}{end}"


async def say(made: Running, words: str, listener: ListenerName = "clearnet") -> list[bytes]:
    """Return the status of each answer; the last is `reset` where the other side aborted."""
    heard = await made.say(words, listener)
    return [part[:3] for part in heard.split(b"HTTP/1.1 ")[1:]] + [b"reset"] * heard.endswith(b"<reset>")


@pytest.mark.parametrize("listener", ["clearnet", "onion"])
async def test_few_requests_may_wait_for_an_answer(portal: Running, listener: ListenerName) -> None:
    waiting = asking("/fr", listener=listener) * (PIPELINED_REQUESTS - 1) + asking(
        "/fr", closing=True, listener=listener
    )
    assert (
        await say(portal, asking("/slow/", listener=listener) + waiting, listener)
        == [b"200"] + [b"308"] * PIPELINED_REQUESTS
    )


@pytest.mark.parametrize("listener", ["clearnet", "onion"])
async def test_connection_on_which_more_wait_is_hung_up_on(portal: Running, listener: ListenerName) -> None:
    words = asking("/slow/", listener=listener) + asking("/fr", listener=listener) * (PIPELINED_REQUESTS + 1)
    assert set(await say(portal, words, listener)) <= {b"reset"}


async def test_connection_of_a_circuit_on_which_more_wait_is_hung_up_on(tmp_path: Path) -> None:
    async with running(tmp_path, circuit_key=b"k" * 32) as made:
        few = asking("/fr", listener="onion") * PIPELINED_REQUESTS
        last = asking("/fr", closing=True, listener="onion")
        assert await say(made, f"{CIRCUIT}{few}{last}", "onion") == [b"308"] * (PIPELINED_REQUESTS + 1)
        assert set(await say(made, f"{CIRCUIT}{few}{few}{last}", "onion")) <= {b"reset"}


async def test_one_who_asks_a_few_at_a_time_goes_on_for_ever(portal: Running) -> None:
    reader, writer = await portal.call()
    for _ in range(20):
        writer.write((asking("/fr", fields=f"X: {'x' * 1_000}\r\n") * PIPELINED_REQUESTS).encode())
        for _ in range(PIPELINED_REQUESTS):
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 308 ")
    writer.close()


OLD_AND_LASTING: Final = "Connection: keep-alive\r\n"


async def test_http_1_0_has_one_answer_however_it_asks(portal: Running) -> None:
    old = asking("/fr", fields=OLD_AND_LASTING, version="1.0")
    assert await say(portal, old * 2) == [b"308"]
    slow = asking("/slow/", fields=OLD_AND_LASTING, version="1.0")
    assert set(await say(portal, slow + old * (PIPELINED_REQUESTS + 1))) <= {b"reset"}


@pytest.mark.parametrize(("kib", "statuses"), [(8, [b"200", b"405"]), (PIPELINED_KIB + 2 * HEADER_KIB, [])])
async def test_bytes_that_wait_have_an_end(portal: Running, kib: int, statuses: list[bytes]) -> None:
    length = kib * 1024
    head = f"POST /fr/ HTTP/1.1\r\n{HOST}Connection: close\r\nContent-Length: {length}\r\n\r\n"
    heard = await say(portal, asking("/slow/") + head + "a" * length)
    assert [each for each in heard if each != b"reset"] == statuses


async def test_nothing_is_read_while_a_request_waits(portal: Running) -> None:
    with socket.create_connection(("127.0.0.1", portal.port)) as caller:
        caller.sendall((asking("/until-the-end/") + asking("/fr")).encode())
        await asyncio.sleep(0.05)
        kept = only_connection()
        caller.sendall(asking("/fr").encode() * PIPELINED_REQUESTS)
        await asyncio.sleep(0.05)
        assert len(kept.pipeline) == 1


async def test_request_that_is_being_answered_hears_that_its_connection_was_hung_up_on(portal: Running) -> None:
    ENDED.clear()
    await say(portal, asking("/until-the-end/") + asking("/fr") * (PIPELINED_REQUESTS + 1))
    async with asyncio.timeout(PATIENCE):
        while not ENDED.is_set():
            await asyncio.sleep(0.01)


FIELDS_OF_OURS: Final = 2
"""Host and Connection."""


@pytest.mark.parametrize(("more", "status"), [(0, b"200"), (1, b"431")])
async def test_head_has_as_many_fields_as_the_limit_says(portal: Running, more: int, status: bytes) -> None:
    fields = "a:\r\n" * (HEADER_FIELDS - FIELDS_OF_OURS + more)
    assert await say(portal, f"{HOME}{fields}{CLOSING}") == [status]


async def test_head_with_too_many_fields_is_not_awaited_to_its_end(portal: Running) -> None:
    assert await say(portal, HOME + "a:\r\n" * (HEADER_FIELDS + 1)) == [b"431"]


async def test_smallest_chunks_are_taken_a_part_at_each_turn_of_the_loop(
    portal: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: Counter[int] = Counter()
    turn, take = 0, HttpToolsProtocol.data_received

    def note(self: HttpToolsProtocol, data: bytes) -> None:
        taken[turn] += len(data)
        take(self, data)

    async def count_turns() -> None:
        nonlocal turn
        while True:
            turn += 1
            await asyncio.sleep(0)

    monkeypatch.setattr(HttpToolsProtocol, "data_received", note)
    counting = asyncio.create_task(count_turns())
    heard = await say(portal, CHUNKED + "1\r\na\r\n" * 40_000 + f"0\r\n\r\n{asking('/fr', closing=True)}")
    counting.cancel()
    assert heard == [b"405", b"308"]
    assert max(taken.values()) <= 2 * HEADER_KIB * 1024  # the end of what came last, and the beginning of more


async def test_body_that_comes_after_its_answer_began_is_not_kept(portal: Running) -> None:
    length = 200_000
    head = f"GET /much/ HTTP/1.1\r\n{HOST}Content-Length: {length}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", portal.port)) as caller:
        caller.sendall(head.encode())
        await asyncio.sleep(0.1)
        caller.setblocking(False)
        await asyncio.get_running_loop().sock_sendall(caller, b"a" * length)
        await asyncio.sleep(0.1)
        kept = only_connection()
        assert (len(kept.cycle.body), kept.cycle.response_complete) == (0, False)


@pytest.mark.parametrize("listener", ["clearnet", "onion"])
async def test_answer_that_nobody_reads_takes_little_of_the_systems_memory(
    portal: Running, listener: ListenerName
) -> None:
    with portal.connect(listener) as caller:
        caller.sendall(asking("/much/", listener=listener).encode())
        await asyncio.sleep(0.1)
        accepted = only_connection().transport.get_extra_info("socket")
        # The kernel doubles the number, for its own accounts (socket(7)).
        assert accepted.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) == 2 * SEND_BUFFER_KIB * 1024


def only_connection() -> Connection:
    (kept,) = (each for each in gc.get_objects() if isinstance(each, Connection) and not each.transport.is_closing())
    return kept


UNREAD: Final = {"and stays": asking("/much/"), "and is to end": asking("/much/", closing=True)}


@pytest.mark.parametrize("words", UNREAD.values(), ids=UNREAD.keys())
async def test_one_who_does_not_read_loses_the_place_before_one_who_sends(
    portal: Running, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.setattr(connection, "CONNECTIONS_PER_LISTENER", 2)
    sending = await portal.call()
    sending[1].write(HOME.encode())
    await asyncio.sleep(0.05)
    with socket.create_connection(("127.0.0.1", portal.port)) as caller:
        caller.sendall(words.encode())
        await asyncio.sleep(0.1)
        assert await say(portal, asking("/fr", closing=True)) == [b"308"]
        assert await length_read(caller) < MUCH_TIMES * len(MUCH)
    sending[1].write(CLOSING.encode())
    assert (await listen(*sending)).startswith(b"HTTP/1.1 200 ")


async def length_read(caller: socket.socket) -> int:
    """Return the number of bytes until the other side closes."""
    caller.setblocking(False)
    length = 0
    with suppress(ConnectionError):
        async with asyncio.timeout(PATIENCE):
            while part := await asyncio.get_running_loop().sock_recv(caller, 1_000_000):
                length += len(part)
    return length
