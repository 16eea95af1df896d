"""Hashing of passphrases in worker threads, as many as there are cores, with a bounded queue."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from portal.domain.errors import BusyError
from portal.domain.limits import ARGON2_QUEUE, BUSY_RETRY_SECONDS
from portal.domain.registration.hashing import (
    CODE_COSTS,
    SALT_BYTES,
    Argon2,
    CodeCosts,
    PassphraseKey,
    code_keys,
    is_outgrown,
    key_of,
    new_key,
    rest_of_work,
)
from portal.domain.registration.ticket_code import CodeDigest, CodeKeys

T = TypeVar("T")

NICENESS: Final = 10
"""Niceness of the threads, from 0 to 19 (sched(7)): at 10 readers hardly notice them."""


def ticket_threads(cores: int) -> int:
    """Return the number of threads that hash for tickets on `cores`, while as many threads hash for registrations.

    The system shares the cores among the busy threads: a flood of registrations leaves the tickets their share.
    """
    return max(1, cores // 2)


class ThreadedHasher:
    """A `hashing.Hasher` that runs at most `cores` argon2 at once and lets at most `queue` wait.

    argon2 releases the interpreter's lock while it works, so threads are enough. Each run takes the memory that
    `argon2` is set to. The threads have a low priority, so that readers do not wait.
    """

    def __init__(
        self, argon2: Argon2, cores: int, queue: int = ARGON2_QUEUE, code_costs: CodeCosts = CODE_COSTS
    ) -> None:
        self._argon2 = argon2
        self._code_costs = code_costs
        self._threads = ThreadPoolExecutor(cores, "argon2", initializer=_lower_priority)
        self._places = cores + queue

    async def hash(self, passphrase: str) -> PassphraseKey:
        """Return the key of `passphrase` under a new salt. Raises `BusyError`."""
        return await self._in_thread(lambda: new_key(self._argon2, passphrase, os.urandom(SALT_BYTES)))

    async def verify(self, stored: str | None, passphrase: str) -> bytes | None:
        """Return the key of `passphrase` if `stored` was made of it, else None after the same work. Raises `BusyError`.

        A hash of lower cost that does not match is followed by the rest of the work, so that timing does not reveal it.
        """
        if stored is None:
            await self.hash(passphrase)
            return None
        known = stored
        return await self._in_thread(lambda: self._verify(known, passphrase))

    async def locate(self, digest: CodeDigest) -> CodeKeys:
        """Return the id under which the record of a code is kept, and the code's key. Raises `BusyError`."""
        return await self._in_thread(lambda: code_keys(digest, self._code_costs))

    def is_outgrown(self, stored: str) -> bool:
        """Return whether `stored` is of a lower cost than a hash made now."""
        return is_outgrown(self._argon2, stored)

    def _verify(self, stored: str, passphrase: str) -> bytes | None:
        key = key_of(stored, passphrase)
        if key is None and (rest := rest_of_work(self._argon2, stored)):
            rest.run(passphrase.encode(), os.urandom(SALT_BYTES))
        return key

    async def _in_thread(self, work: Callable[[], T]) -> T:
        if self._places == 0:
            raise BusyError(BUSY_RETRY_SECONDS)
        self._places -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._places += 1


def _lower_priority() -> None:
    """Raise the niceness of this thread on Linux, the system where threads have their own.

    Only a privileged account may lower a niceness (setpriority(2)), so a higher niceness stays.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, max(NICENESS, os.getpriority(os.PRIO_PROCESS, thread)))
