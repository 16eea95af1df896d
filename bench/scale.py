"""The processor time of a portal with a very large event: its start, an edition, an announcement, an organisers' page.

One portal on loopback does all of it. Processor time is that of its process and of those that it starts (proc(5),
`stat`), so that a busy machine counts for little.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import httpx

from bench.crowds import filled_in, post
from bench.figure import Figure
from bench.large_event import large_event
from bench.running import ORGANISER, Server, passphrase_in, running, unset_environment
from portal.site.event_toml import event_toml
from portal.site.paths import PageName, page_path
from tests.checkout import ROOT
from tests.factories.origin_process import CHEAP, PORTAL

SESSIONS: Final = 1_000
ROOMS: Final = 20
DAYS: Final = 5
ROUNDS: Final = 3
"""Times that each is done; the figure is the best of them, the one least disturbed."""
_ENVIRONMENT: Final = unset_environment() | CHEAP
_HERTZ: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Scale:
    """Seconds of processor time, the least of ROUNDS, and MiB held at most."""

    start: float
    publish: float
    announce: float
    editor: float
    peak_mib: float


def measure_start() -> Figure:
    """Return the figure of the start, until the portal answers."""
    return _figure("start", _scale().start, 3)


def measure_publish() -> Figure:
    """Return the figure of publishing an edition in which one session has changed."""
    return _figure("publish", _scale().publish, 5)


def measure_announce() -> Figure:
    """Return the figure of an important announcement, whose title is on every page."""
    return _figure("announce", _scale().announce, 1)


def measure_edit() -> Figure:
    """Return the figure of the slowest page on which organisers edit the draft, and of saving a session."""
    return _figure("edit", _scale().editor, 0.3)


def _figure(name: str, seconds: float, target: float) -> Figure:
    what = f"{name}, {SESSIONS} sessions in {DAYS} days"
    beside = f"{_scale().peak_mib:.0f} MiB held at most"
    return Figure(what, f"{seconds:.2f} s of processor", beside, seconds, target, is_ceiling=True, unit="s")


@cache
def _scale() -> Scale:
    """Measure all of it with one data folder."""
    with TemporaryDirectory() as folder:
        passphrase = _set_up(Path(folder))
        starts = []
        for _ in range(ROUNDS):
            with _portal(Path(folder)) as server:
                starts.append(seconds_of(server.pid))
        with _portal(Path(folder)) as server:
            used = asyncio.run(_edit_and_publish(replace(server, passphrase=passphrase)))
            return Scale(min(starts), *used, server.memory_kib("VmHWM") / 1024)


def _set_up(folder: Path) -> str:
    """Set up the portal of the event in `folder`; return the passphrase of its organiser."""
    file = folder / "event.toml"
    file.write_bytes(event_toml(large_event(SESSIONS, ROOMS, DAYS)))
    init = [*PORTAL, "init", "--event", str(file), "--data", str(folder / "data")]
    return passphrase_in(
        subprocess.run(init, cwd=ROOT, env=_ENVIRONMENT, check=True, capture_output=True, text=True).stdout
    )


@contextmanager
def _portal(folder: Path) -> Iterator[Server]:
    serve = [sys.executable, "-m", "portal", "serve", "--data", str(folder / "data"), "--port", "0", "--onion", "off"]
    with running(serve, _ENVIRONMENT) as server:
        httpx.get(f"{server.url}/{page_path('programme', 'fr')}").raise_for_status()
        yield server


def seconds_of(pid: int) -> float:
    """Return the processor time of the process `pid` and of its children that have ended, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _HERTZ


async def _edit_and_publish(server: Server) -> tuple[float, float, float]:
    """Return the seconds of an edition, of an announcement, and of the slowest page of the editor."""
    async with httpx.AsyncClient(base_url=server.url, timeout=120) as client:
        await _sent(client, server.pid, "organisers", {"name": ORGANISER, "passphrase": server.passphrase})
        rounds = [await _round(client, server.pid, number) for number in range(ROUNDS)]
    publish, announce, *pages = (min(column) for column in zip(*rounds, strict=True))
    return publish, announce, max(pages)


async def _round(client: httpx.AsyncClient, pid: int, number: int) -> list[float]:
    """Return the seconds of an edition, of an announcement, and of each page of the editor."""
    pages = [await _read(client, pid, page, id) for page, id in _PAGES]
    saved = await _sent(client, pid, "draft", {"abstract_fr": f"Résumé {number}."}, "s500")
    published = await _sent(client, pid, "edition", {"comment": f"Number {number}."})
    announced = await _sent(client, pid, "announcements", {"title_fr": f"Salle {number}", "important": "yes"})
    return [published, announced, *pages, saved]


_PAGES: Final[tuple[tuple[PageName, str], ...]] = (
    ("organisers", ""),
    ("draft_programme", ""),
    ("draft", "s500"),
    ("draft_speakers", ""),
    ("draft_rooms", ""),
    ("edition", ""),
    ("editions", ""),
)


async def _read(client: httpx.AsyncClient, pid: int, page: PageName, id: str) -> float:
    """Return the seconds of a page."""
    before = seconds_of(pid)
    (await client.get(_path(page, id))).raise_for_status()
    return seconds_of(pid) - before


async def _sent(client: httpx.AsyncClient, pid: int, page: PageName, typed: Mapping[str, str], id: str = "") -> float:
    """Return the seconds of a form with what is `typed`, without those of showing it."""
    action, fields = await filled_in(client, _path(page, id), typed)
    before = seconds_of(pid)
    answer = await post(client, action, fields)
    assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
    return seconds_of(pid) - before


def _path(page: PageName, id: str = "") -> str:
    return f"/{page_path(page, 'fr', id)}"
