"""The onion's listener of the running server where Tor sends circuits: the line, once, or nothing at all."""

import asyncio
import gc
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import pytest

from portal.domain.limits import CIRCUIT_FORMS_A_MINUTE
from portal.server import connection
from portal.server.circuit_connection import CircuitConnection
from tests.factories.running_server import CLOSING, HOSTS, Running, running
from tests.factories.sample import ONION

pytestmark = pytest.mark.anyio

KEY: Final = b"k" * 32
HOST: Final = HOSTS["onion"]
HOME: Final = f"GET /fr/ HTTP/1.1\r\n{HOST}{CLOSING}"
TYPED: Final = "Nausicaä de la vallée"


def line_of(number: int) -> str:
    return f"PROXY TCP6 fc00:dead:beef:4dad::{number >> 16:x}:{number & 0xFFFF:x} ::1 {number & 0xFFFF} 80\r\n"


@pytest.fixture
async def portal(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path, circuit_key=KEY) as made:
        yield made


async def test_line_is_taken_before_the_first_request_and_once(portal: Running) -> None:
    twice = f"GET /fr HTTP/1.1\r\n{HOST}\r\n"
    assert (await portal.say(line_of(7) + twice + HOME, "onion")).count(b"HTTP/1.1 ") == 2
    again = await portal.say(line_of(7) + twice + line_of(7) + HOME, "onion")
    assert [part[:3] for part in again.split(b"HTTP/1.1 ")[1:]] == [b"308"]


async def test_line_may_come_in_parts(portal: Running) -> None:
    reader, writer = await asyncio.open_unix_connection(portal.path)
    for sign in (line_of(70_000) + HOME).encode():
        writer.write(bytes([sign]))
        await asyncio.sleep(0)
    assert (await reader.read(12)) == b"HTTP/1.1 200"
    writer.close()


async def test_clearnet_listener_takes_no_line(portal: Running) -> None:
    assert (await portal.say(line_of(7) + HOME))[:12] == b"HTTP/1.1 400"


NO_LINE: Final = {
    "a request": HOME,
    "half a line and a request": f"PROXY TCP6 {HOME}",
    "a line of version 4": f"PROXY TCP4 127.0.0.1 127.0.0.1 1 80\r\n{HOME}",
    "a line without an end": line_of(7).rstrip().ljust(200, "0"),
}


@pytest.mark.parametrize("words", NO_LINE.values(), ids=NO_LINE.keys())
async def test_connection_without_the_line_is_closed_without_a_word(
    portal: Running, caplog: pytest.LogCaptureFixture, words: str
) -> None:
    assert (await portal.say(words, "onion")).removesuffix(b"<reset>") == b""
    assert caplog.messages == []


@pytest.mark.parametrize("first", ["", "PROXY TCP6 fc00:dead:beef:4dad::"])
async def test_line_has_the_time_of_a_head(portal: Running, monkeypatch: pytest.MonkeyPatch, first: str) -> None:
    monkeypatch.setattr(connection, "HEADER_READ_SECONDS", 0.2)
    assert (await portal.say(first, "onion")).removesuffix(b"<reset>") == b""


def form_for(path: str, **fields: str) -> str:
    body = urlencode(fields)
    kind = "Content-Type: application/x-www-form-urlencoded\r\n"
    return f"POST {path} HTTP/1.1\r\n{HOST}{kind}Content-Length: {len(body)}\r\n{CLOSING}{body}"


async def test_flood_of_one_circuit_is_told_when_to_come_again_and_another_gets_through(
    portal: Running, caplog: pytest.LogCaptureFixture
) -> None:
    typed = {"code": "mistyped", "passphrase": "six words that nobody has", "pseudonym": TYPED}
    form = form_for("/fr/billet/", **typed, own_address=ONION)
    flood = [await portal.say(line_of(70_007) + form, "onion") for _ in range(CIRCUIT_FORMS_A_MINUTE + 1)]
    assert {answer[9:12] for answer in flood[:-1]} == {b"422"}
    assert flood[-1][9:12] == b"429"
    assert b"\r\nretry-after: 5\r\n" in flood[-1]
    assert TYPED.encode() in flood[-1]
    assert b'value="mistyped"' in flood[-1]
    assert b"six words that nobody has" not in flood[-1]
    assert (await portal.say(line_of(8) + form, "onion"))[9:12] == b"422"
    assert (await portal.say(line_of(70_007) + HOME, "onion"))[9:12] == b"200"
    assert caplog.messages == []


async def test_number_of_the_circuit_is_kept_nowhere(portal: Running) -> None:
    number = 0xFADE_CAFE
    reader, writer = await asyncio.open_unix_connection(portal.path)
    writer.write(f"{line_of(number)}GET /fr HTTP/1.1\r\n{HOST}\r\n".encode())
    await reader.readuntil(b"\r\n\r\n")
    (kept,) = (each for each in gc.get_objects() if isinstance(each, CircuitConnection))
    shown = repr(vars(kept))
    assert [name for name in (str(number), "fade", "cafe", "4dad", "PROXY") if name in shown] == []
    assert [name for name, _ in kept.scope["headers"]] == [b"host"]
    writer.close()
