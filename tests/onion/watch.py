"""An onion service under watch: its states in order, and the wait for the one that a test needs."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from onion.launch import OwnTor
from onion.places import ControlAddress
from onion.service import OnionService
from onion.state import OnionState


class Watched:
    """A service of `folder`: its socket is `folder`/socket, its key `folder`/key/onion, drawn by folder and `seed`."""

    def __init__(
        self, folder: Path, control: Path | None, *, password: str = "", own: OwnTor | None = None, seed: int = 1
    ) -> None:
        self.states: list[OnionState] = []
        self.key_file = folder / "key" / "onion"
        self.socket_path = folder / "socket"
        self._changed = asyncio.Event()
        place = ControlAddress(control) if control else None
        chance = random.Random(seed)
        self.service = OnionService(
            self.socket_path, self.key_file, place, password, self._take, chance=chance, own=own
        )

    def _take(self, state: OnionState) -> None:
        self.states.append(state)
        self._changed.set()

    async def until(self, is_reached: Callable[[OnionState], bool], seconds: float = 60) -> OnionState:
        """The next state, from the present one on, for which `is_reached`; `TimeoutError` after `seconds`."""
        async with asyncio.timeout(seconds):
            while not is_reached(self.service.state):
                self._changed.clear()
                await self._changed.wait()
        return self.service.state

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The service runs until the end of the block."""
        running = asyncio.create_task(self.service.run())
        try:
            yield
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
