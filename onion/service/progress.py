"""Progress of Tor: of its start, and of the uploads of a service's descriptor (control-spec §4.1)."""

import asyncio
import re
from collections.abc import Callable
from typing import Final

ALL: Final = 100
SEVERAL: Final = 3
"""Directories that have the descriptor before the portal fetches itself: clients seldom ask a single directory."""

PROGRESS: Final = re.compile(r"BOOTSTRAP PROGRESS=(\d+)")
UPLOAD: Final = re.compile(r"HS_DESC (UPLOAD|UPLOADED) ([a-z2-7]{56}) \S+ \$([0-9A-F]{40})")


class Progress:
    """Progress of Tor's start, in `percent`, and of the service at `address`.

    `requested` and `uploaded` are the directories that the descriptor is sent to, and that have taken it.
    """

    def __init__(self, address: str) -> None:
        self._service = address.removesuffix(".onion")
        self._changed = asyncio.Event()
        self.percent = 0
        self.requested: set[str] = set()
        self.uploaded: set[str] = set()

    def update(self, event: str) -> None:
        """Take in an event HS_DESC (§4.1.25) or STATUS_CLIENT (§4.1.10), or an answer about Tor's start.

        Other events are ignored.
        """
        if progress := PROGRESS.search(event):
            self.percent = int(progress[1])
        elif (upload := UPLOAD.match(event)) and upload[2] == self._service:
            self.requested.add(upload[3])
            if upload[1] == "UPLOADED":
                self.uploaded.add(upload[3])
        self._changed.set()

    def reset(self) -> None:
        """Forget the uploads: the service is published anew."""
        self.requested.clear()
        self.uploaded.clear()

    @property
    def has_joined(self) -> bool:
        """Tell whether Tor has joined its network."""
        return self.percent >= ALL

    @property
    def is_widely_uploaded(self) -> bool:
        """Tell whether several directories have the descriptor."""
        return len(self.uploaded) >= SEVERAL

    async def wait_until(self, is_reached: Callable[[], bool]) -> None:
        """Wait for the events after which `is_reached` is true."""
        while not is_reached():
            self._changed.clear()
            await self._changed.wait()
