"""A copy in a folder, served by nginx with the very lines of the docs."""

import re
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx
import pytest

from tests.journeys.test_key_holders import typed
from tests.journeys.test_mirror import fingerprint_of, mirroring, verified
from tests.programs import require

DOCS: Final = Path(__file__).parents[2] / "docs" / "mirrors.md"
MAIN: Final = """
daemon off;
pid {folder}/pid;
error_log {folder}/main-errors;
events {{}}
http {{
    include /etc/nginx/mime.types;
    access_log {folder}/access;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {server}
}}
"""
START_SECONDS: Final = 10


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def nginx(folder: Path, site: Path) -> Iterator[str]:
    """nginx with the server of the docs, which serves `site` at a free port of loopback; its address."""
    require("nginx")
    found = re.search(r"^```nginx\n(.*?)^```$", DOCS.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert found is not None
    port = free_port()
    server = found[1].replace("listen 80;", f"listen 127.0.0.1:{port};").replace("root /srv/site;", f"root {site};")
    assert server.count(str(port)) == server.count(str(site)) == 1
    folder.mkdir()
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, server=server), encoding="utf-8")
    with subprocess.Popen(["nginx", "-e", f"{folder}/main-errors", "-c", f"{folder}/nginx.conf"]) as process:
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()


def wait_for(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            assert time.monotonic() < until
            time.sleep(0.05)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """An exported copy where nginx, which reads as an account of its own, may read it, and the fingerprint."""
    (tmp_path / "origin").mkdir()
    typed(tmp_path / "origin", "init")
    with tempfile.TemporaryDirectory() as open_folder:
        Path(open_folder).chmod(0o755)
        typed(tmp_path / "origin", "export", f"{open_folder}/site")
        yield Path(open_folder) / "site", fingerprint_of(tmp_path / "origin")


def test_folder_behind_nginx_is_true_and_can_be_followed(site: tuple[Path, str], tmp_path: Path) -> None:
    folder, root = site
    (tmp_path / "copy").mkdir()
    with nginx(tmp_path / "nginx", folder) as url:
        assert verified(tmp_path, url, "--root", root)[0] == 0
        with mirroring(tmp_path / "copy", url, "--root", root) as copy:
            assert httpx.get(f"{copy.url}fr/").content == (folder / "fr" / "index.html").read_bytes()
        (folder / "fr" / "index.html").write_bytes(b"<p>!</p>")
        status, said = verified(tmp_path, url, "--root", root)
        assert (status, said.splitlines()[0]) == (1, "Altered or missing: fr/index.html")


def test_nginx_leads_to_the_page_of_what_is_gone_and_notes_nobody(site: tuple[Path, str], tmp_path: Path) -> None:
    folder, _ = site
    with nginx(tmp_path / "nginx", folder) as url:
        answers = [httpx.get(f"{url}{path}") for path in ("fr", "fr/nowhere/", "tuf/", "fr/evenement.ics")]
        assert [(one.status_code, one.headers.get("location")) for one in answers] == [
            (301, "/fr/"),
            (302, "/404.html"),
            (403, None),
            (200, None),
        ]
        assert answers[-1].headers["content-type"] == "text/calendar"
    logs = [tmp_path / "nginx" / name for name in ("access", "main-errors")]
    assert [log.read_text() for log in logs] == ["", ""]
