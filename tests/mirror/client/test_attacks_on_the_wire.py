"""Attacks by how a source answers: what is taken has an end in size and in time, and no way is followed."""

import gzip
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from itertools import repeat
from typing import Final

import pytest

from portal.domain.trust.mirror_errors import (
    MirrorError,
    SourceCompresses,
    SourceRedirects,
    SourceSilent,
    SourceSlow,
    SourceTooLarge,
)
from portal.mirror.client.fetching import ignore_progress
from portal.mirror.client.metadata import PREFIX
from portal.mirror.client.tuf_client import roots_up_to, verified_metadata
from portal.mirror.client.verify import verify
from portal.origin.installation import now
from tests.factories.mirror_scene import Scene, unmoved
from tests.fakes.tuf_simulator import Misbehaviour, misbehaving

SECONDS: Final = 0.4


def endless(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    handler.send_response(200)
    handler.end_headers()
    with suppress(OSError):
        for _ in repeat(None, 100_000):
            handler.wfile.write(content * 100)


def slow_drip(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    handler.send_response(200)
    handler.end_headers()
    with suppress(OSError):
        for byte in content * 4:
            handler.wfile.write(bytes([byte]))
            time.sleep(SECONDS / 8)


def head_without_end(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    with suppress(OSError):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nx: ")
        for _ in repeat(None, 100):
            handler.wfile.write(b"x")
            time.sleep(SECONDS / 8)


def interim_answers(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    with suppress(OSError):
        for _ in repeat(None, 10_000):
            handler.wfile.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
            time.sleep(SECONDS / 400)


def chunk_without_end(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    with suppress(OSError):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;")
        for _ in repeat(None, 100):
            handler.wfile.write(b"x")
            time.sleep(SECONDS / 8)


def nothing(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    time.sleep(SECONDS * 3)


def gzip_bomb(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Encoding", "gzip")
    handler.end_headers()
    with suppress(OSError):
        handler.wfile.write(gzip.compress(bytes(10_000_000)))


def redirect(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    handler.send_response(302)
    handler.send_header("Location", "http://elsewhere.example/")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def with_header(name: str, value: str) -> Misbehaviour:
    """The very file that was signed, beside a header that makes browsers show something else."""

    def answer(handler: BaseHTTPRequestHandler, content: bytes) -> None:
        handler.send_response(200)
        handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def hang_up(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content[:-1])
    handler.close_connection = True


ON_THE_WIRE: dict[str, tuple[Misbehaviour, type[MirrorError]]] = {
    "a file has no end": (endless, SourceTooLarge),
    "a file comes one byte at a time": (slow_drip, SourceSlow),
    "the head of an answer has no end": (head_without_end, SourceSlow),
    "interim answers come and no other": (interim_answers, SourceSlow),
    "the head of a chunk has no end": (chunk_without_end, SourceSlow),
    "no answer comes": (nothing, SourceSlow),
    "a file is a gzip bomb": (gzip_bomb, SourceCompresses),
    "readers are led elsewhere": (redirect, SourceRedirects),
    "readers are led elsewhere by a true page": (
        with_header("Refresh", "0; url=http://elsewhere.example/"),
        SourceRedirects,
    ),
    "a true page is shown in a style of somebody else": (
        with_header("Link", "<http://elsewhere.example/>; rel=Stylesheet"),
        SourceRedirects,
    ),
    "the connection ends in a file": (hang_up, SourceSilent),
}


@pytest.mark.parametrize("when", ["", PREFIX], ids=["public files", "metadata"])
@pytest.mark.parametrize(("misbehave", "error"), ON_THE_WIRE.values(), ids=ON_THE_WIRE.keys())
def test_edition_is_served_on_when_on_the_wire(
    scene: Scene, misbehave: Misbehaviour, error: type[MirrorError], when: str
) -> None:
    scene.publish(2, fr__programme__index="another programme, a longer one")
    with misbehaving(scene.simulator.files, misbehave, SECONDS, when=when) as source, unmoved(scene, error):
        scene.follow(source)


def test_page_that_leads_browsers_elsewhere_is_altered(scene: Scene) -> None:
    leading = with_header("Refresh", "0; url=http://elsewhere.example/")
    with misbehaving(scene.simulator.files, leading, SECONDS, when="fr/") as source:
        paths = [path for path in scene.origin.files if path.startswith("fr/")]
        signed = verified_metadata(source, roots_up_to(source, None)[-1], now())
        assert verify(source, signed, paths, {}, False, ignore_progress).altered == tuple(paths)
