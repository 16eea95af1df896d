"""The ways that docs/maintainers.md describes are those of the code: each module that it lists is entered."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import httpx
import pytest

from portal.storage.keys import read_key
from portal.web.forms import Tokens
from tests.checkout import ROOT
from tests.factories.origin_process import CHECKOUT, init_ahead, serving
from tests.factories.page import Page
from tests.waiting import until

pytestmark = pytest.mark.anyio

HOP: Final = re.compile(r"^\d+\. \[([^\]]+)\]", re.MULTILINE)
SIX_WORDS: Final = re.compile(r"^    (\w+(?: \w+){5})$", re.MULTILINE)
FINGERPRINT: Final = re.compile(r"<code>((?:[0-9a-f]{8} ?){8})</code>")
OF_EVERY_REQUEST: Final = 6
REGISTRATION: Final = "A registration"
EDITION: Final = "From an edit to a published edition"
MIRROR: Final = "An update of a mirror"
MOST: Final = {REGISTRATION: 12, EDITION: 15, MIRROR: 10}
"""The hops that a way may have, by its heading."""


def ways() -> dict[str, list[str]]:
    """Return the modules of each way; that of an edition begins like that of a registration."""
    text = (ROOT / "docs" / "maintainers.md").read_text(encoding="utf-8").partition("\n## How a request goes\n")[2]
    parts = re.split(r"^### ", text.partition("\n## ")[0], flags=re.MULTILINE)[1:]
    found = {part.partition("\n")[0]: [name.replace("\\", "") for name in HOP.findall(part)] for part in parts}
    return {**found, EDITION: found[REGISTRATION][:OF_EVERY_REQUEST] + found[EDITION]}


@dataclass(frozen=True)
class Traced:
    """A portal in `folder` that notes which modules it enters."""

    folder: Path

    @property
    def file(self) -> Path:
        """The file that the process writes."""
        return self.folder / "entered"

    @property
    def command(self) -> tuple[str, ...]:
        """The words that start it, before those of the command."""
        return (sys.executable, "-m", "tests.factories.traced", str(self.file))

    async def entered(self, process: subprocess.Popen[str]) -> set[str]:
        """Return the modules that were entered since the last call."""
        self.file.unlink(missing_ok=True)
        process.send_signal(signal.SIGUSR1)
        await until(self.file.exists)
        return set(self.file.read_text(encoding="utf-8").split())


@contextmanager
def mirroring(traced: Traced, url: str, root: str, words: str) -> Iterator[subprocess.Popen[str]]:
    """Start a mirror of `url`, and yield it once it has printed `words`."""
    with subprocess.Popen(
        [*traced.command, "mirror", url, "--root", root, "--data", "mirror", "--port", "0", "--onion", "off"],
        cwd=traced.folder,
        env=os.environ | CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            assert any(words in line for line in process.stdout)
            yield process
        finally:
            process.kill()


@dataclass
class Organiser:
    """The browser of an organiser at a portal whose data are in `data`."""

    client: httpx.Client
    data: Path

    def send(self, path: str, to: str, **typed: str) -> httpx.Response:
        """Fill in the form of the page at `path` that goes `to`, and send it."""
        page = Page(self.client.get(path))
        return self.client.post(page.form(to).action or path, data=page.fields(to) | typed)

    def edit_and_publish(self) -> list[int]:
        """Rename a session and publish that."""
        session, edition = "en/organisers/sessions/accueil/", "en/organisers/publish/"
        sent = (
            self.send(session, "accueil/", title_en="A warm welcome"),
            self.send(edition, "publish/", comment="A warmer welcome."),
        )
        return [answer.status_code for answer in sent]

    def register(self) -> int:
        """Register with a form that was opened ten seconds ago."""
        path = "fr/inscription/"
        fields = Page(self.client.get(path)).fields()
        tokens = Tokens(read_key(self.data, "forms"), lambda: datetime.now(UTC) - timedelta(seconds=10))
        code = tokens.open_at_any_age("registration", fields["csrf_token"])
        token = tokens.issue("registration", code)
        return self.client.post(path, data=fields | {"csrf_token": token}).status_code


async def test_ways_are_those_of_the_code(tmp_path: Path) -> None:
    traced, followed = Traced(tmp_path), dict[str, set[str]]()
    set_up = subprocess.run(
        init_ahead(tmp_path), cwd=tmp_path, env=os.environ | CHECKOUT, capture_output=True, text=True
    )
    passphrase = SIX_WORDS.findall(set_up.stdout)[0]
    with serving(tmp_path, command=traced.command) as running:
        headers = {"origin": running.url.rstrip("/")}
        with httpx.Client(base_url=running.url, headers=headers) as client:
            root = FINGERPRINT.findall(client.get("fr/programme/").text)[0]
            with mirroring(traced, running.url, root, "The copy is served"):
                organiser = Organiser(client, tmp_path / "data")
            signed_in = organiser.send("en/organisers/", "", name="organisation", passphrase=passphrase)
            assert signed_in.status_code == 303
            await traced.entered(running.process)
            assert organiser.edit_and_publish() == [303, 303]
            followed[EDITION] = await traced.entered(running.process)
            assert organiser.register() == 200
            followed[REGISTRATION] = await traced.entered(running.process)
        with mirroring(traced, running.url, root, "Edition 2 is verified and served") as mirror:
            followed[MIRROR] = await traced.entered(mirror)
    assert {way: [hop for hop in hops if hop not in followed[way]] for way, hops in ways().items()} == {
        way: [] for way in MOST
    }


def test_ways_are_short() -> None:
    hops = ways()
    assert {way: len(hops[way]) for way in MOST if len(set(hops[way])) > MOST[way]} == {}
    assert set(hops) == set(MOST)
