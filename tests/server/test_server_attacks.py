"""The real server on real sockets, under attack: endless bodies, full listeners, requests inside of requests."""

import asyncio
import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from typing import Final

import pytest

from portal.domain.limits import CONNECTIONS_PER_LISTENER, IMPORT_BODY_KIB, ORGANISERS_BODY_KIB
from portal.server import connection
from portal.web.listeners import ListenerName
from tests.factories.running_server import CLOSING, HOME, HOST, HOSTS, Running, listen
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.anyio

FORM: Final = f"POST /fr/billet/ HTTP/1.1\r\n{HOST}Content-Type: application/x-www-form-urlencoded\r\n"
CHUNKED: Final = "Transfer-Encoding: chunked\r\n\r\n"
SLOW: Final = "GET /slow/ HTTP/1.1\r\n"
GATE: Final = "GET /gate/ HTTP/1.1\r\n"
MORE_THAN_ANY_BODY: Final = 4_000_000


ENDLESS: Final[dict[str, tuple[str, bytes]]] = {
    "trailers of a form": (f"{FORM}{CHUNKED}1\r\na\r\n0\r\n", b"a:b\r\n" * 2_000),
    "one trailer of a form": (f"{FORM}{CHUNKED}1\r\na\r\n0\r\nX: ", b"a" * 10_000),
    "an extension of a chunk": (f"{FORM}{CHUNKED}1;x=", b"a" * 10_000),
    "trailers while a page is made": (f"{SLOW}{HOST}{CHUNKED}0\r\n", b"a:b\r\n" * 2_000),
    "a second head while a page is made": (f"{SLOW}{HOST}\r\n{HOME}X: ", b"a" * 10_000),
    "bytes after an upgrade": (f"{SLOW}{HOST}Upgrade: h2c\r\nConnection: upgrade\r\n\r\n", b"a" * 10_000),
}


@pytest.mark.parametrize(("first", "part"), ENDLESS.values(), ids=ENDLESS.keys())
async def test_sender_without_an_end_is_hung_up_on(portal: Running, first: str, part: bytes) -> None:
    reader, writer = await portal.call()
    hung_up = asyncio.create_task(listen(reader, writer))
    writer.write(first.encode())
    sent = 0
    while not writer.is_closing() and sent < MORE_THAN_ANY_BODY:
        writer.write(part)
        sent += len(part)
        await asyncio.sleep(0)
    heard = await hung_up
    assert heard.count(b"HTTP/1.1 ") <= 1
    assert b"HTTP/1.1 431" not in heard


async def test_trailer_is_no_header(portal: Running) -> None:
    first = f"POST /measure/ HTTP/1.1\r\n{HOST}Connection: close\r\n{CHUNKED}0\r\n"
    answer = await portal.say(f"{first}Host: evil.example\r\nX: a\r\n\r\n")
    assert answer.endswith(b"\r\n\r\n0 bytes, 3 headers")


async def test_largest_form_passes_in_the_smallest_chunks(portal: Running) -> None:
    size = ORGANISERS_BODY_KIB * 1024
    chunks = "1\r\na\r\n" * size
    answer = await portal.say(f"POST /measure/ HTTP/1.1\r\n{HOST}Connection: close\r\n{CHUNKED}{chunks}0\r\n\r\n")
    assert answer.endswith(f"\r\n\r\n{size} bytes, 3 headers".encode())


async def test_form_with_an_event_file_passes_whole(portal: Running) -> None:
    size = IMPORT_BODY_KIB * 1024
    head = f"POST /measure/ HTTP/1.1\r\n{HOST}Connection: close\r\nContent-Length: {size}\r\n\r\n"
    answer = await portal.say(head + "a" * size)
    assert answer.endswith(f"\r\n\r\n{size} bytes, 3 headers".encode())


INNER: Final = f"GET /en/ HTTP/1.1\r\n{HOST}{CLOSING}"
UPGRADE: Final = "Connection: upgrade\r\nUpgrade: websocket\r\n"
SMUGGLED: Final[dict[str, tuple[str, bytes]]] = {
    "in a form that asks for an upgrade": (f"{FORM}{UPGRADE}Content-Length: {len(INNER)}\r\n\r\n", b"400"),
    "in a page that asks for an upgrade": (f"{HOME}{UPGRADE}Content-Length: {len(INNER)}\r\n\r\n", b"400"),
    "in chunks that ask for an upgrade": (f"{FORM}{UPGRADE}{CHUNKED}{len(INNER):x}\r\n", b"400"),
    "in a tunnel": (f"CONNECT localhost:80 HTTP/1.1\r\n{HOST}Content-Length: {len(INNER)}\r\n\r\n", b"400"),
    "in a tunnel to a path": (f"CONNECT /fr/ HTTP/1.1\r\n{HOST}Content-Length: {len(INNER)}\r\n\r\n", b"400"),
    "after an upgrade": (f"{HOME}{UPGRADE}\r\n", b"200"),
    "after a page that is being made": (f"{SLOW}{HOST}\r\n{HOME}{UPGRADE}Content-Length: 3\r\n\r\n", b"200"),
    "after what is no HTTP": (f"{SLOW}{HOST}\r\n\0\r\n\r\n", b"200"),
}


@pytest.mark.parametrize("pause", [0, 0.05], ids=["at once", "in two parts"])
@pytest.mark.parametrize(("outer", "status"), SMUGGLED.values(), ids=SMUGGLED.keys())
async def test_smuggled_request_has_no_answer(portal: Running, outer: str, status: bytes, pause: float) -> None:
    reader, writer = await portal.call()
    writer.write(outer.encode())
    await asyncio.sleep(pause)
    writer.write(INNER.encode())
    heard = await listen(reader, writer)
    assert heard[:12] == b"HTTP/1.1 " + status
    assert heard.count(b"HTTP/1.1 ") == 1


@pytest.fixture
def descriptors() -> Iterator[None]:
    """Room for both ends of all the connections of a test."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4_096 if hard == resource.RLIM_INFINITY else min(4_096, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


STALLED: Final = {
    "silent": "",
    "in the head": "GET /fr/ HTTP/1.1\r\nHost: exa",
    "in the body": f"{FORM}Content-Length: 100\r\n\r\nco",
    "in a trailer": f"{FORM}{CHUNKED}1\r\na\r\n0\r\nX:",
    "idle": f"GET /fr HTTP/1.1\r\n{HOST}\r\n",
}


@pytest.mark.usefixtures("descriptors")
@pytest.mark.parametrize("words", STALLED.values(), ids=STALLED.keys())
async def test_stalled_connections_shut_nobody_out(portal: Running, words: str) -> None:
    with ExitStack() as stack:
        for _ in range(600):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", portal.port)))
            client.sendall(words.encode())
            await asyncio.sleep(0)
        await asyncio.sleep(0.1)
        async with asyncio.timeout(PATIENCE):
            assert [(await portal.say(HOME + CLOSING))[:12] for _ in range(3)] == [b"HTTP/1.1 200"] * 3


LISTENERS: Final[tuple[tuple[ListenerName, ListenerName], ...]] = (("clearnet", "onion"), ("onion", "clearnet"))


@pytest.mark.usefixtures("descriptors")
@pytest.mark.parametrize("words", STALLED.values(), ids=STALLED.keys())
@pytest.mark.parametrize(("stalled", "other"), LISTENERS)
async def test_stalled_connections_at_one_listener_leave_the_other_as_it_was(
    portal: Running, stalled: ListenerName, other: ListenerName, words: str
) -> None:
    with ExitStack() as stack:
        for _ in range(600):
            client = stack.enter_context(portal.connect(stalled))
            client.sendall(words.replace(HOST, HOSTS[stalled]).encode())
            await asyncio.sleep(0)
        await asyncio.sleep(0.1)
        home = f"GET /fr/ HTTP/1.1\r\n{HOSTS[other]}{CLOSING}"
        async with asyncio.timeout(PATIENCE):
            assert [(await portal.say(home, other))[:12] for _ in range(3)] == [b"HTTP/1.1 200"] * 3


@pytest.mark.usefixtures("descriptors")
@pytest.mark.parametrize("listener", ["clearnet", "onion"])
async def test_listener_keeps_no_more_connections_than_the_limit(portal: Running, listener: ListenerName) -> None:
    with ExitStack() as stack:
        callers = [stack.enter_context(portal.connect(listener)) for _ in range(600)]
        async with asyncio.timeout(PATIENCE):
            while len(kept := [client for client in callers if is_kept(client)]) > CONNECTIONS_PER_LISTENER:
                await asyncio.sleep(0.05)
        assert len(kept) == CONNECTIONS_PER_LISTENER


def is_kept(caller: socket.socket) -> bool:
    """Tell whether the other side has neither closed the connection nor announced that it would."""
    caller.setblocking(False)
    try:
        return caller.recv(1, socket.MSG_PEEK) != b""
    except BlockingIOError:
        return True
    except ConnectionError:
        return False


PLACES_LOST: Final[dict[str, tuple[list[str], list[int]]]] = {
    "the idle before a head": (["in the head", "idle", "in the body"], [1, 0, 2]),
    "a head before a body": (["in the body", "in the head"], [1, 0]),
    "the longest silent first": (["silent", "in the head", "silent"], [0, 1, 2]),
    "the longest in the body first": (["in the body", "in a trailer"], [0, 1]),
}


@pytest.mark.parametrize(("kinds", "order"), PLACES_LOST.values(), ids=PLACES_LOST.keys())
async def test_place_is_lost_in_order(
    portal: Running, monkeypatch: pytest.MonkeyPatch, kinds: list[str], order: list[int]
) -> None:
    monkeypatch.setattr(connection, "CONNECTIONS_PER_LISTENER", len(kinds) + 1)
    busy_reader, busy = await portal.call()
    lost: list[int] = []

    def note(number: int, _: asyncio.Task[bytes]) -> None:
        lost.append(number)

    waiting = []
    for number, kind in enumerate(kinds):
        reader, writer = await portal.call()
        writer.write(STALLED[kind].encode())
        task = asyncio.create_task(listen(reader, writer))
        task.add_done_callback(partial(note, number))
        waiting.append(task)
        await asyncio.sleep(0.05)
    busy.write(f"{GATE}{HOST}{CLOSING}".encode())
    await until(lambda: portal.gate.arrived == 1)
    newcomers = []
    for number, _ in enumerate(kinds, 1):
        newcomers.append(await portal.call())
        newcomers[-1][1].write(f"{GATE}{HOST}{CLOSING}".encode())
        await until(lambda: len(lost) == number)  # noqa: B023 - it is called before the next
    await until(lambda: portal.gate.arrived == 1 + len(kinds))
    portal.gate.opened.set()
    assert lost == order
    assert (await listen(busy_reader, busy)).endswith(b"at last")
    assert [(await listen(*client))[-7:] for client in newcomers] == [b"at last"] * len(kinds)
    await asyncio.gather(*waiting)
