"""Onion service that Tor's own torrc publishes: the portal uses no control connection, only a SOCKS port."""

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
    """The service at `address` (`….onion`), proven through the Tor at `socks`, None for the usual addresses.

    `grant_access` to the listener is awaited first; an `OnionError` that it raises is reported.
    """

    def __init__(
        self,
        address: str,
        socks: TorAddress | None,
        grant_access: Callable[[], Awaitable[None]],
        on_change: Callable[[OnionState], None],
        *,
        rng: random.Random,
        clock: Callable[[], datetime],
        timeouts: Timeouts = Timeouts(),  # noqa: B008 - it is frozen
    ) -> None:
        super().__init__(on_change, rng, clock, timeouts)
        self.address: Final = address
        self._socks: Sequence[TorAddress] = USUAL_SOCKS if socks is None else (socks,)
        self._grant_access = grant_access

    async def run(self) -> None:
        """Prove it until cancelled; only Tor itself can publish it anew."""
        try:
            await self._try_to_grant_access()
            self._update(OnionPhase.PROVING, PROVING, address=self.address)
            while True:
                await self.prove_until(self._socks, self.address, failures=1)
                await self._sleep_until_renewal(self._jittered(self._timeouts.between_failures))
                self._renewal.clear()
        finally:
            self._set_state(OnionState())

    async def _try_to_grant_access(self) -> None:
        """Try again as long as it fails: an administrator may be mending it."""
        while True:
            try:
                return await self._grant_access()
            except OnionError as error:
                self._update(OnionPhase.UNREACHABLE, error.text, error.details, address=self.address)
                await self._sleep_until_renewal(self._jittered(self._timeouts.between_failures))
