"""Hashing in threads: true answers, a bounded queue, memory given back."""

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import anyio
import pytest

from portal.domain.errors import BusyError
from portal.domain.registration.hashing import Argon2, CodeCosts
from portal.domain.registration.ticket_code import CodeDigest
from portal.web.hashing_pool import NICENESS, ThreadedHasher
from tests.checkout import ROOT
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.anyio

PASSPHRASE = "six mots que personne ne devine"
STARTED_AT = 15
NOBODY = 65534
NICENESS_OF_THE_LOOP = os.getpriority(os.PRIO_PROCESS, 0)


def cheap() -> Argon2:
    return Argon2(memory_kib=64, passes=1)


@dataclass(frozen=True)
class Crowd(Argon2):
    """A cost that takes a moment, `together` at a time.

    `counts` remembers how many were in it, how many at once, and how many in all.
    """

    memory_kib: int = 64
    passes: int = 1
    together: int = 1
    lock: threading.Lock = field(default_factory=threading.Lock)
    counts: dict[str, int] = field(default_factory=lambda: {"inside": 0, "most": 0, "all": 0})

    all_are_in: threading.Barrier = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "all_are_in", threading.Barrier(self.together, timeout=PATIENCE))

    def run(self, secret: bytes, salt: bytes, length: int = 32) -> bytes:
        with self.lock:
            self.counts["inside"] += 1
            self.counts["all"] += 1
            self.counts["most"] = max(self.counts["most"], self.counts["inside"])
        self.all_are_in.wait()
        time.sleep(0.02)
        with self.lock:
            self.counts["inside"] -= 1
        return super().run(secret, salt, length)


async def test_hash_matches_its_passphrase_alone() -> None:
    hasher = ThreadedHasher(cheap(), cores=1)
    made = await hasher.hash(PASSPHRASE)
    assert made.stored.startswith("$argon2id-verifier$v=19$m=64,t=1,p=1$")
    tried = [await hasher.verify(made.stored, typed) for typed in (PASSPHRASE, PASSPHRASE.upper(), "")]
    assert tried == [made.key, None, None]


async def test_id_of_a_code_is_worked_out_at_the_cost_of_its_length() -> None:
    full, short = Crowd(), Crowd()
    hasher = ThreadedHasher(cheap(), cores=1, code_costs=CodeCosts(full, short))
    ids = [(await hasher.locate(CodeDigest(b"d" * 32, is_short))).id for is_short in (False, True, True)]
    assert (full.counts["all"], short.counts["all"], len(set(ids))) == (1, 2, 1)


async def test_hash_of_nobody_matches_nothing_for_the_same_work() -> None:
    crowd = Crowd()
    assert await ThreadedHasher(crowd, cores=1).verify(None, PASSPHRASE) is None
    assert crowd.counts["all"] == 1


async def test_hash_that_cannot_be_read_matches_nothing() -> None:
    assert await ThreadedHasher(cheap(), cores=1).verify("$argon2id$", PASSPHRASE) is None


async def test_hasher_runs_no_more_at_once_than_there_are_cores() -> None:
    crowd = Crowd(together=2)
    hasher = ThreadedHasher(crowd, cores=2)
    async with anyio.create_task_group() as group:
        for _ in range(12):
            group.start_soon(hasher.hash, PASSPHRASE)
    assert crowd.counts["most"] == 2


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
    assert await hasher.verify((await hasher.hash(PASSPHRASE)).stored, PASSPHRASE)


async def test_hasher_leaves_the_loop_free() -> None:
    begun, loop_is_free = threading.Event(), threading.Event()

    class Held(Crowd):
        def run(self, secret: bytes, salt: bytes, length: int = 32) -> bytes:
            begun.set()
            assert loop_is_free.wait(PATIENCE)
            return super().run(secret, salt, length)

    async with anyio.create_task_group() as group:
        group.start_soon(ThreadedHasher(Held(), cores=1).hash, PASSPHRASE)
        await until(begun.is_set)
        loop_is_free.set()


@pytest.mark.skipif(sys.platform != "linux", reason="niceness is of a thread on Linux alone")
async def test_hasher_steps_back_behind_the_loop() -> None:
    niceness = []

    class Watched(Argon2):
        def run(self, secret: bytes, salt: bytes, length: int = 32) -> bytes:
            niceness.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
            return super().run(secret, salt, length)

    await ThreadedHasher(Watched(64, 1), cores=1).hash(PASSPHRASE)
    assert niceness == [max(NICENESS, NICENESS_OF_THE_LOOP)]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == NICENESS_OF_THE_LOOP


NICE_PORTAL = f"""
import asyncio, os
from portal.domain.registration.hashing import Argon2, CodeCosts
from portal.domain.registration.ticket_code import CodeDigest
from portal.web.hashing_pool import ThreadedHasher
os.nice({STARTED_AT} - os.getpriority(os.PRIO_PROCESS, 0))
if os.getuid() == 0:
    os.setuid({NOBODY})
hasher = ThreadedHasher(Argon2(memory_kib=64, passes=1), cores=1)
print(asyncio.run(hasher.hash("{PASSPHRASE}")).stored)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="niceness is of a thread on Linux alone")
def test_hasher_works_in_a_portal_that_was_started_nicer_than_it_would_be() -> None:
    made = subprocess.run([sys.executable, "-c", NICE_PORTAL], capture_output=True, text=True, check=False, cwd=ROOT)
    assert (made.returncode, made.stdout[:9]) == (0, "$argon2id"), made.stderr


@pytest.mark.slow
async def test_hasher_gives_its_memory_back() -> None:
    hasher = ThreadedHasher(Argon2(passes=1), cores=2)
    before = resident_kib()
    async with anyio.create_task_group() as group:
        for _ in range(4):
            group.start_soon(hasher.hash, PASSPHRASE)
    assert resident_kib() - before < 16 * 1024


def resident_kib() -> int:
    """Return the resident memory of this process, in KiB (proc(5), VmRSS)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
