"""A copy in a folder, served by nginx, Apache and Caddy with the very lines of the docs."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx
import pytest

from tests.factories.command_line import fingerprint_of, mirroring, typed, verified
from tests.factories.web_servers import SERVERS, WebServer
from tests.waiting import PATIENCE

VISITOR: Final = "127.0.0.2"
"""Address of the visitors: nothing else here has it, so that it is found wherever it was written down."""


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
        with mirroring(tmp_path / "copy", url, "--root", root) as mirror:
            assert httpx.get(f"{mirror.url}fr/", timeout=PATIENCE).content == signed
        try:
            page.write_bytes(b"<p>!</p>")
            status, output = verified(tmp_path, url, "--root", root)
        finally:
            page.write_bytes(signed)
    assert (status, output.splitlines()[0]) == (1, "Altered or missing: fr/index.html")


TYPES: Final = {
    "fr/evenement.ics": "text/calendar",
    "fr/nouvelles.atom": "application/atom+xml",
    "schedule.xml": "application/xml",
    "schedule.json": "application/json",
}


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
        types = {path: visitor.get(url + path).headers["content-type"].partition(";")[0] for path in TYPES}
        assert types == TYPES
    assert VISITOR.encode() not in written(tmp_path / "server")


@pytest.mark.parametrize("name", ["nginx", "Apache"])
def test_without_the_lines_on_logs_visitors_are_noted_by(
    name: str, exported: tuple[Path, str], visitor: httpx.Client, tmp_path: Path
) -> None:
    lines = re.sub(r"^.*_?log .*\n", "", SERVERS[name].lines, flags=re.MULTILINE | re.IGNORECASE)
    with SERVERS[name].serving(exported[0], tmp_path / "server", lines) as url:
        visited(visitor, url)
    assert VISITOR.encode() in written(tmp_path / "server")
