"""Real processes on one folder: killed at any moment, or writing at once."""

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from portal.domain.registration.registration import Counts
from portal.storage.embedded.store import open_store
from tests.checkout import ROOT
from tests.factories.stores import EVENT, NOW
from tests.waiting import PATIENCE

pytestmark = pytest.mark.anyio

KILLS = 6


def started(data: Path, prefix: str, *number: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.factories.registering", str(data), prefix, *number]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def killed_after(process: subprocess.Popen[str], number: int) -> list[str]:
    """Return the whole lines that a process had written when it was killed, after `number` of them."""
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(number)]
    process.kill()
    rest, _ = process.communicate()
    return [line.strip() for line in (*lines, *rest.splitlines(keepends=True)) if line.endswith("\n")]


def field_errors(lines: list[str], mark: str) -> set[str]:
    return {line[1:] for line in lines if line[0] == mark}


async def test_killed_process_lost_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    data, rng = tmp_path / "data", Random(20261215)
    store = await open_store(data)
    await store.initialise(EVENT)
    await store.close()
    registered, may_be_gone, erased = set(), set(), set()
    for kill in range(KILLS):
        lines = killed_after(started(data, f"{kill}f"), rng.randint(1, 60))
        registered |= field_errors(lines, "+")
        may_be_gone |= field_errors(lines, "?")
        erased |= field_errors(lines, "-")
        whatever_is_left = {path.name: path.read_bytes() for path in data.iterdir()}
        for name, content in whatever_is_left.items():
            assert [id for id in erased if id.encode() in content] == [], f"an erased person is in {name}"
        store = await open_store(data)
        kept = {id for id in registered if await store.registration(id)}
        assert registered - may_be_gone <= kept <= registered - erased
        await store.close()
    assert erased
    assert not list(data.glob("*.new"))


async def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    store = await open_store(data)
    await store.initialise(EVENT)
    processes = [started(data, prefix, "60") for prefix in ("a", "b")]
    for n in range(60):
        await store.register(f"c{n:063x}", "", "", NOW)
    outputs = [process.communicate(timeout=PATIENCE)[0] for process in processes]
    assert [output.count("+") for output in outputs] == [60, 60]
    assert [process.returncode for process in processes] == [0, 0]
    assert await store.counts() == Counts(seated=60 + 2 * 40)
    await store.close()
