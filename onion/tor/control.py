"""One control connection to a Tor, for the event loop: stem's blocking calls run in threads."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import stem

from onion.errors import TorError, TorLost, TorNotFound, TorSilent
from onion.tor.addresses import TorAddress
from onion.tor.login import PatientSocket, authenticate

ANSWER_SECONDS: Final = 10
EVENT: Final = "650"


@dataclass(frozen=True, slots=True)
class Message:
    """What Tor says: its three-digit `status` and the lines of its `text` (control-spec §2.3)."""

    status: str
    text: str


class TorControl:
    """Commands and their answers, and the events that come by themselves (control-spec §4.1)."""

    def __init__(self, opened: PatientSocket) -> None:
        self._opened = opened
        self._answers: asyncio.Queue[Message | None] = asyncio.Queue()
        self._events: asyncio.Queue[Message | None] = asyncio.Queue()

    @property
    def place(self) -> TorAddress:
        """Where this Tor was found."""
        return self._opened.place

    async def ask(self, command: str) -> Message:
        """Tor's answer to `command`, whatever its status. Raises `TorSilent`, `TorLost`. One at a time."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await asyncio.to_thread(self._opened.send, command)
                answer = await self._answers.get()
        except stem.ControllerError:
            raise TorLost from None
        except TimeoutError:
            raise TorSilent(place=self._opened.place, seconds=ANSWER_SECONDS) from None
        if answer is None:
            raise TorLost
        return answer

    async def next_event(self) -> str:
        """The text of the next event of the kinds asked for with SETEVENTS. Raises `TorLost`."""
        event = await self._events.get()
        if event is None:
            raise TorLost
        return event.text

    async def read(self) -> None:
        """Take in what Tor says until the connection ends."""
        try:
            while True:
                said = await asyncio.to_thread(self._opened.recv)
                message = Message(said.content()[0][0], str(said))
                (self._events if message.status == EVENT else self._answers).put_nowait(message)
        except stem.ControllerError:
            pass  # the connection is over, by the will of one side or the other
        finally:
            for waiting in (self._answers, self._events):
                waiting.put_nowait(None)


@asynccontextmanager
async def tor_control(places: Sequence[TorAddress], password: str) -> AsyncIterator[TorControl]:
    """A connection to the first Tor of `places` that lets us in, closed on leaving. Raises `TorError`.

    What was asked of Tor on this connection, an onion service among it, ends with it.
    """
    opened = await _first_open(places, password)
    control = TorControl(opened)
    reading = asyncio.create_task(control.read())
    try:
        yield control
    finally:
        opened.abandon()
        await reading
        opened.close()


async def _first_open(places: Sequence[TorAddress], password: str) -> PatientSocket:
    """Raises the error of the first place where there is a Tor, or `TorNotFound` when there is none at all."""
    failures: list[TorError] = []
    for place in places:
        opened = PatientSocket(place)
        try:
            await asyncio.to_thread(authenticate, opened, password)
        except asyncio.CancelledError:
            opened.abandon()
            raise
        except TorError as error:
            failures.append(error)
        else:
            return opened
    there = (failure for failure in failures if not isinstance(failure, TorNotFound))
    raise next(there, TorNotFound(places=", ".join(map(str, places))))
