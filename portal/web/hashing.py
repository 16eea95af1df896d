"""Passphrases hashed in worker threads: the loop goes on, the cores are not overbooked, and the queue has an end."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from argon2 import PasswordHasher

from portal.domain.errors import BusyError
from portal.domain.hashing import is_outgrown, matches, rest_of_work
from portal.domain.limits import ARGON2_QUEUE, BUSY_RETRY_SECONDS

Made = TypeVar("Made")

NICENESS: Final = 10
"""How far the threads step back behind the loop, from 0 to 19 (sched(7)): at 10 a reader hardly feels them."""


def threads_of_tickets(cores: int) -> int:
    """How many passphrases of tickets are hashed at once on `cores`, beside those of registrations, a core each.

    The system shares the cores among the threads that work: whatever comes to the one, the other keeps its share.
    """
    return max(1, cores // 2)


class ThreadedHasher:
    """A `portal.domain.hashing.Hasher` that runs at most `cores` argon2 at once and lets at most `queue` wait.

    argon2 leaves the interpreter's lock while it works, so threads are enough. Each takes the memory that `argon2` is
    set to, and gives it back to the system when it ends. They step back behind the loop, so that readers do not wait.
    """

    def __init__(self, argon2: PasswordHasher, cores: int, queue: int = ARGON2_QUEUE) -> None:
        self._argon2 = argon2
        self._threads = ThreadPoolExecutor(cores, "argon2", initializer=_step_back)
        self._places = cores + queue

    async def hash(self, passphrase: str) -> str:
        """The argon2id string of `passphrase`. Raises `BusyError`."""
        return await self._in_a_thread(lambda: self._argon2.hash(passphrase))

    async def verify(self, passphrase_hash: str | None, passphrase: str) -> bool:
        """Whether `passphrase` made `passphrase_hash`; without one the same work is done. Raises `BusyError`.

        A hash of less work that does not match is followed by the rest of the work, so that no time tells it.
        """
        if passphrase_hash is None:
            await self.hash(passphrase)
            return False
        known = passphrase_hash
        return await self._in_a_thread(lambda: self._compared(known, passphrase))

    def is_outgrown(self, passphrase_hash: str) -> bool:
        """Whether the parameters have grown since this hash was made."""
        return is_outgrown(self._argon2, passphrase_hash)

    def _compared(self, passphrase_hash: str, passphrase: str) -> bool:
        if matches(self._argon2, passphrase_hash, passphrase):
            return True
        if rest := rest_of_work(self._argon2, passphrase_hash):
            rest.hash(passphrase)
        return False

    async def _in_a_thread(self, work: Callable[[], Made]) -> Made:
        if self._places == 0:
            raise BusyError(BUSY_RETRY_SECONDS)
        self._places -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._places += 1


def _step_back() -> None:
    """On Linux a thread has a niceness of its own; elsewhere this number would name a process.

    Only a privileged account may lower a niceness (setpriority(2)): one that is higher already stays.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, max(NICENESS, os.getpriority(os.PRIO_PROCESS, thread)))
