"""The portal's commands in processes of their own, in data folders of their own."""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx

from portal.domain.edition.edition import Addresses
from portal.domain.event.event import Mirror
from portal.domain.language import Text
from portal.storage.embedded.store import open_store
from tests.factories.origin_process import CHECKOUT, PORTAL, Running, is_spinner_line
from tests.waiting import PATIENCE, wait_until

CONFIRMED = "y\noui\n"


def typed(folder: Path, *words: str, answers: str = "", environment: Mapping[str, str] = CHECKOUT) -> str:
    """Return the output of the command `words` in `folder`, with `answers` to its questions.

    On a busy machine it also says, at the end, what it takes long for.
    """
    done = subprocess.run(
        [*PORTAL, *words], cwd=folder, env=os.environ | environment, input=answers, capture_output=True, text=True
    )
    return done.stdout + done.stderr


async def publish(data: Path, *mirrors: Mirror) -> None:
    """Publish an edition with another lead, and with `mirrors` in the list of the copies."""
    store = await open_store(data)
    draft = await store.draft()
    event = replace(draft.event, lead=Text("Une autre phrase", "Another sentence"), mirrors=mirrors)
    draft = await store.save_draft(event, draft.revision)
    await store.publish(draft.revision, "La phrase a changé.", Addresses(), datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    await store.close()


def wait_for(url: str, words: str, seconds: float = PATIENCE) -> None:
    """Return as soon as `words` are on the page."""
    wait_until(lambda: words in httpx.get(url, timeout=PATIENCE).text, seconds)


@contextmanager
def mirroring(folder: Path, *words: str, answers: str = "") -> Iterator[Running]:
    """`portal mirror` in `folder`, at a free port and without an onion, until it serves or ends."""
    with subprocess.Popen(
        [*PORTAL, "mirror", *words, "--port", "0", "--onion", "off"],
        cwd=folder,
        env=os.environ | CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        running = Running(process)
        try:
            assert process.stdin and process.stdout
            process.stdin.write(answers)
            process.stdin.close()
            for line in process.stdout:
                if is_spinner_line(line):
                    continue
                running.lines.append(line.rstrip("\n"))
                if found := re.search(r"The copy is served at (http://[\w.:]+/)", line):
                    running.url = found[1]
                    break
            yield running
        finally:
            if process.poll() is None:
                process.kill()


def fingerprint_of(origin: Path) -> str:
    found = re.search(r"(?:[0-9a-f]{8} ?){8}", typed(origin, "key", "list"))
    assert found is not None
    return found[0]


def verified(folder: Path, *words: str) -> tuple[int, str]:
    """Return the status and the output of `portal verify`."""
    done = subprocess.run(
        [*PORTAL, "verify", *words], cwd=folder, env=os.environ | CHECKOUT, capture_output=True, text=True
    )
    return done.returncode, done.stdout
