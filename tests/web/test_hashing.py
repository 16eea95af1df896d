"""Hashing in threads: true answers, a bounded queue, memory given back."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import anyio
import pytest
from argon2 import PasswordHasher

from portal.domain.errors import BusyError
from portal.domain.hashing import argon2id
from portal.web.hashing import NICENESS, ThreadedHasher
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.anyio

PASSPHRASE = "six mots que personne ne devine"
STARTED_AT = 15
NOBODY = 65534
NICENESS_OF_THE_LOOP = os.getpriority(os.PRIO_PROCESS, 0)


def cheap() -> PasswordHasher:
    return argon2id(memory_kib=64, passes=1)


class Crowd(PasswordHasher):
    """A hasher that takes a moment, `together` at a time, and remembers how many were in it at once."""

    def __init__(self, together: int = 1) -> None:
        super().__init__(time_cost=1, memory_cost=64, parallelism=1)
        self.lock, self.inside, self.most = threading.Lock(), 0, 0
        self.all_are_in = threading.Barrier(together, timeout=PATIENCE)

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.all_are_in.wait()
        time.sleep(0.02)
        with self.lock:
            self.inside -= 1
        return super().hash(password, salt=salt)


async def test_hash_matches_its_passphrase_alone() -> None:
    hasher = ThreadedHasher(cheap(), cores=1)
    made = await hasher.hash(PASSPHRASE)
    assert made.startswith("$argon2id$v=19$m=64,t=1,p=1$")
    assert [await hasher.verify(made, tried) for tried in (PASSPHRASE, PASSPHRASE.upper(), "")] == [True, False, False]


async def test_hash_of_nobody_matches_nothing_for_the_same_work() -> None:
    crowd = Crowd()
    assert await ThreadedHasher(crowd, cores=1).verify(None, PASSPHRASE) is False
    assert crowd.most == 1


async def test_hash_that_cannot_be_read_matches_nothing() -> None:
    assert await ThreadedHasher(cheap(), cores=1).verify("$argon2id$", PASSPHRASE) is False


async def test_hasher_runs_no_more_at_once_than_there_are_cores() -> None:
    crowd = Crowd(together=2)
    hasher = ThreadedHasher(crowd, cores=2)
    async with anyio.create_task_group() as group:
        for _ in range(12):
            group.start_soon(hasher.hash, PASSPHRASE)
    assert crowd.most == 2


async def test_hasher_refuses_who_comes_to_a_full_queue_and_takes_who_comes_later() -> None:
    hasher, outcomes = ThreadedHasher(Crowd(), cores=1, queue=2), list[str]()

    async def come() -> None:
        try:
            await hasher.hash(PASSPHRASE)
            outcomes.append("hashed")
        except BusyError as error:
            outcomes.append(f"again in {error.retry_after}")

    async with anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(come)
    assert sorted(outcomes) == ["again in 5", "again in 5", "hashed", "hashed", "hashed"]
    assert await hasher.verify(await hasher.hash(PASSPHRASE), PASSPHRASE)


async def test_hasher_leaves_the_loop_free() -> None:
    begun, loop_is_free = threading.Event(), threading.Event()

    class Held(Crowd):
        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            begun.set()
            assert loop_is_free.wait(PATIENCE)
            return super().hash(password, salt=salt)

    async with anyio.create_task_group() as group:
        group.start_soon(ThreadedHasher(Held(), cores=1).hash, PASSPHRASE)
        await until(begun.is_set)
        loop_is_free.set()


@pytest.mark.skipif(sys.platform != "linux", reason="niceness is of a thread on Linux alone")
async def test_hasher_steps_back_behind_the_loop() -> None:
    niceness = []

    class Told(Crowd):
        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            niceness.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
            return super().hash(password, salt=salt)

    await ThreadedHasher(Told(), cores=1).hash(PASSPHRASE)
    assert niceness == [max(NICENESS, NICENESS_OF_THE_LOOP)]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == NICENESS_OF_THE_LOOP


NICE_PORTAL = f"""
import asyncio, os
from portal.domain.hashing import argon2id
from portal.web.hashing import ThreadedHasher
os.nice({STARTED_AT} - os.getpriority(os.PRIO_PROCESS, 0))
if os.getuid() == 0:
    os.setuid({NOBODY})
hasher = ThreadedHasher(argon2id(memory_kib=64, passes=1), cores=1)
print(asyncio.run(hasher.hash("{PASSPHRASE}")))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="niceness is of a thread on Linux alone")
def test_hasher_works_in_a_portal_that_was_started_nicer_than_it_would_be() -> None:
    made = subprocess.run(
        [sys.executable, "-c", NICE_PORTAL], capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2]
    )
    assert (made.returncode, made.stdout[:9]) == (0, "$argon2id"), made.stderr


async def test_hasher_gives_its_memory_back() -> None:
    hasher = ThreadedHasher(argon2id(passes=1), cores=2)
    before = resident_kib()
    async with anyio.create_task_group() as group:
        for _ in range(4):
            group.start_soon(hasher.hash, PASSPHRASE)
    assert resident_kib() - before < 16 * 1024


def resident_kib() -> int:
    """The memory that this process holds, in KiB (proc(5), VmRSS)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
