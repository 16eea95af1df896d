"""Parity of both listeners of the running server: the same bytes, but for the additions that DESIGN allows."""

import random
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote_plus

import pytest

from portal.services import OnionView
from portal.site.render import render
from portal.web.listeners import ListenerName
from tests.factories.running_server import CLOSING, HOSTS, Running, running
from tests.factories.sample import CLEARNET, ONION, edition

pytestmark = pytest.mark.anyio

UP: Final = OnionView("published", ONION)
CLEARNET_HOST: Final = CLEARNET.removeprefix("https://")
LISTENERS: Final[dict[ListenerName, str]] = {"clearnet": f"Host: {CLEARNET_HOST}\r\n", "onion": HOSTS["onion"]}
ADDED_BY_CLEARNET: Final = {b"onion-location", b"strict-transport-security"}
"""The allow-list: what the clearnet listener adds where people come by https."""
MADE_UP_FOR: Final = b"x-padding"
"""Header whose length makes up for those: heads are of one size at every listener."""
OWN_ADDRESS: Final = re.compile(rb'<input type="hidden" name="own_address" value="([^"]+)">')
"""Part of a page with a form that differs: a form names the listener's own address."""
UNLISTED: Final = edition(clearnet=None)


class Loaded(random.SystemRandom):
    """Chance that always falls the same way, so that two forms have one code and one passphrase."""

    def getrandbits(self, k: int, /) -> int:
        return 0

    def random(self) -> float:
        return 0.0


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """Return the very loop of the portal."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def portal(tmp_path: Path) -> AsyncIterator[Running]:
    """Run a portal whose onion is up, and whose edition does not name its clearnet address."""
    async with running(tmp_path, public_url=CLEARNET, onion=UP, shown=UNLISTED, rng=Loaded()) as made:
        yield made


def walked() -> Iterator[str]:
    """Return every public path: each file of the edition, the folder of each page, and that without its last slash."""
    for path in render(UNLISTED):
        yield f"/{path}"
        if path.endswith("index.html"):
            folder = path.removesuffix("index.html")
            yield f"/{folder}"
            yield f"/{folder.removesuffix('/')}"


PATHS: Final = sorted(set(walked()))


async def by_both(portal: Running, request: str) -> tuple[bytes, bytes]:
    """Return the answers of the clearnet and of the onion listener to `request`.

    In it HOST stands for the listener's own, ADDRESS for its address in a form, LENGTH for the length of the body.
    """
    clearnet, onion = [await portal.say(request_to(listener, request), listener) for listener in LISTENERS]
    return clearnet, onion


def request_to(listener: ListenerName, request: str) -> str:
    address = quote_plus(CLEARNET if listener == "clearnet" else ONION)
    head, end, body = request.replace("HOST", LISTENERS[listener]).replace("ADDRESS", address).partition("\r\n\r\n")
    return head.replace("LENGTH", str(len(body))) + end + body


def without_what_a_listener_adds(answer: bytes) -> bytes:
    """`answer` without the allow-list: headers of the clearnet; a form's own address, and what it weighs."""
    head, end, body = answer.partition(b"\r\n\r\n")
    dropped = ADDED_BY_CLEARNET | {MADE_UP_FOR}
    kept = [line for line in head.split(b"\r\n") if line.partition(b":")[0] not in dropped]
    if OWN_ADDRESS.search(body):
        kept.remove(f"content-length: {len(body)}".encode())
        body = OWN_ADDRESS.sub(b"", body)
    return b"\r\n".join(kept) + end + body


async def assert_alike(portal: Running, request: str) -> bytes:
    """Assert that both listeners answer `request` alike, the onion without a word of the clearnet; return it."""
    clearnet, onion = await by_both(portal, request)
    assert without_what_a_listener_adds(onion) == without_what_a_listener_adds(clearnet)
    assert onion.index(b"\r\n\r\n") == clearnet.index(b"\r\n\r\n")
    assert words_of_clearnet(portal, onion) == []
    return onion


async def assert_head_is_that_of(portal: Running, path: str, answer: bytes) -> None:
    """Assert that HEAD is answered as GET is, without a body, and alike by both listeners if the page has no form."""
    clearnet, onion = await by_both(portal, f"HEAD {path} HTTP/1.1\r\nHOST{CLOSING}")
    assert onion == answer.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    if not OWN_ADDRESS.search(answer):
        assert without_what_a_listener_adds(onion) == without_what_a_listener_adds(clearnet)


def words_of_clearnet(portal: Running, answer: bytes) -> list[str]:
    """Return the words of an answer that only the machine or the clearnet listener knows."""
    places = (CLEARNET_HOST, "127.0.0.1", "localhost", f":{portal.port}", str(portal.path.parent.parent))
    return [place for place in places if place.encode() in answer]


async def test_every_public_path_is_answered_alike_by_both_listeners(portal: Running) -> None:
    statuses = set()
    for path in PATHS:
        answer = await assert_alike(portal, f"GET {path} HTTP/1.1\r\nHOST{CLOSING}")
        statuses.add(answer[9:12])
        await assert_head_is_that_of(portal, path, answer)
    assert statuses == {b"200", b"308"}
    assert len(PATHS) > 100


URLENCODED: Final = "Content-Type: application/x-www-form-urlencoded\r\n"
LONG: Final = "a" * 20_000
ODD: Final[dict[str, tuple[str, bytes]]] = {
    "a page that there is not": (f"GET /fr/rien/ HTTP/1.1\r\nHOST{CLOSING}", b"404"),
    "a path that climbs": (f"GET /../../etc/passwd HTTP/1.1\r\nHOST{CLOSING}", b"404"),
    "a broken escape": (f"GET /%zz HTTP/1.1\r\nHOST{CLOSING}", b"404"),
    "the server as a whole": (f"OPTIONS * HTTP/1.1\r\nHOST{CLOSING}", b"404"),
    "the address of a form": (f"GET /fr/billet/annuler/ HTTP/1.1\r\nHOST{CLOSING}", b"303"),
    "the organisers' page": (f"GET /fr/organisation/ HTTP/1.1\r\nHOST{CLOSING}", b"200"),
    "an organisers' room": (f"GET /fr/organisation/journal/ HTTP/1.1\r\nHOST{CLOSING}", b"303"),
    "a query": (f"GET /fr/?q=1 HTTP/1.1\r\nHOST{CLOSING}", b"200"),
    "gzip": (f"GET /fr/ HTTP/1.1\r\nHOSTAccept-Encoding: gzip\r\n{CLOSING}", b"200"),
    "any version": (f"GET /fr/ HTTP/1.1\r\nHOSTIf-None-Match: *\r\n{CLOSING}", b"304"),
    "HTTP/1.0": ("GET /fr/ HTTP/1.0\r\nHOST\r\n", b"200"),
    "a method of its own": (f"TRACE /fr/ HTTP/1.1\r\nHOST{CLOSING}", b"405"),
    "a form where there is none": (f"POST /fr/ HTTP/1.1\r\nHOST{CLOSING}", b"405"),
    "a form of another kind": (f"POST /fr/billet/ HTTP/1.1\r\nHOSTContent-Length: 0\r\n{CLOSING}", b"415"),
    "a form of a wrong code": (
        f"POST /fr/billet/ HTTP/1.1\r\nHOST{URLENCODED}Content-Length: LENGTH\r\n{CLOSING}code=x&own_address=ADDRESS",
        b"422",
    ),
    "a form of another site": (
        f"POST /fr/billet/ HTTP/1.1\r\nHOST{URLENCODED}Origin: https://evil.example\r\nContent-Length: 0\r\n{CLOSING}",
        b"403",
    ),
    "another host": (f"GET /fr/ HTTP/1.1\r\nHost: evil.example\r\n{CLOSING}", b"421"),
    "no host": (f"GET /fr/ HTTP/1.1\r\n{CLOSING}", b"400"),
    "two hosts": (f"GET /fr/ HTTP/1.1\r\nHOSTHOST{CLOSING}", b"400"),
    "no HTTP": ("\x00\x01\r\n\r\n", b"400"),
    "TLS": ("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"400"),
    "HTTP/2": ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"400"),
    "a line of PROXY": ("PROXY TCP4 127.0.0.1 127.0.0.1 1 80\r\n", b"400"),
    "a header without a colon": ("GET /fr/ HTTP/1.1\r\nHOSTNonsense\r\n\r\n", b"400"),
    "two lengths": ("POST / HTTP/1.1\r\nHOSTContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", b"400"),
    "a head without an end": (f"GET /fr/ HTTP/1.1\r\nHOSTX: {LONG}", b"431"),
}


@pytest.mark.parametrize(("request_", "status"), ODD.values(), ids=ODD.keys())
async def test_odd_request_is_answered_alike_by_both_listeners(portal: Running, request_: str, status: bytes) -> None:
    answer = await assert_alike(portal, request_)
    assert answer[9:12] == status
    assert re.findall(rb"(?i)uvicorn|httptools|python|starlette|\nserver:|\ndate:|llhttp", answer) == []


@pytest.mark.parametrize(("listener", "other"), [("clearnet", "onion"), ("onion", "clearnet")])
async def test_host_of_one_listener_is_misdirected_at_the_other(
    portal: Running, listener: ListenerName, other: ListenerName
) -> None:
    answer = await portal.say(f"GET /fr/ HTTP/1.1\r\n{LISTENERS[other]}{CLOSING}", listener)
    assert answer[9:12] == b"421"


async def test_form_names_the_address_of_its_own_listener(portal: Running) -> None:
    answers = await by_both(portal, f"GET /fr/billet/ HTTP/1.1\r\nHOST{CLOSING}")
    assert [OWN_ADDRESS.findall(answer) for answer in answers] == [[CLEARNET.encode()], [ONION.encode()]]


async def test_clearnet_adds_nothing_but_the_allow_list(portal: Running) -> None:
    request = f"GET /fr/ HTTP/1.1\r\nHOST{CLOSING}"
    clearnet, onion = await by_both(portal, request)
    added = [line for line in clearnet.split(b"\r\n") if line not in onion.split(b"\r\n")]
    assert [line for line in added if not line.startswith(MADE_UP_FOR)] == [
        b"strict-transport-security: max-age=31536000",
        f"onion-location: {ONION}/fr/".encode(),
    ]


async def test_listeners_are_wholly_alike_where_clearnet_is_not_https(tmp_path: Path) -> None:
    address = "http://event.example"
    async with running(tmp_path, public_url=address, onion=UP, shown=UNLISTED, rng=Loaded()) as portal:
        for path in ("/fr/", "/fr/rien/", "/fr/programme", "/fr/organisation/"):
            clearnet, onion = await by_both(portal, f"GET {path} HTTP/1.1\r\nHOST{CLOSING}")
            assert [header for header in ADDED_BY_CLEARNET if header in clearnet] == []
            assert without_what_a_listener_adds(clearnet) == without_what_a_listener_adds(onion)
