"""The real server on real sockets: what it answers to, what it puts up with, how it stops."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from typing import Final

import pytest

from portal.domain.limits import BODY_KIB, BODY_READ_SECONDS, CONNECTIONS_PER_LISTENER, HEADER_KIB, HEADER_READ_SECONDS
from portal.server import connection
from portal.web import forms
from tests.factories.running_server import CLOSING, HOME, HOST, Running, listen
from tests.factories.sample import ONION
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.anyio

FORM: Final = f"POST /fr/billet/ HTTP/1.1\r\n{HOST}Content-Type: application/x-www-form-urlencoded\r\n"


async def test_server_answers_at_both_listeners(portal: Running) -> None:
    by_clearnet = await portal.say(HOME + CLOSING)
    host = ONION.removeprefix("http://")
    reader, writer = await asyncio.open_unix_connection(portal.path)
    writer.write(f"GET /fr/ HTTP/1.1\r\nHost: {host}\r\n{CLOSING}".encode())
    assert by_clearnet.startswith(b"HTTP/1.1 200 OK\r\n")
    assert await listen(reader, writer) == by_clearnet


ODD_REQUESTS: Final[dict[str, tuple[str | bytes, bytes]]] = {
    "no HTTP": (b"\x00\x01\r\n\r\n", b"400"),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"400"),
    "HTTP/2": ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"400"),
    "a tunnel": (f"CONNECT evil.example:443 HTTP/1.1\r\n{HOST}\r\n", b"400"),
    "two lengths": (f"POST / HTTP/1.1\r\n{HOST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", b"400"),
    "bytes in the path": (b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n", b"400"),
    "a line break in the path": (f"GET /?a\nb HTTP/1.1\r\n{HOST}\r\n", b"400"),
    "a field without an end": (f"{HOME}X: {'a' * 20_000}", b"431"),
    "a path without an end": (f"GET /{'a/' * 30_000} HTTP/1.1\r\n{HOST}{CLOSING}", b"431"),
    "no host": (f"GET / HTTP/1.1\r\n{CLOSING}", b"400"),
    "two hosts": (f"GET / HTTP/1.1\r\n{HOST}{HOST}{CLOSING}", b"400"),
    "another host": (f"GET / HTTP/1.1\r\nHost: evil.example\r\n{CLOSING}", b"421"),
    "its host and a dot": (f"GET /fr/ HTTP/1.1\r\nHost: localhost.\r\n{CLOSING}", b"200"),
    "the server as a whole": (f"OPTIONS * HTTP/1.1\r\n{HOST}{CLOSING}", b"404"),
    "a path that climbs": (f"GET /../../etc/passwd HTTP/1.1\r\n{HOST}{CLOSING}", b"404"),
    "a path with two slashes": (f"GET //evil.example HTTP/1.1\r\n{HOST}{CLOSING}", b"404"),
    "a path with a NUL": (f"GET /%00 HTTP/1.1\r\n{HOST}{CLOSING}", b"404"),
    "a broken escape": (f"GET /%zz HTTP/1.1\r\n{HOST}{CLOSING}", b"404"),
    "a method of its own": (f"TRACE /fr/ HTTP/1.1\r\n{HOST}{CLOSING}", b"405"),
    "a path with an escaped hyphen": (f"GET /fr/vie%2Dprivee/ HTTP/1.1\r\n{HOST}{CLOSING}", b"200"),
    "a page without its last slash, escaped": (f"GET /%66r/bille%74 HTTP/1.1\r\n{HOST}{CLOSING}", b"308"),
    "a page of the routes, escaped": (f"GET /fr/bille%74/ HTTP/1.1\r\n{HOST}{CLOSING}", b"200"),
    "an escaped slash": (f"GET /fr%2Fvie-privee/ HTTP/1.1\r\n{HOST}{CLOSING}", b"404"),
    "escaped dots": (f"GET /fr/%2e%2e/fr/ HTTP/1.1\r\n{HOST}{CLOSING}", b"404"),
    "a condition that is false": (f'{HOME}If-Match: "old"\r\n{CLOSING}', b"412"),
    "a whole address": (f"GET http://localhost/fr/ HTTP/1.1\r\n{HOST}{CLOSING}", b"200"),
    "a whole address, in capitals": (f"GET HTTP://LOCALHOST:80/fr/ HTTP/1.1\r\n{HOST}{CLOSING}", b"200"),
    "a whole address, and another host": (
        f"GET http://localhost/fr/ HTTP/1.1\r\nHost: evil.example\r\n{CLOSING}",
        b"200",
    ),
    "a whole address of another host": (f"GET http://evil.example/fr/ HTTP/1.1\r\n{HOST}{CLOSING}", b"421"),
    "a whole address of another host, by https": (
        f"GET https://evil.example/fr/ HTTP/1.1\r\n{HOST}{CLOSING}",
        b"421",
    ),
    "a whole address of another host, asked something": (
        f"GET http://evil.example?/fr/ HTTP/1.1\r\n{HOST}{CLOSING}",
        b"400",
    ),
    "a whole address with a user": (f"GET http://localhost@evil.example/ HTTP/1.1\r\n{HOST}{CLOSING}", b"400"),
    "a whole address, and no host": (f"GET http://localhost/fr/ HTTP/1.1\r\n{CLOSING}", b"400"),
    "a whole address, and two hosts": (f"GET http://localhost/fr/ HTTP/1.1\r\n{HOST}{HOST}{CLOSING}", b"400"),
    "a whole address of another scheme": (f"GET ftp://localhost/fr/ HTTP/1.1\r\n{HOST}{CLOSING}", b"400"),
    "HTTP/1.0": (f"GET /fr/ HTTP/1.0\r\n{HOST}\r\n", b"200"),
    "a WebSocket": (f"{HOME}Upgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n", b"200"),
    "a page without its last slash": (f"GET /fr HTTP/1.1\r\n{HOST}{CLOSING}", b"308"),
}


@pytest.mark.parametrize(("request_", "status"), ODD_REQUESTS.values(), ids=ODD_REQUESTS.keys())
async def test_odd_request_is_answered_without_a_version(
    portal: Running, caplog: pytest.LogCaptureFixture, request_: str | bytes, status: bytes
) -> None:
    answer = await portal.say(request_)
    head = answer.partition(b"\r\n\r\n")[0].lower()
    assert answer.split(b" ", 2)[:2] == [b"HTTP/1.1", status]
    assert [name for name in (b"server:", b"date:", b"uvicorn", b"python", b"httptools") if name in head] == []
    assert b"evil" not in answer
    assert [text for text in (str(portal.port), "127.0.0.1", "evil", "/fr") if text in caplog.text] == []


async def test_request_that_is_none_leaves_no_line_in_the_log(
    portal: Running, caplog: pytest.LogCaptureFixture
) -> None:
    await portal.say(b"\x00\x01\r\n\r\n")
    assert [record.getMessage() for record in caplog.records if record.name.startswith("uvicorn")] == []


async def test_several_requests_are_answered_in_their_order(portal: Running) -> None:
    answer = await portal.say(f"GET /fr HTTP/1.1\r\n{HOST}\r\nGET /en HTTP/1.1\r\n{HOST}{CLOSING}")
    assert [line for line in answer.split(b"\r\n") if line.startswith(b"location")] == [
        b"location: fr/",
        b"location: en/",
    ]


async def trickle(portal: Running, first: str, drop: bytes) -> bytes:
    """Say `first`, then drop after drop until the other side hangs up."""
    reader, writer = await portal.call()
    writer.write(first.encode())

    async def go_on() -> None:
        while not writer.is_closing():
            writer.write(drop)
            await asyncio.sleep(0.05)

    dripping = asyncio.create_task(go_on())
    try:
        return await listen(reader, writer)
    finally:
        dripping.cancel()


SLOW_SENDERS: Final[dict[str, tuple[str, bytes, bytes]]] = {
    "one who never says a word": ("", b"", b""),
    "one who never ends his head": (HOME, b"X: a\r\n", b""),
    "one who goes on with line breaks after his answer": (f"GET /fr HTTP/1.1\r\n{HOST}\r\n", b"\r\n", b"HTTP/1.1 308"),
    "one whose body nobody wants": (
        f"POST /fr/ HTTP/1.1\r\n{HOST}Content-Length: 99999999\r\n\r\n",
        b"a",
        b"HTTP/1.1 405",
    ),
}


@pytest.mark.parametrize(("first", "drop", "answer"), SLOW_SENDERS.values(), ids=SLOW_SENDERS.keys())
async def test_slow_sender_is_hung_up_on(
    portal: Running, monkeypatch: pytest.MonkeyPatch, first: str, drop: bytes, answer: bytes
) -> None:
    monkeypatch.setattr(connection, "HEADER_READ_SECONDS", 0.2)
    heard = await trickle(portal, first, drop)
    assert heard.removesuffix(b"<reset>")[:12] == answer


async def test_body_that_nobody_wants_still_gets_its_whole_answer(portal: Running) -> None:
    length = 200_000
    answer = await portal.say(
        f"POST /fr/ HTTP/1.1\r\n{HOST}Content-Length: {length}\r\n\r\n{'a' * length}GET /fr HTTP/1.1\r\n{HOST}{CLOSING}"
    )
    assert answer.startswith(b"HTTP/1.1 405 ")
    assert b"</html>HTTP/1.1 308 " in answer


async def test_body_without_an_end_is_cut_off(portal: Running) -> None:
    heard = await trickle(portal, f"POST /fr/ HTTP/1.1\r\n{HOST}Content-Length: 999999999\r\n\r\n", b"a" * 300_000)
    assert heard.startswith(b"HTTP/1.1 405 ")


async def test_form_whose_body_does_not_arrive_is_answered_in_time(
    portal: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "BODY_READ_SECONDS", 0.2)
    heard = await trickle(portal, f"{FORM}Connection: close\r\nContent-Length: 9999\r\n\r\n", b"a")
    assert heard.startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(("size", "status"), [(BODY_KIB * 1024, b"403"), (BODY_KIB * 1024 + 1, b"413")])
async def test_form_may_be_as_long_as_the_limit_says(portal: Running, size: int, status: bytes) -> None:
    body = b"code=HUTEMVRWE&passphrase=long+enough+for+one&x=".ljust(size, b"a")
    head = f"{FORM}Connection: close\r\nContent-Length: {size}\r\n\r\n"
    assert (await portal.say(head.encode() + body))[:12] == b"HTTP/1.1 " + status


@pytest.mark.parametrize(("size", "status"), [(HEADER_KIB * 1024, b"200"), (HEADER_KIB * 1024 + 1, b"431")])
async def test_head_may_be_as_long_as_the_limit_says(portal: Running, size: int, status: bytes) -> None:
    rest = f"\r\n{CLOSING}"
    head = f"{HOME}X: ".ljust(size - len(rest), "a") + rest
    assert (await portal.say(head))[:12] == b"HTTP/1.1 " + status


def test_limits_of_the_server_are_those_that_were_decided() -> None:
    decided = (HEADER_READ_SECONDS, BODY_READ_SECONDS, CONNECTIONS_PER_LISTENER, HEADER_KIB, BODY_KIB)
    assert decided == (10, 20, 512, 16, 16)


async def test_reader_who_does_not_read_is_hung_up_on(portal: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "STALLED_WRITE_SECONDS", 0.2)
    with socket.create_connection(("127.0.0.1", portal.port)) as caller:
        caller.sendall(f"{HOME}\r\n".encode() * 2_000)
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(ConnectionError):
                while True:
                    caller.sendall(b"\r\n")
                    await asyncio.sleep(0.05)


async def test_one_too_many_is_told_so(portal: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "CONNECTIONS_PER_LISTENER", 2)
    others = [await portal.call() for _ in range(2)]
    for _, writer in others:
        writer.write(f"GET /gate/ HTTP/1.1\r\n{HOST}\r\n".encode())
    await until(lambda: portal.gate.arrived == 2)
    answer = await portal.say("")
    assert answer.startswith(b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\n")
    assert b"Trop de connexions" in answer
    portal.gate.opened.set()
    for reader, writer in others:
        assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
        writer.close()


async def test_idle_connection_gives_its_place_to_a_newcomer(portal: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "CONNECTIONS_PER_LISTENER", 1)
    reader, writer = await portal.call()
    writer.write(f"GET /fr HTTP/1.1\r\n{HOST}\r\n".encode())
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 308 ")
    assert (await portal.say(HOME + CLOSING)).startswith(b"HTTP/1.1 200 ")
    assert await listen(reader, writer) == b""


async def test_server_stops_at_a_signal_after_what_is_under_way(portal: Running) -> None:
    idle_reader, idle_writer = await portal.call()
    under_way = asyncio.create_task(portal.say(f"GET /gate/ HTTP/1.1\r\n{HOST}\r\n"))
    await until(lambda: portal.gate.arrived)
    stopping = asyncio.create_task(portal.stop())
    await portal.is_stopping()
    portal.gate.opened.set()
    await stopping
    assert (await under_way).endswith(b"at last")
    assert await listen(idle_reader, idle_writer) == b""
    with pytest.raises(ConnectionRefusedError):
        await portal.call()


async def test_second_signal_does_not_wait(portal: Running) -> None:
    under_way = asyncio.create_task(portal.say(f"GET /gate/ HTTP/1.1\r\n{HOST}\r\n"))
    await until(lambda: portal.gate.arrived)
    os.kill(os.getpid(), signal.SIGINT)
    await portal.is_stopping()
    await portal.stop()
    portal.gate.opened.set()
    assert (await under_way).endswith(b"at last")  # it was not waited for, which would have ended it


async def test_fault_of_the_loop_is_logged_without_an_address(
    portal: Running, caplog: pytest.LogCaptureFixture
) -> None:
    context = {"message": "from camille", "transport": "camille:1", "exception": ValueError("camille")}
    asyncio.get_running_loop().call_exception_handler(context)
    assert caplog.messages == ["fault in the loop\nValueError"]


DESCRIPTORS_OF_RUN: Final = """
import resource
from portal.server.server import DESCRIPTORS, run
_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
async def main():
    return resource.getrlimit(resource.RLIMIT_NOFILE)
wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
assert run(main()) == (wanted, hard)
assert run(main()) == (wanted, hard)
"""


def test_run_takes_the_descriptors_that_its_listeners_need() -> None:
    subprocess.run([sys.executable, "-c", DESCRIPTORS_OF_RUN], check=True, timeout=PATIENCE)
