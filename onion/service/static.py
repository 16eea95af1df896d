"""An onion service that Tor's own torrc publishes: nothing is asked of Tor but what any visitor asks."""

import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final

from onion.errors import OnionError
from onion.service.proven_service import ProvenOnion
from onion.tor.addresses import USUAL_SOCKS, TorAddress
from onion.tor.state import PROVING, OnionPhase, OnionState
from onion.tor.timeouts import Timeouts


class StaticOnion(ProvenOnion):
    """The service at `address` (`….onion`), proven through the Tor at `socks`, None for one in the usual places.

    `open_the_listener` is awaited first; it may raise an `OnionError`, which is told.
    """

    def __init__(
        self,
        address: str,
        socks: TorAddress | None,
        open_the_listener: Callable[[], Awaitable[None]],
        on_change: Callable[[OnionState], None],
        *,
        rng: random.Random,
        clock: Callable[[], datetime],
        timeouts: Timeouts = Timeouts(),  # noqa: B008 - it is frozen
    ) -> None:
        super().__init__(on_change, rng, clock, timeouts)
        self.address: Final = address
        self._socks: Sequence[TorAddress] = USUAL_SOCKS if socks is None else (socks,)
        self._open_the_listener = open_the_listener

    async def run(self) -> None:
        """Prove it until cancelled; to heal it is Tor's own affair."""
        try:
            await self._let_tor_in()
            self._tell(OnionPhase.PROVING, PROVING, address=self.address)
            while True:
                await self.prove_until(self._socks, self.address, failures=1)
                await self._rest_or_renewal(self._about(self._rhythm.between_failures))
                self._renewal.clear()
        finally:
            self._become(OnionState())

    async def _let_tor_in(self) -> None:
        """Try again as long as it fails: somebody may be mending it."""
        while True:
            try:
                return await self._open_the_listener()
            except OnionError as error:
                self._tell(OnionPhase.UNREACHABLE, error.text, error.details, address=self.address)
                await self._rest_or_renewal(self._about(self._rhythm.between_failures))
