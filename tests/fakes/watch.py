"""An onion service under watch: its states in order, and the wait for the one that a test needs."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Final

from onion.service.service import OnionService
from onion.tor.addresses import TorAddress
from onion.tor.launch import OwnTor
from onion.tor.method import PublicationMethod
from onion.tor.publishing import AddOnionMethod
from onion.tor.spec import Defences, OnionSpec, no_arguments
from onion.tor.state import OnionPhase, OnionState
from onion.tor.timeouts import Timeouts
from onion.tor.tor import TorClient
from tests.waiting import PATIENCE

DEFENCES: Final = Defences(streams=64, arrivals_a_second=100, arrivals_waiting=500)
QUICK: Final = Timeouts(
    first_pause=0.01,
    longest_pause=0.05,
    upload=10,
    attempt=10,
    retry=0.2,
    proof=20,
    between_failures=0.5,
    between_proofs=0.5,
)
"""No test waits longer than it must."""


def now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


class Watched:
    """A service of `folder`: its socket is `folder`/socket, its key `folder`/key/onion, drawn by folder and `seed`."""

    def __init__(
        self,
        folder: Path,
        control: Path | None,
        *,
        password: str = "",
        own: OwnTor | None = None,
        method: PublicationMethod = AddOnionMethod(),  # noqa: B008 - it is frozen
        socks: TorAddress | None = None,
        seed: int = 1,
        timeouts: Timeouts = QUICK,
        arguments: Callable[[], Sequence[str]] = no_arguments,
        rng: random.Random | None = None,
    ) -> None:
        self.states: list[OnionState] = []
        self.key_file = folder / "key" / "onion"
        self.socket_path = folder / "socket"
        self._changed = asyncio.Event()
        self.service = OnionService(
            OnionSpec(self.key_file, self.socket_path.absolute(), DEFENCES, arguments=arguments),
            TorClient(TorAddress(control) if control else None, password, own, socks),
            self._take,
            method,
            rng=rng or random.Random(seed),
            clock=now,
            timeouts=timeouts,
        )

    def _take(self, state: OnionState) -> None:
        self.states.append(state)
        self._changed.set()

    async def until(self, is_reached: Callable[[OnionState], bool], seconds: float = PATIENCE) -> OnionState:
        """Wait for the next state, the present one included, for which `is_reached`; `TimeoutError` after `seconds`."""
        async with asyncio.timeout(seconds):
            while not is_reached(self.service.state):
                self._changed.clear()
                await self._changed.wait()
        return self.service.state

    async def until_after(self, number: int, phase: OnionPhase, seconds: float = PATIENCE) -> OnionState:
        """Wait for the first state of `phase` after the first `number` states."""
        async with asyncio.timeout(seconds):
            while not (found := [state for state in self.states[number:] if state.phase is phase]):
                self._changed.clear()
                await self._changed.wait()
        return found[0]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the service until the end of the block."""
        running = asyncio.create_task(self.service.run())
        try:
            yield
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


def phases(states: Sequence[OnionState]) -> list[OnionPhase]:
    """Return the phases of `states`, each once in a row."""
    return [phase for phase, _ in groupby(state.phase for state in states)]
