"""Somebody who counts the bytes of TLS between a browser and nginx with the lines of the docs."""

import asyncio
import re
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from portal.domain.limits import BODY_BYTES_ON_THE_WIRE, PAGE_BYTES_ON_THE_WIRE
from portal.services import OnionView
from portal.site.render import render
from tests.checkout import ROOT
from tests.factories.running_server import running
from tests.factories.sample import CLEARNET, ONION, edition
from tests.factories.web_servers import SERVERS
from tests.waiting import PATIENCE

pytestmark = pytest.mark.anyio

HOST: Final = CLEARNET.removeprefix("https://")
DOCS: Final = ROOT / "docs" / "threat-model.md"
UNTIL: Final = timedelta(days=1)
SEGMENTS_AT_ONCE: Final = 14_600
"""Bytes that a new connection may send before it waits for the reader (RFC 6928 §2)."""
PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, SETTINGS = 0, 1, 4
DATE: Final = b"\x61"
"""The name of Date in a head of HTTP/2, as nginx writes it (RFC 7541 §6.2.1 and appendix A, number 33)."""
END_STREAM, END_HEADERS = 1, 4

Result = TypeVar("Result")
PATHS: Final = [
    *(f"/{path.removesuffix('index.html')}" for path in render(edition())),
    "/fr/rien/",
    "/fr/organisation/",
]
"""Every public file, an error, and a page that tells no onion."""


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """The very loop of the portal."""
    return "asyncio", {"use_uvloop": True}


def certify(folder: Path) -> None:
    """Write a certificate for HOST, signed by itself, and its key. RSA signatures are all of one size."""
    key, now = rsa.generate_private_key(65_537, 2_048), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - UNTIL).not_valid_after(now + UNTIL)
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(pem))
    (folder / "key").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))


def lines_of_the_docs() -> str:
    """The lines for nginx, as they stand in the docs within a list."""
    (found,) = re.findall(r"^ *```nginx\n(.*?)^ *```$", DOCS.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return str(found)


@asynccontextmanager
async def behind_nginx(folder: Path, protocol: str) -> AsyncIterator[tuple[int, ssl.SSLContext]]:
    """The portal behind nginx, which speaks TLS and in it also `protocol`: its port, and how to trust it."""
    certify(folder)
    async with running(folder, public_url=CLEARNET, onion=OnionView("published", ONION)) as portal:
        places = {
            "listen 443 ssl;": f"listen 127.0.0.1:{{port}} ssl {protocol};",
            "event.example.org": HOST,
            "/etc/ssl/event.pem": "{site}/pem",
            "/etc/ssl/event.key": "{site}/key",
            "127.0.0.1:8000": f"127.0.0.1:{portal.port}",
        }
        nginx, context = replace(SERVERS["nginx"], places=places), ssl.create_default_context(cafile=folder / "pem")
        with nginx.serving(folder, folder / "nginx", lines_of_the_docs()) as address:
            yield int(address.rstrip("/").rpartition(":")[2]), context


def encrypted_bytes(port: int, context: ssl.SSLContext, path: str) -> int:
    """Count the bytes of TLS that come after the handshake with the answer at `path`, over HTTP/1.1."""
    count, incoming, outgoing = 0, ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname=HOST)

    def until_done(act: Callable[[], Result]) -> Result:
        nonlocal count
        while True:
            try:
                return act()
            except ssl.SSLWantReadError:
                conn.sendall(outgoing.read())
                part = conn.recv(65_536)
                count += len(part)
                incoming.write(part)

    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as conn:
        until_done(tls.do_handshake)
        count = 0
        head = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
        tls.write(head.encode("ascii"))
        with suppress(ssl.SSLZeroReturnError):
            while until_done(lambda: tls.read(65_536)):
                pass
    return count


def frames(port: int, context: ssl.SSLContext, path: str) -> tuple[int, int]:
    """Return the lengths of head and body of the answer at `path` in HTTP/2 (RFC 9113 §4.1): each is seen in TLS.

    The head is counted without its Date, whose packed length follows from the second that it names, for every page.
    """
    context.set_alpn_protocols(["h2"])
    texts = [bytes([index, len(text)]) + text.encode("ascii") for index, text in ((1, HOST), (4, path))]
    head = b"\x82\x87\x90" + b"".join(texts)  # GET, https, gzip (RFC 7541, appendix A), the authority and the path
    lengths = {DATA: 0, HEADERS: 0}
    with (
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as conn,
        context.wrap_socket(conn, server_hostname=HOST) as tls,
        tls.makefile("rb") as answer,
    ):
        tls.sendall(PREFACE + frame(SETTINGS, 0, 0, b"") + frame(HEADERS, END_STREAM | END_HEADERS, 1, head))
        flags = 0
        while not flags & END_STREAM:
            length, kind, flags = int.from_bytes(answer.read(3), "big"), *answer.read(2)
            payload = answer.read(4 + length)[4:]
            if kind in lengths:
                lengths[kind] += length - (packed_date_length(payload) if kind == HEADERS else 0)
            else:
                flags = 0
    return lengths[HEADERS], lengths[DATA]


def packed_date_length(head: bytes) -> int:
    """Return the length of the value of Date, which nginx packs (RFC 7541 §5.2) and writes before all but Server."""
    _, name, value = head.partition(DATE)
    assert name and value[0] & 0x80
    return value[0] & 0x7F


def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


async def test_pages_are_of_one_size_behind_tls(tmp_path: Path) -> None:
    async with behind_nginx(tmp_path, "") as (port, context):
        sizes = {path: await asyncio.to_thread(encrypted_bytes, port, context, path) for path in PATHS}
    assert sizes == dict.fromkeys(PATHS, sizes["/fr/"])
    assert PAGE_BYTES_ON_THE_WIRE < sizes["/fr/"] < SEGMENTS_AT_ONCE


async def test_pages_are_of_one_size_in_http_2(tmp_path: Path) -> None:
    async with behind_nginx(tmp_path, "http2") as (port, context):
        sizes = {path: await asyncio.to_thread(frames, port, context, path) for path in PATHS}
    assert sizes == dict.fromkeys(PATHS, sizes["/fr/"])
    assert sizes["/fr/"][1] == BODY_BYTES_ON_THE_WIRE
