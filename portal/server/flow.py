"""When a connection is read, and when it waits."""

import asyncio
from collections.abc import Sized

from uvicorn.protocols.http.flow_control import FlowControl


class Flow(FlowControl):
    """Flow control that reads nothing more while a request is `waiting`, or while it is held.

    uvicorn's own reads on after each answer.
    """

    _is_held = False
    _is_wanted = True
    """Whether uvicorn would read on."""

    def __init__(self, transport: asyncio.Transport, waiting: Sized) -> None:
        super().__init__(transport)
        self._waiting = waiting

    def pause_reading(self) -> None:
        """Read nothing more until `resume_reading`."""
        self._is_wanted = False
        self._decide()

    def resume_reading(self) -> None:
        """Read on as soon as nothing else is against it."""
        self._is_wanted = True
        self._decide()

    def hold(self, is_held: bool) -> None:
        """Read nothing more until this is called with False."""
        self._is_held = is_held
        self._decide()

    def _decide(self) -> None:
        if self._is_held or self._waiting or not self._is_wanted:
            super().pause_reading()
        else:
            super().resume_reading()
