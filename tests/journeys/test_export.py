"""The journey of a copy: the public site, exported, served by another server under a sub-path, and read whole."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urldefrag, urljoin

import httpx
import lxml.html
import pytest

from portal.cli.main import run_command
from tests.factories.origin_process import CHEAP

SUB_PATH: Final = "copies/of-others/portal"
LINKS: Final = "//@href | //@src | //@action"
NOT_LINKED: Final = "404.html"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that a web server serves; the exported site is at `SUB_PATH` in it."""
    root = tmp_path_factory.mktemp("www")
    environment = {**CHEAP, "PORTAL_DATA": str(tmp_path_factory.mktemp("origin") / "data")}
    assert run_command(["init"], environment) == 0
    assert run_command(["export", str(root / SUB_PATH)], environment) == 0
    return root


@pytest.fixture(scope="module")
def mirror(folder: Path) -> Iterator[str]:
    """The address of the copy at Python's own web server, with a slash at the end."""
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://[\d.:]+/", process.stdout.readline())
            assert found is not None
            yield f"{found[0]}{SUB_PATH}/"
        finally:
            process.kill()


def read_whole(start: str) -> tuple[dict[str, lxml.html.HtmlElement], list[str]]:
    """Every page that links lead to from `start`, by its address, and every link that leads away from there."""
    pages, away, waiting = dict[str, lxml.html.HtmlElement](), list[str](), [start]
    with httpx.Client() as client:
        while waiting:
            address = waiting.pop()
            if address in pages:
                continue
            answer = client.get(address)
            assert answer.status_code == 200, address
            pages[address] = lxml.html.document_fromstring(answer.content)
            for link in pages[address].xpath(LINKS):
                target = urldefrag(urljoin(address, str(link))).url
                (waiting if target.startswith(start) else away).append(target)
    return pages, away


def test_every_link_of_the_copy_leads_into_the_copy_and_every_file_is_linked(mirror: str, folder: Path) -> None:
    pages, away = read_whole(mirror)
    assert [link for link in away if not link.startswith("data:")] == []
    read = {address.partition("?")[0].removeprefix(mirror).removesuffix("index.html") for address in pages}
    files = [path for kind in ("*.html", "*.ics", "*.atom", "schedule.*") for path in (folder / SUB_PATH).rglob(kind)]
    written = {str(path.relative_to(folder / SUB_PATH)) for path in files}
    assert read == {path.removesuffix("index.html") for path in written - {NOT_LINKED}}


def test_every_link_into_a_page_finds_its_place(mirror: str) -> None:
    pages, _ = read_whole(mirror)
    lost = []
    for address, page in pages.items():
        for link in page.xpath(LINKS):
            target, fragment = urldefrag(urljoin(address, str(link)))
            if fragment and not pages[target].xpath("//*[@id = $id]", id=fragment):
                lost.append(f"{address}: {link}")
    assert lost == []
