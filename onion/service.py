"""The onion service: published over a Tor's control connection, kept there, published anew when that Tor was lost."""

import asyncio
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from onion.access import check_path, open_to
from onion.control import Message, TorControl, tor_control
from onion.errors import AddressTaken, OnionError, TorRefused
from onion.key import OnionKey, keep_address, kept_key, recorded_address
from onion.launch import OwnTor
from onion.places import USUAL_PLACES, ControlAddress
from onion.state import JOINING, LOOKING, UPLOADED, UPLOADING, OnionPhase, OnionState

FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 60.0

OK: Final = "250"
COLLISION: Final = "550"
USER: Final = re.compile(r"process/uid=(\d+)")
SERVICE: Final = re.compile(r"ServiceID=([a-z2-7]{56})")
PROGRESS: Final = re.compile(r"BOOTSTRAP PROGRESS=(\d+)")


class OnionService:
    """The onion service whose requests come to the Unix socket at `socket_path`, at port 80 of the address.

    `key_file` keeps its key. `control` is the Tor to use, None for one found in the usual places; `own` is a Tor to
    start instead. `on_change` hears of every new state, on the event loop. `chance` is fit for secrets.
    """

    def __init__(
        self,
        socket_path: Path,
        key_file: Path,
        control: ControlAddress | None,
        password: str,
        on_change: Callable[[OnionState], None],
        *,
        chance: random.Random,
        own: OwnTor | None = None,
    ) -> None:
        self.state = OnionState()
        self._socket_path = socket_path.absolute()
        self._key_file = key_file
        self._places = USUAL_PLACES if control is None else (control,)
        self._password = password
        self._on_change = on_change
        self._chance = chance
        self._own = own
        self._pause = FIRST_PAUSE

    async def run(self) -> None:
        """Publish, and publish anew after each loss, until cancelled; then Tor no longer knows the service."""
        try:
            while True:
                self._tell(OnionState(OnionPhase.CONNECTING, self.state.address, LOOKING))
                try:
                    await self._serve()
                except OnionError as error:
                    await self._rest(error)
        finally:
            if self._own is not None:
                await self._own.stop()
            self._tell(OnionState())

    async def _serve(self) -> None:
        """Publish, and listen to Tor until it is lost: this ends with an `OnionError`, never by itself."""
        check_path(self._socket_path)
        key = await asyncio.to_thread(kept_key, self._key_file, self._chance)
        places = self._places if self._own is None else (await self._own.start(),)
        async with tor_control(places, self._password) as control:
            if self._own is not None:
                # From here this Tor ends with the connection: however the portal ends, no Tor of ours is left behind.
                await _done(control, "TAKEOWNERSHIP")
            await self._open_the_door(control)
            # Asked for before the service is there: its first upload may be done at once.
            await _done(control, "SETEVENTS HS_DESC STATUS_CLIENT")
            address = await self._add(control, key)
            self._tell(OnionState(OnionPhase.PUBLISHING, address, UPLOADING))
            self._hear(address, (await control.ask("GETINFO status/bootstrap-phase")).text)
            while True:
                self._hear(address, await control.next_event())

    async def _open_the_door(self, control: TorControl) -> None:
        if user := USER.search((await control.ask("GETINFO process/uid")).text):
            await asyncio.to_thread(open_to, int(user[1]), self._socket_path)

    async def _add(self, control: TorControl, key: OnionKey) -> str:
        """The address of the service, new in Tor; an older one of the same key gives way if it is nobody's."""
        known = await asyncio.to_thread(recorded_address, self._key_file)
        command = f"ADD_ONION {key.text} Port=80,unix:{self._socket_path}"
        answer = await control.ask(command)
        if answer.status == COLLISION:
            await control.ask(f"DEL_ONION {known.removesuffix('.onion')}")
            answer = await control.ask(command)
        if answer.status == COLLISION:
            raise AddressTaken(address=known)
        found = SERVICE.search(_accepted(answer).text)
        if found is None:
            raise _refused(answer)
        address = f"{found[1]}.onion"
        await asyncio.to_thread(keep_address, self._key_file, address)
        return address

    def _hear(self, address: str, said: str) -> None:
        """Take in an event, or the answer that tells of Tor's start (control-spec §4.1.10, §4.1.25)."""
        if said.startswith(f"HS_DESC UPLOADED {address.removesuffix('.onion')} "):
            self._pause = FIRST_PAUSE
            self._tell(OnionState(OnionPhase.PUBLISHED, address, UPLOADED))
        elif self.state.phase == OnionPhase.PUBLISHING and (progress := PROGRESS.search(said)):
            percent = int(progress[1])
            text, details = (JOINING, {"percent": percent}) if percent < 100 else (UPLOADING, {})
            self._tell(OnionState(OnionPhase.PUBLISHING, address, text, details))

    async def _rest(self, error: OnionError) -> None:
        """Wait before the next try: twice as long after each failure in a row, and never in step with others."""
        seconds = self._pause * self._chance.uniform(0.5, 1)
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        self._tell(OnionState(OnionPhase.WAITING, self.state.address, error.text, error.details))
        await asyncio.sleep(seconds)

    def _tell(self, state: OnionState) -> None:
        if state != self.state:
            self.state = state
            self._on_change(state)


async def _done(control: TorControl, command: str) -> None:
    _accepted(await control.ask(command))


def _accepted(answer: Message) -> Message:
    if answer.status != OK:
        raise _refused(answer)
    return answer


def _refused(answer: Message) -> TorRefused:
    return TorRefused(answer=f"{answer.status} {answer.text}")
