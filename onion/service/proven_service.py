"""What every onion service of ours has: a state that is told when it changes, and proofs that never end."""

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
    """An onion service that proves itself. `challenges` are to be answered at its door, `socks` is its way through Tor.

    `on_change` hears of every new state, on the event loop. `rng` is fit for secrets, `clock` gives the time in UTC.
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
        self._chance = rng
        self._clock = clock
        self._rhythm = timeouts
        self._prover = Prover(self.challenges, rng, timeouts)
        self._renewal = asyncio.Event()

    def renew(self) -> None:
        """Publish anew soon, with what is to be published then."""
        self._renewal.set()

    async def prove_until(self, socks: Sequence[TorAddress], address: str, failures: int) -> None:
        """Prove again and again, until so many `failures` in a row or until the service is to be renewed."""
        self.socks, in_a_row = socks, 0
        while not self._renewal.is_set():
            pause = self._rhythm.between_proofs
            try:
                seconds = await self._prover.prove(socks, address)
            except Unprovable as error:
                self._tell(OnionPhase.UNPROVEN, error.text, error.details)
            except ProofFailed as error:
                self._tell(OnionPhase.UNREACHABLE, error.text, error.details)
                in_a_row, pause = in_a_row + 1, self._rhythm.between_failures
                if in_a_row == failures:
                    return
            else:
                in_a_row = 0
                self._succeed(seconds)
            await self._rest_or_renewal(self._about(pause))

    def _succeed(self, seconds: float) -> None:
        self.successes += 1
        now = self._clock()
        since = self.state.proof.since if self.state.proof else now
        self._tell(OnionPhase.REACHABLE, REACHABLE, proof=Proof(since, now, seconds))

    def _about(self, seconds: float) -> float:
        """A time near `seconds`, so that the network does not see a clock."""
        return seconds * self._chance.uniform(0.8, 1.2)

    async def _rest_or_renewal(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._renewal.wait()

    def _tell(
        self,
        phase: OnionPhase,
        text: str,
        details: Mapping[str, object] | None = None,
        *,
        proof: Proof | None = None,
        address: str | None = None,
        warnings: tuple[Notice, ...] | None = None,
    ) -> None:
        """Be in another state: the address and the warnings stay unless there are new ones."""
        self._become(
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

    def _become(self, state: OnionState) -> None:
        if state != self.state:
            self.state = state
            self._on_change(state)
