"""The proof that this very portal is reached at the onion: it fetches a page through Tor that only it can make."""

import asyncio
import hashlib
import hmac
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from onion.errors import AnotherAnswers, NoSocksPort, NotReached
from onion.tor.addresses import TorAddress
from onion.tor.socks import Answer, fetch
from onion.tor.timeouts import Timeouts

SECRET_BYTES: Final = 32
NONCE_BYTES: Final = 16
BUSY: Final = 503
LONGEST_RETRY_SECONDS: Final = 5


class Challenges:
    """Paths that nobody can guess, each answered once and by this process alone. `rng` is fit for secrets."""

    def __init__(self, rng: random.Random) -> None:
        self._chance = rng
        self._secret = rng.randbytes(SECRET_BYTES)
        self._open: set[str] = set()

    @contextmanager
    def asked(self) -> Iterator[str]:
        """A new path, which is answered until the end of the block."""
        path = f"/{self._chance.randbytes(NONCE_BYTES).hex()}"
        self._open.add(path)
        try:
            yield path
        finally:
            self._open.discard(path)

    def answer(self, path: str) -> str | None:
        """What to answer at `path`; None unless it was asked just now."""
        if path not in self._open:
            return None
        self._open.discard(path)
        return self.expected(path)

    def expected(self, path: str) -> str:
        """What the true portal answers at `path`: HMAC-SHA256 of it by a secret that ends with the process."""
        return hmac.new(self._secret, path.encode(), hashlib.sha256).hexdigest()


class Prover:
    """Fetches the answer to one of `challenges` at an onion. `clock` counts seconds."""

    def __init__(
        self,
        challenges: Challenges,
        rng: random.Random,
        timeouts: Timeouts,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._questions = challenges
        self._chance = rng
        self._rhythm = timeouts
        self._clock = clock

    async def prove(self, socks: Sequence[TorAddress], address: str) -> float:
        """How many seconds it took to fetch a page of our own at `address` through the first of `socks` that is open.

        A circuit that fails says little: it is tried again for the time of one proof. Raises `Unprovable` when no SOCKS
        port is open to us, `ProofFailed` when the portal is not reached.
        """
        if not socks:
            raise NoSocksPort
        pause = self._rhythm.retry
        try:
            async with asyncio.timeout(self._rhythm.proof):
                while (seconds := await self._attempt(socks, address)) is None:
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, LONGEST_RETRY_SECONDS)
        except TimeoutError:
            raise NotReached(seconds=round(self._rhythm.proof)) from None
        return seconds

    async def _attempt(self, socks: Sequence[TorAddress], address: str) -> float | None:
        """None when Tor did not get through, or when the portal is too busy to answer."""
        with self._questions.asked() as path:
            began = self._clock()
            answer = await self._fetched(socks, address, path)
            if answer is None or answer.status == BUSY:
                return None
            if not hmac.compare_digest(answer.body, self._questions.expected(path).encode()):
                raise AnotherAnswers(address=address)
            return self._clock() - began

    async def _fetched(self, socks: Sequence[TorAddress], address: str, path: str) -> Answer | None:
        try:
            async with asyncio.timeout(self._rhythm.attempt):
                return await fetch(socks, address, path, self._chance)
        except TimeoutError:
            return None
