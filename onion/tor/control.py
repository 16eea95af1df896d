"""Control connection to a Tor, for the event loop: stem's blocking calls run in threads."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import stem

from onion.errors import TorError, TorLost, TorNotFound, TorSilent
from onion.tor.addresses import TorAddress
from onion.tor.login import TimedSocket, authenticate

ANSWER_SECONDS: Final = 10
EVENT: Final = "650"


@dataclass(frozen=True, slots=True)
class Message:
    """A reply or an event of Tor: its three-digit `status` and the lines of its `text` (control-spec §2.3)."""

    status: str
    text: str

    def __str__(self) -> str:
        return f"{self.status} {self.text}"


class TorControl:
    """Commands and their answers, and events (control-spec §4.1)."""

    def __init__(self, opened: TimedSocket) -> None:
        self._opened = opened
        self._answers: asyncio.Queue[Message | None] = asyncio.Queue()
        self._events: asyncio.Queue[Message | None] = asyncio.Queue()

    @property
    def address(self) -> TorAddress:
        """Return the address of this Tor's control port."""
        return self._opened.address

    async def ask(self, command: str) -> Message:
        """Return Tor's answer to `command`, whatever its status. Raises `TorSilent`, `TorLost`."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await asyncio.to_thread(self._opened.send, command)
                answer = await self._answers.get()
        except stem.ControllerError:
            raise TorLost from None
        except TimeoutError:
            raise TorSilent(address=self._opened.address, seconds=ANSWER_SECONDS) from None
        if answer is None:
            raise TorLost
        return answer

    async def next_event(self) -> str:
        """Return the text of the next event of the kinds that SETEVENTS named. Raises `TorLost`."""
        event = await self._events.get()
        if event is None:
            raise TorLost
        return event.text

    async def read(self) -> None:
        """Read answers and events until the connection ends."""
        try:
            while True:
                received = await asyncio.to_thread(self._opened.recv)
                message = Message(received.content()[0][0], str(received))
                (self._events if message.status == EVENT else self._answers).put_nowait(message)
        except stem.ControllerError:
            pass  # one of the two sides has ended the connection
        finally:
            for queue in (self._answers, self._events):
                queue.put_nowait(None)


@asynccontextmanager
async def tor_control(addresses: Sequence[TorAddress], password: str) -> AsyncIterator[TorControl]:
    """Open a connection to the first Tor of `addresses` that lets us in, closed on leaving. Raises `TorError`.

    The onion services that were added on this connection end with it.
    """
    opened = await _open_first(addresses, password)
    control = TorControl(opened)
    reading = asyncio.create_task(control.read())
    try:
        yield control
    finally:
        opened.abandon()
        await reading
        opened.close()


async def _open_first(addresses: Sequence[TorAddress], password: str) -> TimedSocket:
    """Log in to the first Tor that lets us in. Raises the error of the first Tor there is, or `TorNotFound`."""
    failures: list[TorError] = []
    for address in addresses:
        opened = TimedSocket(address)
        try:
            await asyncio.to_thread(authenticate, opened, password)
        except asyncio.CancelledError:
            opened.abandon()
            raise
        except TorError as error:
            failures.append(error)
        else:
            return opened
    found = (failure for failure in failures if not isinstance(failure, TorNotFound))
    raise next(found, TorNotFound(addresses=", ".join(map(str, addresses))))
