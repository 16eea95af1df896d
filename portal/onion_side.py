"""The portal's side of the onion: which Tor the settings mean, and what pages and terminal may know of it."""

import asyncio
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from onion.access import open_to_account
from onion.errors import OnionError
from onion.launch import OwnTor
from onion.places import control_address
from onion.service import OnionService
from onion.state import OnionPhase, OnionState
from portal.domain.language import N_
from portal.services import OnionView
from portal.settings import Settings

Say = Callable[[str, Mapping[str, object]], None]
"""Tells whoever runs the portal a message, with the details for its places."""

_UNTOLD: Final = frozenset({OnionPhase.OFF, OnionPhase.CONNECTING})


class OnionSide:
    """The onion as `settings` want it. `say` hears of its changes, each once.

    `socket` is where its door opens, when one `is_wanted`.
    """

    def __init__(self, settings: Settings, say: Say) -> None:
        self.is_wanted: Final = settings.onion != "off"
        self.socket: Final = Path(settings.onion_socket or settings.data / "onion" / "socket").absolute()
        self._say = say
        self._told: tuple[str, dict[str, object]] | None = None
        self._tor_user = settings.tor_user
        self._static = settings.onion_address if self.is_wanted else ""
        self.service = None if self._static or not self.is_wanted else self._made(settings)

    @property
    def address(self) -> str | None:
        """`http://….onion` as soon as it is known, published or not."""
        host = self._static or (self.service and self.service.state.address)
        return f"http://{host}" if host else None

    def view(self) -> OnionView:
        """What the pages may know: the address once it is published."""
        if self.service is None:
            return OnionView("published" if self._static else "off", self.address)
        is_published = self.service.state.phase is OnionPhase.PUBLISHED
        return OnionView(self.service.state.phase.value, self.address if is_published else None)

    async def run(self) -> None:
        """Keep the service published until cancelled; where Tor's own torrc does that, let Tor in at the door."""
        if self.service is not None:
            await self.service.run()
        elif self._static and self._tor_user:
            try:
                await asyncio.to_thread(open_to_account, self._tor_user, self.socket)
            except OnionError as error:
                self._say(error.text, error.details)

    def _made(self, settings: Settings) -> OnionService:
        """Raises `OnionError` when the setting of Tor's control place is not one."""
        return OnionService(
            self.socket,
            settings.data / "keys" / "onion",
            control_address(settings.tor_control),
            settings.tor_password,
            self.hear,
            chance=random.SystemRandom(),
            own=OwnTor(settings.data / "tor") if settings.onion == "launch" else None,
        )

    def hear(self, state: OnionState) -> None:
        """Tell a change; a search that goes on failing alike is told once."""
        news = (state.text, dict(state.details))
        if state.phase in _UNTOLD or news == self._told:
            return
        self._told = news
        self._say(*news)
        if state.phase is OnionPhase.PUBLISHED:
            self._say(N_("Onion address: %(address)s"), {"address": self.address})
