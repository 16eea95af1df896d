"""A copy in a folder, served by nginx, Apache and Caddy with the very lines of the docs."""

import os
import re
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
import pytest

from tests.journeys.test_key_holders import typed
from tests.journeys.test_mirror import fingerprint_of, mirroring, verified
from tests.programs import require
from tests.tornet.node import free_ports

DOCS: Final = Path(__file__).parents[2] / "docs" / "mirrors.md"
START_SECONDS: Final = 10
VISITOR: Final = "127.0.0.2"
"""Where visitors come from: nothing else here has this address, so that it is found wherever it was written down."""

NGINX: Final = """
daemon off;
pid {folder}/pid;
error_log {folder}/errors;
events {{}}
http {{
    include /etc/nginx/mime.types;
    access_log {folder}/access;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {lines}
}}
"""
APACHE: Final = """
{modules}
User www-data
Group www-data
ServerName localhost
ServerRoot {folder}
DefaultRuntimeDir {folder}
PidFile {folder}/pid
ErrorLog {folder}/errors
CustomLog {folder}/access "%h %r"
Listen 127.0.0.1:{port}
{lines}
"""
MODULES: Final = ("authz_core", "autoindex", "deflate", "dir", "filter", "mime", "mpm_event", "negotiation", "rewrite")
"""What Debian's Apache has on and what has to do with files, and the one that the docs turn on."""
CADDY: Final = """
{{
    admin off
    auto_https off
    default_bind 127.0.0.1
    storage file_system {folder}/storage
}}
{lines}
"""


@dataclass(frozen=True, slots=True)
class WebServer:
    """A program, the `options` by which it reads `{folder}/conf`, and that file: `{lines}` are those of the docs.

    `places` are the words in the docs' lines that stand for a port and a folder, and what takes their place here.
    """

    program: str
    language: str
    options: tuple[str, ...]
    file: str
    places: Mapping[str, str]

    @property
    def lines(self) -> str:
        """What the docs say."""
        found = re.findall(rf"^```{self.language}\n(.*?)^```$", DOCS.read_text("utf-8"), re.MULTILINE | re.DOTALL)
        assert len(found) == 1
        return str(found[0])

    @contextmanager
    def serving(self, site: Path, folder: Path, lines: str) -> Iterator[str]:
        """Serve `site` at a free port of loopback as `lines` say; the address. All that it writes is in `folder`."""
        require(self.program)
        folder.mkdir()
        port = free_ports(1)[0]
        for words, place in self.places.items():
            assert lines.count(words) == 1, words
            lines = lines.replace(words, place.format(port=port, site=site))
        modules = "".join(apache_module(name) for name in MODULES)
        text = self.file.format(folder=folder, port=port, lines=lines, modules=modules)
        (folder / "conf").write_text(text, encoding="utf-8")
        command = [self.program, *(option.format(folder=folder) for option in self.options)]
        homes = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(folder))
        with (folder / "said").open("w") as said:
            process = subprocess.Popen(command, env=os.environ | homes, stdout=said, stderr=said)
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait(START_SECONDS)


SERVERS: Final = {
    "nginx": WebServer(
        "nginx",
        "nginx",
        ("-e", "{folder}/errors", "-c", "{folder}/conf"),
        NGINX,
        {"listen 80;": "listen 127.0.0.1:{port};", "/srv/site;": "{site};"},
    ),
    "Apache": WebServer(
        "apache2",
        "apache",
        ("-D", "FOREGROUND", "-f", "{folder}/conf"),
        APACHE,
        {"*:80": "127.0.0.1:{port}", "DocumentRoot /srv/site": "DocumentRoot {site}", "y /srv/site": "y {site}"},
    ),
    "Caddy": WebServer(
        "caddy",
        "caddy",
        ("run", "--adapter", "caddyfile", "--config", "{folder}/conf"),
        CADDY,
        {"copy.example.org": "http://127.0.0.1:{port}", "/srv/site": "{site}"},
    ),
}


def apache_module(name: str) -> str:
    return f"Include /etc/apache2/mods-available/{name}.load\nIncludeOptional /etc/apache2/mods-available/{name}.conf\n"


def wait_for(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            assert time.monotonic() < until
            time.sleep(0.05)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A copy in a folder that any account may read, as those of web servers do, and the fingerprint."""
    origin = tmp_path_factory.mktemp("origin")
    typed(origin, "init")
    with tempfile.TemporaryDirectory() as open_folder:
        Path(open_folder).chmod(0o755)
        typed(origin, "export", f"{open_folder}/site")
        yield Path(open_folder) / "site", fingerprint_of(origin)


@pytest.fixture
def visitor() -> Iterator[httpx.Client]:
    with httpx.Client(transport=httpx.HTTPTransport(local_address=VISITOR), follow_redirects=True) as client:
        yield client


def visited(visitor: httpx.Client, url: str) -> dict[str, tuple[int, str]]:
    """For each path the status and the path of what is there in the end."""
    answers = {path: visitor.get(url + path) for path in ("", "fr", "fr/nowhere/", "nowhere.html", "tuf", "tuf/")}
    assert not [path for path, answer in answers.items() if "timestamp" in answer.text]
    return {path: (answer.status_code, answer.url.path) for path, answer in answers.items()}


def written(folder: Path) -> bytes:
    """All that a server wrote into its folder."""
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


@pytest.mark.parametrize("server", SERVERS.values(), ids=SERVERS)
def test_folder_is_true_and_can_be_followed_behind(
    server: WebServer, exported: tuple[Path, str], tmp_path: Path
) -> None:
    folder, root = exported
    (tmp_path / "copy").mkdir()
    page = folder / "fr" / "index.html"
    signed = page.read_bytes()
    with server.serving(folder, tmp_path / "server", server.lines) as url:
        assert verified(tmp_path, url, "--root", root)[0] == 0
        with mirroring(tmp_path / "copy", url, "--root", root) as copy:
            assert httpx.get(f"{copy.url}fr/").content == signed
        try:
            page.write_bytes(b"<p>!</p>")
            status, said = verified(tmp_path, url, "--root", root)
        finally:
            page.write_bytes(signed)
    assert (status, said.splitlines()[0]) == (1, "Altered or missing: fr/index.html")


@pytest.mark.parametrize("server", SERVERS.values(), ids=SERVERS)
def test_visitors_are_led_and_nobody_is_noted_by(
    server: WebServer, exported: tuple[Path, str], visitor: httpx.Client, tmp_path: Path
) -> None:
    with server.serving(exported[0], tmp_path / "server", server.lines) as url:
        at_tuf = (200, "/404.html") if server.program == "caddy" else (403, "/tuf/")
        assert visited(visitor, url) == {
            "": (200, "/"),
            "fr": (200, "/fr/"),
            "fr/nowhere/": (200, "/404.html"),
            "nowhere.html": (200, "/404.html"),
            "tuf": at_tuf,
            "tuf/": at_tuf,
        }
        types = [visitor.get(url + path).headers["content-type"] for path in ("fr/evenement.ics", "fr/nouvelles.atom")]
        assert [name.partition(";")[0] for name in types] == ["text/calendar", "application/atom+xml"]
    assert VISITOR.encode() not in written(tmp_path / "server")


@pytest.mark.parametrize("name", ["nginx", "Apache"])
def test_without_the_lines_on_logs_visitors_are_noted_by(
    name: str, exported: tuple[Path, str], visitor: httpx.Client, tmp_path: Path
) -> None:
    lines = re.sub(r"^.*_?log .*\n", "", SERVERS[name].lines, flags=re.MULTILINE | re.IGNORECASE)
    with SERVERS[name].serving(exported[0], tmp_path / "server", lines) as url:
        visited(visitor, url)
    assert VISITOR.encode() in written(tmp_path / "server")
