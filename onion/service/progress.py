"""How far Tor is: on its way into its network, and with the descriptions of a service (control-spec §4.1)."""

import asyncio
import re
from collections.abc import Callable
from typing import Final

ALL: Final = 100
SEVERAL: Final = 3
"""So many directories have the description before the portal looks at itself: one alone is often not asked."""

PROGRESS: Final = re.compile(r"BOOTSTRAP PROGRESS=(\d+)")
DESCRIPTION: Final = re.compile(r"HS_DESC (UPLOAD|UPLOADED) ([a-z2-7]{56}) \S+ \$([0-9A-F]{40})")


class Progress:
    """What the events tell of Tor and of the service at `address`.

    Tor has come `percent` of its way; these directories were `asked` to keep the description, those are `holding` it.
    """

    def __init__(self, address: str) -> None:
        self._service = address.removesuffix(".onion")
        self._news = asyncio.Event()
        self.percent = 0
        self.asked: set[str] = set()
        self.holding: set[str] = set()

    def hear(self, said: str) -> None:
        """Take in an event of the kinds HS_DESC (§4.1.25) and STATUS_CLIENT (§4.1.10), or the answer that tells of
        Tor's start; whatever is about something else is let pass."""
        if progress := PROGRESS.search(said):
            self.percent = int(progress[1])
        elif (told := DESCRIPTION.match(said)) and told[2] == self._service:
            self.asked.add(told[3])
            if told[1] == "UPLOADED":
                self.holding.add(told[3])
        self._news.set()

    def begin_anew(self) -> None:
        """The service is published anew: nobody holds its new description yet."""
        self.asked.clear()
        self.holding.clear()

    @property
    def has_joined(self) -> bool:
        """Whether Tor is in its network."""
        return self.percent >= ALL

    @property
    def is_widely_held(self) -> bool:
        """Whether several directories have the description."""
        return len(self.holding) >= SEVERAL

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for what is heard to make `holds` true."""
        while not holds():
            self._news.clear()
            await self._news.wait()
