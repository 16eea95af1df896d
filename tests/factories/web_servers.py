"""nginx, Apache and Caddy on loopback with the very lines of the docs, as Debian has them."""

import os
import re
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from tests.checkout import ROOT
from tests.programs import require
from tests.tornet.node import free_ports
from tests.waiting import wait_until

DOCS: Final = ROOT / "docs" / "mirrors.md"
START_SECONDS: Final = 60

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
"""Modules of Apache that Debian turns on and that concern files, and the one that the docs turn on."""
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
        """Return the configuration in the docs."""
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
        with (folder / "said").open("w") as output:
            process = subprocess.Popen(command, env=os.environ | homes, stdout=output, stderr=output)
        try:
            wait_until(partial(is_listening, port), START_SECONDS)
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


def is_listening(port: int) -> bool:
    """Return whether a connection to `port` is taken."""
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0
