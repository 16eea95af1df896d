"""Proof that this very process is reached at the onion: it fetches a page through Tor that only it can make."""

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
from onion.tor.socks import Response, fetch
from onion.tor.timeouts import Timeouts

SECRET_BYTES: Final = 32
NONCE_BYTES: Final = 16
BUSY: Final = 503
LONGEST_RETRY_SECONDS: Final = 5


class Challenges:
    """Random paths, each answered once and by this process alone. `rng` is fit for secrets."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._secret = rng.randbytes(SECRET_BYTES)
        self._pending: set[str] = set()

    @contextmanager
    def issue(self) -> Iterator[str]:
        """Yield a new path, which is answered until the end of the block."""
        path = f"/{self._rng.randbytes(NONCE_BYTES).hex()}"
        self._pending.add(path)
        try:
            yield path
        finally:
            self._pending.discard(path)

    def answer(self, path: str) -> str | None:
        """Return the answer at `path`, once; None unless it is pending."""
        if path not in self._pending:
            return None
        self._pending.discard(path)
        return self.expected(path)

    def expected(self, path: str) -> str:
        """Return the true answer at `path`: its HMAC-SHA256 under a secret that ends with the process."""
        return hmac.new(self._secret, path.encode(), hashlib.sha256).hexdigest()


class Prover:
    """Client that fetches the answer to a challenge at an onion. `clock` counts seconds."""

    def __init__(
        self,
        challenges: Challenges,
        rng: random.Random,
        timeouts: Timeouts,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._challenges = challenges
        self._rng = rng
        self._timeouts = timeouts
        self._clock = clock

    async def prove(self, socks: Sequence[TorAddress], address: str) -> float:
        """Fetch a page of our own at `address` through the first of `socks` that is open; return the seconds it took.

        A circuit that fails proves little: another is tried, for the time of one proof. Raises `Unprovable` when no
        SOCKS port is open to us, `ProofFailed` when the portal is not reached.
        """
        if not socks:
            raise NoSocksPort
        pause = self._timeouts.retry
        try:
            async with asyncio.timeout(self._timeouts.proof):
                while (seconds := await self._attempt(socks, address)) is None:
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, LONGEST_RETRY_SECONDS)
        except TimeoutError:
            raise NotReached(seconds=round(self._timeouts.proof)) from None
        return seconds

    async def _attempt(self, socks: Sequence[TorAddress], address: str) -> float | None:
        """Return the seconds; None when Tor did not get through, or when the portal is too busy to answer."""
        with self._challenges.issue() as path:
            began = self._clock()
            answer = await self._fetch(socks, address, path)
            if answer is None or answer.status == BUSY:
                return None
            if not hmac.compare_digest(answer.body, self._challenges.expected(path).encode()):
                raise AnotherAnswers(address=address)
            return self._clock() - began

    async def _fetch(self, socks: Sequence[TorAddress], address: str, path: str) -> Response | None:
        try:
            async with asyncio.timeout(self._timeouts.attempt):
                return await fetch(socks, address, path, self._rng)
        except TimeoutError:
            return None
