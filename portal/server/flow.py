"""Flow control: when a connection is read."""

import asyncio
from collections.abc import Sized

from uvicorn.protocols.http.flow_control import FlowControl


class Flow(FlowControl):
    """Flow control that reads nothing more while there are `pending` requests, or while it is on hold.

    uvicorn's own reads on after each answer.
    """

    _is_on_hold = False
    _is_resumed = True
    """Tells whether uvicorn would read on."""

    def __init__(self, transport: asyncio.Transport, pending: Sized) -> None:
        super().__init__(transport)
        self._pending = pending

    def pause_reading(self) -> None:
        """Read nothing more until `resume_reading`."""
        self._is_resumed = False
        self._apply()

    def resume_reading(self) -> None:
        """Read on as soon as there is no other reason to wait."""
        self._is_resumed = True
        self._apply()

    def hold(self, is_on_hold: bool) -> None:
        """Read nothing more until this is called with False."""
        self._is_on_hold = is_on_hold
        self._apply()

    def _apply(self) -> None:
        if self._is_on_hold or self._pending or not self._is_resumed:
            super().pause_reading()
        else:
            super().resume_reading()
