"""Onion of the portal: built from the settings, shown to pages and terminal."""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from onion.service.own_torrc import TorrcMethod
from onion.service.service import OnionService
from onion.service.static import StaticOnion
from onion.tor.addresses import TorAddress, first_open
from onion.tor.launch import OwnTor
from onion.tor.publishing import AddOnionMethod
from onion.tor.socket_access import grant_access_to_account
from onion.tor.spec import Defences, OnionSpec
from onion.tor.state import Notice, OnionPhase, OnionState
from onion.tor.timeouts import Timeouts
from onion.tor.tor import TorClient
from portal.domain.language import N_
from portal.domain.limits import (
    ONION_ARRIVALS_A_SECOND,
    ONION_ARRIVALS_WAITING,
    ONION_PROOF_FRESH_MINUTES,
    ONION_PROOF_MINUTES,
    ONION_STREAMS,
)
from portal.services import Message, OnionView
from portal.settings import Settings
from portal.web.error_log import DuplicateFilter

Say = Callable[[str, Mapping[str, object]], None]
"""Shows a message with its details in the terminal of the portal."""

DEFENCES: Final = Defences(ONION_STREAMS, ONION_ARRIVALS_A_SECOND, ONION_ARRIVALS_WAITING)
TIMEOUTS: Final = Timeouts(between_proofs=ONION_PROOF_MINUTES * 60)
FRESH: Final = timedelta(minutes=ONION_PROOF_FRESH_MINUTES)

_UNREPORTED: Final = frozenset({OnionPhase.OFF, OnionPhase.CONNECTING, OnionPhase.UPLOADING})
_REPORTED_ONCE: Final = frozenset({OnionPhase.BOOTSTRAPPING})


class OnionPublisher:
    """The onion of the `settings`. `say` gets each of its changes once. `clock` gives the time in UTC.

    `socket` is that of its listener, when it `is_wanted`.
    """

    def __init__(self, settings: Settings, say: Say, clock: Callable[[], datetime]) -> None:
        self.is_wanted: Final = settings.onion != "off"
        self.socket: Final = onion_socket(settings)
        self._say = say
        self._clock = clock
        self._filter = DuplicateFilter()
        self._static = settings.onion_address if self.is_wanted else ""
        self._socks = settings.tor_socks
        self.service = self._make(settings) if self.is_wanted else None

    @property
    def address(self) -> str | None:
        """Return `http://….onion` as soon as it is known, published or not."""
        host = self._static or (self.service and self.service.state.address)
        return f"http://{host}" if host else None

    def view(self) -> OnionView:
        """Return the view for the pages, with the address while its proof is fresh."""
        state = self.service.state if self.service else OnionState()
        proof = state.proof
        is_fresh = proof is not None and abs(self._clock() - proof.last) <= FRESH
        return OnionView(
            state=state.phase.value,
            address=self.address if is_fresh else None,
            known=self.address,
            now=Message(state.text, state.details),
            advice=state.advice,
            warnings=tuple(Message(warning.text, warning.details) for warning in state.warnings),
            since=proof.since if proof else None,
            proven=proof.last if proof else None,
            seconds=proof.seconds if proof else None,
        )

    def open_socks_port(self) -> TorAddress | None:
        """Return a SOCKS port of a Tor, None where none is open. Blocks.

        It is that of the onion while that is proven to work; where the onion is off, that of the settings.
        """
        ports: Sequence[TorAddress] = [self._socks] if self._socks else []
        if self.service is not None:
            ports = self.service.socks if self.view().address else []
        return first_open(ports)

    def answer(self, path: str) -> str | None:
        """Return the answer to a pending challenge; None for any other path."""
        return self.service.challenges.answer(path) if self.service else None

    async def run(self) -> None:
        """Keep the service published and proven until cancelled."""
        if self.service is not None:
            await self.service.run()

    def _make(self, settings: Settings) -> OnionService | StaticOnion:
        rng, socks = random.SystemRandom(), self._socks
        if settings.onion_address:

            async def grant_access() -> None:
                if settings.tor_user:
                    await asyncio.to_thread(grant_access_to_account, settings.tor_user, self.socket)

            return StaticOnion(
                settings.onion_address,
                socks,
                grant_access,
                self.report,
                rng=rng,
                clock=self._clock,
                timeouts=TIMEOUTS,
            )
        spec = OnionSpec(settings.data / "keys" / "onion", self.socket, DEFENCES)
        own = own_tor(settings)
        tor = TorClient(settings.tor_control, settings.tor_password, own, socks)
        method = TorrcMethod(own.service_folder) if own and settings.tells_circuits else AddOnionMethod()
        return OnionService(spec, tor, self.report, method, rng=rng, clock=self._clock, timeouts=TIMEOUTS)

    def report(self, state: OnionState) -> None:
        """Report a change; the same failure again, or another proof, is reported once."""
        self._warn(state.warnings)
        report = (state.text, {} if state.phase in _REPORTED_ONCE else dict(state.details))
        if state.phase in _UNREPORTED or not self._filter.is_new(report):
            return
        self._say(state.text, state.details)
        if state.phase is OnionPhase.REACHABLE:
            self._say(N_("Onion address: %(address)s"), {"address": self.address})

    def _warn(self, warnings: tuple[Notice, ...]) -> None:
        """Report each warning once while the portal runs."""
        for warning in warnings:
            if self._filter.is_new(None, topic=warning.text):
                self._say(warning.text, warning.details)


def onion_socket(settings: Settings) -> Path:
    """Return the path of the onion's socket."""
    return Path(settings.onion_socket or settings.data / "onion" / "socket").absolute()


def own_tor(settings: Settings) -> OwnTor | None:
    """Return our own Tor, if the settings want the portal to start it."""
    if settings.onion != "launch":
        return None
    extra = Path(settings.tor_extra_torrc) if settings.tor_extra_torrc else None
    return OwnTor(settings.data / "tor", extra=extra)
