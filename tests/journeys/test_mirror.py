"""The journey of a copy: begun with a fingerprint, served, verified, and alive without its origin."""

import asyncio
import re
import signal
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event
from typing import Final

import httpx
import pytest

from portal.mirror.client.push import OFFER_KIB
from tests.factories.command_line import fingerprint_of, mirroring, publish, typed, verified
from tests.factories.origin_process import serving
from tests.fakes.tuf_simulator import misbehaving
from tests.waiting import PATIENCE

SILENT_SECONDS: Final = 14
"""For how long a source says nothing; a copy waits for it a little longer."""


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Of the origin, which is set up, and of the copy."""
    for name in ("origin", "copy"):
        (tmp_path / name).mkdir()
    typed(tmp_path / "origin", "init")
    return tmp_path / "origin", tmp_path / "copy"


def headers_of(answer: httpx.Response) -> dict[str, str]:
    """The headers but for the policy, which at the origin allows the organisers' style too, and the padding by it."""
    others = {"content-security-policy", "x-padding"}
    return {name: value for name, value in answer.headers.items() if name not in others}


def test_copy_has_the_very_bytes_of_the_origin_and_lives_without_it(folders: tuple[Path, Path]) -> None:
    origin, mirror = folders
    root = fingerprint_of(origin)
    with serving(origin) as running:
        assert f"<code>{root}</code>" in httpx.get(f"{running.url}fr/programme/", timeout=PATIENCE).text
        with mirroring(mirror, running.url, "--root", root) as first:
            assert re.fullmatch(r"Edition 1 is here: \d+ files, all exactly as signed\.", first.lines[-2])
            for path in ("", "fr/", "en/programme/", "fr/evenement.ics", "edition.json", "tuf/timestamp.json"):
                theirs, ours = (
                    httpx.get(running.url + path, timeout=PATIENCE),
                    httpx.get(first.url + path, timeout=PATIENCE),
                )
                assert (ours.status_code, ours.content, headers_of(ours)) == (
                    200,
                    theirs.content,
                    headers_of(theirs),
                ), path
            page = httpx.get(f"{first.url}fr/inscription/", timeout=PATIENCE)
            assert page.status_code == 200
            assert b"<form" not in page.content
            assert page.content == httpx.get(f"{running.url}fr/inscription/index.html", timeout=PATIENCE).content
            assert verified(mirror, first.url, "--root", root)[0] == 0
            assert typed(mirror, "onion", "status").startswith("The onion service is off.")
            assert first.stop() == 0
        assert "Nothing is running with the folder data." in typed(mirror, "onion", "status")
        assert verified(origin, running.url, "--root", root)[0] == 0
        running.stop(signal.SIGKILL)
    with mirroring(mirror, running.url) as again:
        assert httpx.get(f"{again.url}fr/programme/", timeout=PATIENCE).status_code == 200
        assert httpx.get(f"{again.url}fr/nowhere/", follow_redirects=True, timeout=PATIENCE).url.path == "/404.html"
        assert httpx.post(f"{again.url}fr/inscription/", timeout=PATIENCE).status_code == 405
        assert httpx.get(again.url, headers={"host": "elsewhere.example"}, timeout=PATIENCE).status_code == 421
        status, output = verified(mirror, again.url)
        assert status == 0
        assert "is true: edition 1, all " in output
        assert root in output


def test_copy_is_begun_from_another_copy_and_from_a_folder(folders: tuple[Path, Path], tmp_path: Path) -> None:
    origin, mirror = folders
    root = fingerprint_of(origin)
    typed(origin, "export", str(tmp_path / "site"))
    (tmp_path / "second").mkdir()
    with mirroring(mirror, str(tmp_path / "site"), "--root", root) as first, ExitStack() as ended:
        sources = ("http://127.0.0.1:1/", first.url)
        second = ended.enter_context(mirroring(tmp_path / "second", *sources, "--root", root))
        assert (
            httpx.get(f"{second.url}fr/", timeout=PATIENCE).content
            == (tmp_path / "site" / "fr" / "index.html").read_bytes()
        )
    for address in (str(tmp_path / "site"), (tmp_path / "site").as_uri()):
        assert verified(mirror, address, "--root", root)[0] == 0


def test_copy_stops_at_once_while_its_source_says_nothing(folders: tuple[Path, Path], tmp_path: Path) -> None:
    origin, mirror = folders
    root = fingerprint_of(origin)
    typed(origin, "export", str(tmp_path / "site"))
    with mirroring(mirror, str(tmp_path / "site"), "--root", root) as first:
        assert first.stop() == 0
    next((mirror / "data" / "copy" / "files").iterdir()).write_bytes(b"damaged")
    requested, ended, gave_up = Event(), Event(), Event()

    def say_nothing(handler: BaseHTTPRequestHandler, content: bytes) -> None:
        requested.set()
        ended.wait(SILENT_SECONDS)
        gave_up.set()

    files = {"tuf/timestamp.json": b"{}"}
    with misbehaving(files, say_nothing, SILENT_SECONDS, when="tuf/") as silent:
        with mirroring(mirror, silent.address) as running:
            assert re.fullmatch(r"Edition 1 is here\. Damaged files, .*: 1 of \d+\.", running.lines[0])
            assert requested.wait(SILENT_SECONDS)
            assert running.stop() == 0
            assert not gave_up.is_set()  # the source was still silent when the mirror had stopped
        ended.set()


REFUSED = {
    "another fingerprint": (["--root", "0" * 64], "", "No root of trust of this source has the fingerprint"),
    "what is no fingerprint": (["--root", "abc"], "", "A fingerprint is made of 64 digits and letters"),
    "nobody who confirms it": ([], "", "Nobody has confirmed the fingerprint."),
    "somebody who does not agree": ([], "n\n", "Nobody has confirmed the fingerprint."),
}


@pytest.mark.parametrize(("words", "answers", "last_words"), REFUSED.values(), ids=REFUSED.keys())
def test_copy_is_not_begun_with(
    folders: tuple[Path, Path], tmp_path: Path, words: list[str], answers: str, last_words: str
) -> None:
    origin, mirror = folders
    typed(origin, "export", str(tmp_path / "site"))
    with mirroring(mirror, str(tmp_path / "site"), *words, answers=answers) as running:
        assert last_words in running.lines[-1]
        assert running.process.wait(10) == 2
    assert not (mirror / "data" / "copy" / "current").exists()


def test_place_of_tor_that_is_none_is_told(folders: tuple[Path, Path]) -> None:
    _, mirror = folders
    output = typed(mirror, "verify", "https://event.example", "--socks", "tor.example")
    assert output == "portal: command line: --socks: it is the path of a socket of Tor, or an address:port\n"


def test_folder_of_a_portal_is_no_place_for_a_copy(folders: tuple[Path, Path]) -> None:
    origin, _ = folders
    assert "is the data folder of a portal" in typed(origin, "mirror", "https://event.example")


def test_altered_folder_is_told_with_its_files(folders: tuple[Path, Path], tmp_path: Path) -> None:
    origin, mirror = folders
    site = tmp_path / "site"
    typed(origin, "export", str(site))
    page = site / "fr" / "programme" / "index.html"
    page.write_bytes(page.read_bytes().replace(b"</main>", b"<p>!</p></main>"))
    (site / "en" / "index.html").unlink()
    status, output = verified(mirror, str(site))
    assert (status, sorted(output.splitlines()[:2])) == (
        1,
        ["Altered or missing: en/index.html", "Altered or missing: fr/programme/index.html"],
    )
    (site / "tuf" / "timestamp.json").unlink()
    assert verified(mirror, str(site))[0] == 2


def test_copy_takes_an_edition_that_is_pushed_when_its_origin_is_gone(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    origin, mirror = folders
    root = fingerprint_of(origin)
    typed(origin, "export", str(tmp_path / "site"))
    with mirroring(mirror, str(tmp_path / "site"), "--root", root) as running:
        asyncio.run(publish(origin / "data"))
        assert "Edition 2 is in" in typed(origin, "export", str(tmp_path / "next"))
        output = typed(origin, "push", str(tmp_path / "next"), running.url)
        assert f"The copy at {running.url} serves edition 2.\n" in output
        assert "Another sentence" in httpx.get(f"{running.url}en/", timeout=PATIENCE).text
        assert verified(mirror, running.url, "--root", root)[0] == 0
        assert httpx.post(f"{running.url}tuf/offer", content=b"{}", timeout=PATIENCE).status_code == 409
        assert httpx.post(f"{running.url}tuf/offer/{'0' * 64}", content=b"mine", timeout=PATIENCE).status_code == 409
        too_much = bytes(OFFER_KIB * 1024 + 1)
        assert httpx.post(f"{running.url}tuf/offer", content=too_much, timeout=PATIENCE).status_code == 400
        assert verified(mirror, running.url, "--root", root)[0] == 0
