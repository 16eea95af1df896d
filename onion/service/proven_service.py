"""Base of our onion services: a state that is reported when it changes, and proofs again and again."""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from onion.errors import ProofFailed, Unprovable
from onion.service.proof import Challenges, Prover
from onion.tor.addresses import TorAddress
from onion.tor.state import REACHABLE, Notice, OnionPhase, OnionState, Proof
from onion.tor.timeouts import Timeouts


class ProvenOnion:
    """An onion service that proves itself: its listener answers `challenges`, which it fetches through `socks`.

    `on_change` is called with every new state, on the event loop. `rng` is fit for secrets, `clock` gives the time
    in UTC.
    """

    def __init__(
        self,
        on_change: Callable[[OnionState], None],
        rng: random.Random,
        clock: Callable[[], datetime],
        timeouts: Timeouts,
    ) -> None:
        self.state = OnionState()
        self.challenges = Challenges(rng)
        self.successes = 0
        self.socks: Sequence[TorAddress] = ()
        self._on_change = on_change
        self._rng = rng
        self._clock = clock
        self._timeouts = timeouts
        self._prover = Prover(self.challenges, rng, timeouts)
        self._renewal = asyncio.Event()

    def renew(self) -> None:
        """Publish anew soon, with the arguments of that moment."""
        self._renewal.set()

    async def prove_until(self, socks: Sequence[TorAddress], address: str, failures: int) -> None:
        """Prove again and again, until `failures` in a row or until the service is to be renewed."""
        self.socks, in_a_row = socks, 0
        while not self._renewal.is_set():
            pause = self._timeouts.between_proofs
            try:
                seconds = await self._prover.prove(socks, address)
            except Unprovable as error:
                self._update(OnionPhase.UNPROVEN, error.text, error.details)
            except ProofFailed as error:
                self._update(OnionPhase.UNREACHABLE, error.text, error.details)
                in_a_row, pause = in_a_row + 1, self._timeouts.between_failures
                if in_a_row == failures:
                    return
            else:
                in_a_row = 0
                self._succeed(seconds)
            await self._sleep_until_renewal(self._jittered(pause))

    def _succeed(self, seconds: float) -> None:
        self.successes += 1
        now = self._clock()
        since = self.state.proof.since if self.state.proof else now
        self._update(OnionPhase.REACHABLE, REACHABLE, proof=Proof(since, now, seconds))

    def _jittered(self, seconds: float) -> float:
        """Return a random time near `seconds`, so that the network sees no regular pattern."""
        return seconds * self._rng.uniform(0.8, 1.2)

    async def _sleep_until_renewal(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._renewal.wait()

    def _update(
        self,
        phase: OnionPhase,
        text: str,
        details: Mapping[str, object] | None = None,
        *,
        proof: Proof | None = None,
        address: str | None = None,
        warnings: tuple[Notice, ...] | None = None,
    ) -> None:
        """Change the state; the address and the warnings stay unless new values are given."""
        self._set_state(
            replace(
                self.state,
                phase=phase,
                text=text,
                details=details or {},
                proof=proof,
                address=address or self.state.address,
                warnings=self.state.warnings if warnings is None else warnings,
            )
        )

    def _set_state(self, state: OnionState) -> None:
        if state != self.state:
            self.state = state
            self._on_change(state)
