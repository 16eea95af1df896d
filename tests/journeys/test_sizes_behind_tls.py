"""Somebody who counts the bytes of TLS between a browser and nginx with the lines of the docs."""

import asyncio
import re
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from portal.services import OnionView
from portal.site.render import render
from tests.running_server import running
from tests.site.sample import CLEARNET, ONION, edition
from tests.web_servers import SERVERS

pytestmark = pytest.mark.anyio

HOST: Final = CLEARNET.removeprefix("https://")
DOCS: Final = Path(__file__).parents[2] / "docs" / "threat-model.md"
UNTIL: Final = timedelta(days=1)

Result = TypeVar("Result")


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


def size_of(port: int, context: ssl.SSLContext, path: str) -> int:
    """The bytes of TLS that come after the handshake with the answer at `path`."""
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

    with socket.create_connection(("127.0.0.1", port), timeout=10) as conn:
        until_done(tls.do_handshake)
        count = 0
        tls.write(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n".encode())
        with suppress(ssl.SSLZeroReturnError):
            while until_done(lambda: tls.read(65_536)):
                pass
    return count


def lines_of_the_docs() -> str:
    """The lines for nginx, as they stand in the docs within a list."""
    (found,) = re.findall(r"^ *```nginx\n(.*?)^ *```$", DOCS.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return str(found)


async def test_pages_cannot_be_told_apart_by_their_size_behind_tls(tmp_path: Path) -> None:
    certify(tmp_path)
    paths = [f"/{path.removesuffix('index.html')}" for path in render(edition())]
    async with running(tmp_path, public_url=CLEARNET, onion=OnionView("published", ONION)) as portal:
        places = {
            "listen 443 ssl;": "listen 127.0.0.1:{port} ssl;",
            "event.example.org": HOST,
            "/etc/ssl/event.pem": "{site}/pem",
            "/etc/ssl/event.key": "{site}/key",
            "127.0.0.1:8000": f"127.0.0.1:{portal.port}",
        }
        nginx = replace(SERVERS["nginx"], places=places)
        with nginx.serving(tmp_path, tmp_path / "nginx", lines_of_the_docs()) as address:
            port, context = (
                int(address.rstrip("/").rpartition(":")[2]),
                ssl.create_default_context(cafile=tmp_path / "pem"),
            )
            sizes = {path: await asyncio.to_thread(size_of, port, context, path) for path in [*paths, "/fr/rien/"]}
    assert {size: [path for path, one in sizes.items() if one == size] for size in set(sizes.values())} == {
        sizes["/fr/"]: list(sizes)
    }
    assert sizes["/fr/"] < 14_600
