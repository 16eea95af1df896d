"""Organisers' own onion: a second address, which can be reached only with a key (client authorisation)."""

import asyncio
import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from onion.service.client_auth import client_auth_spec
from onion.service.service import OnionService
from onion.tor.state import OnionPhase, OnionState
from onion.tor.timeouts import Timeouts
from onion.tor.tor import TorClient
from portal.domain.errors import StorageError
from portal.domain.language import N_
from portal.settings import Settings
from portal.storage.contract import Store
from portal.tor.service import DEFENCES, TIMEOUTS, Say, own_tor
from portal.web.error_log import DuplicateFilter

LOOK_SECONDS: Final = 2.0
"""Time between two looks at the keys in the store, which may change in another process."""

_REPORTED: Final = frozenset({OnionPhase.REACHABLE, OnionPhase.UNPROVEN, OnionPhase.UNREACHABLE})


class OrganisersOnion:
    """The organisers' onion of the `settings`, for the keys in `store`. `say` gets each of its states once.

    `socket` is that of its listener, when it `is_wanted`. Each change of the `keys` publishes it again through `tor`.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        say: Say,
        clock: Callable[[], datetime],
        timeouts: Timeouts = TIMEOUTS,
    ) -> None:
        self.is_wanted: Final = settings.organisers_onion
        self.socket: Final = organisers_socket(settings)
        self._store = store
        self._say = say
        self._clock = clock
        self.keys: tuple[str, ...] = ()
        self._filter = DuplicateFilter()
        self.tor: Final = _tor(settings)
        self.service: Final = self._make(settings, timeouts)

    @property
    def address(self) -> str | None:
        """Return `http://….onion` as soon as it is known, published or not."""
        host = self.service.state.address
        return f"http://{host}" if host else None

    def answer(self, path: str) -> str | None:
        """Return the answer to a pending challenge; None for any other path."""
        return self.service.challenges.answer(path)

    async def run(self) -> None:
        """Keep the service published, proven, and open to the keys in the store alone, until cancelled."""
        if self.is_wanted:
            await self._load_keys()
            async with asyncio.TaskGroup() as group:
                group.create_task(self.service.run())
                group.create_task(self._follow())

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if await self._load_keys():
                self.service.renew()

    async def _load_keys(self) -> bool:
        """Load the keys; return True where they have changed. A store that cannot be read changes nothing."""
        before = self.keys
        try:
            self.keys = await self._store.onion_keys(self._clock())
        except StorageError:
            return False
        return self.keys != before

    def _make(self, settings: Settings, timeouts: Timeouts) -> OnionService:
        rng, key_file = random.SystemRandom(), settings.data / "keys" / "organisers-onion"
        spec = client_auth_spec(key_file, self.socket, DEFENCES, lambda: self.keys, rng)
        return OnionService(spec, self.tor, self.report, rng=rng, clock=self._clock, timeouts=timeouts)

    def report(self, state: OnionState) -> None:
        """Report a change; the same failure again is reported once."""
        if state.phase not in _REPORTED or not self._filter.is_new(state.text):
            return
        if state.phase is OnionPhase.REACHABLE:
            self._say(N_("The organisers' own onion is reachable, with a key: %(address)s"), {"address": self.address})
        else:
            self._say(N_("The organisers' own onion:"), {})
            self._say(state.text, state.details)


def _tor(settings: Settings) -> TorClient:
    """Return the Tor to use: where the portal has its own, the public onion starts it, and this one connects to it."""
    own = own_tor(settings)
    control = own.address if own else settings.tor_control
    return TorClient(control, settings.tor_password, socks=settings.tor_socks)


def organisers_socket(settings: Settings) -> Path:
    """Return the path of the socket of the organisers' onion."""
    return Path(settings.organisers_onion_socket or settings.data / "organisers-onion" / "socket").absolute()


def recorded_onion_host(data: Path) -> str:
    """Read the address of the organisers' onion of the portal in `data`, `….onion`; "" before it is first published."""
    record = data / "keys" / "organisers-onion.address"
    return record.read_text("utf-8").strip() if record.exists() else ""
