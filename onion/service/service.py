"""The onion service: published over a Tor's control connection, proven through Tor, healed when that fails."""

import asyncio
import random
import re
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

from onion.errors import OnionError, StillUnreachable
from onion.identity.key import OnionKey, kept_key
from onion.service.progress import Progress
from onion.service.proven_service import ProvenOnion
from onion.tor.addresses import TorAddress
from onion.tor.control import TorControl
from onion.tor.method import PublicationMethod
from onion.tor.publishing import ByCommand, done
from onion.tor.socket_access import check_path, open_to
from onion.tor.spec import OnionSpec
from onion.tor.state import (
    JOINING,
    LOOKING,
    LOOKING_AGAIN,
    PROVING,
    PUBLISHING_ANEW,
    UPLOADING,
    Notice,
    OnionPhase,
    OnionState,
)
from onion.tor.timeouts import Timeouts
from onion.tor.tor import TorToUse, check_version

FAILURES: Final = 3
"""So many proofs in a row fail before the service is published anew."""
AT_FIRST: Final = (OnionPhase.CONNECTING, LOOKING)
AGAIN: Final = (OnionPhase.HEALING, LOOKING_AGAIN)
USER: Final = re.compile(r"process/uid=(\d+)")


class OnionService(ProvenOnion):
    """The onion service of `spec`, published through `tor` in this `way`.

    Several may be, each with its own control connection.
    """

    def __init__(
        self,
        spec: OnionSpec,
        tor: TorToUse,
        on_change: Callable[[OnionState], None],
        way: PublicationMethod = ByCommand(),  # noqa: B008 - it is frozen
        *,
        rng: random.Random,
        clock: Callable[[], datetime],
        timeouts: Timeouts = Timeouts(),  # noqa: B008 - it is frozen
    ) -> None:
        super().__init__(on_change, rng, clock, timeouts)
        self._spec = spec
        self._tor = tor
        self._way = way
        self._pause = timeouts.first_pause
        self._successes_before = 0

    async def run(self) -> None:
        """Publish, prove, heal, and publish anew after each loss, until cancelled; then Tor no longer knows of it."""
        try:
            while True:
                self._tell(*(AGAIN if self.successes else AT_FIRST), warnings=())
                try:
                    await self._serve()
                except OnionError as error:
                    await self._rest(error)
        finally:
            if self._tor.own is not None:
                await self._tor.own.stop()
            self._become(OnionState())

    async def _serve(self) -> None:
        """Publish and prove until Tor is lost or healing is in vain: it ends with an `OnionError`, never by itself."""
        check_path(self._spec.socket_path)
        key = await asyncio.to_thread(kept_key, self._spec.key_file, self._chance)
        lines = await self._way.lines(self._spec, key)
        async with self._tor.opened(lines) as control:
            warnings = await check_version(control)
            socks = await self._tor.socks_of(control)
            await self._open_the_listener(control)
            # Asked for before the service is there: its first upload may be done at once.
            await done(control, "SETEVENTS HS_DESC STATUS_CLIENT")
            published = await self._way.publish(control, self._spec, key)
            progress = Progress(published.address)
            progress.hear((await control.ask("GETINFO status/bootstrap-phase")).text)
            self._tell_progress(progress, published.address, (*warnings, *published.warnings))
            await first_to_end(self._listen(control, progress), self._keep(control, key, progress, socks))

    async def _open_the_listener(self, control: TorControl) -> None:
        if user := USER.search((await control.ask("GETINFO process/uid")).text):
            await asyncio.to_thread(open_to, int(user[1]), self._spec.socket_path)

    async def _listen(self, control: TorControl, progress: Progress) -> None:
        while True:
            progress.hear(await control.next_event())
            if self.state.phase in (OnionPhase.BOOTSTRAPPING, OnionPhase.UPLOADING):
                self._tell_progress(progress)

    async def _keep(self, control: TorControl, key: OnionKey, progress: Progress, socks: Sequence[TorAddress]) -> None:
        """Prove the service; publish it anew when that fails, or on wish. Raises `StillUnreachable` when in vain."""
        address, is_healed = f"{self.state.address}", False
        while True:
            await self._wait_for_directories(progress)
            await self._spec.added(control, address)
            self._tell(OnionPhase.PROVING, PROVING)
            before = self.successes
            await self.prove_until(socks, address, FAILURES)
            is_wished = self._renewal.is_set()
            if is_healed and self.successes == before and not is_wished:
                raise StillUnreachable
            is_healed = not is_wished
            self._renewal.clear()
            self._tell(OnionPhase.HEALING, PUBLISHING_ANEW)
            await self._way.withdraw(control, address)
            progress.begin_anew()
            await self._way.publish(control, self._spec, key)
            self._tell_progress(progress)

    async def _wait_for_directories(self, progress: Progress) -> None:
        """Until several have the description; not for ever, as a small network may have no more."""
        await progress.until(lambda: progress.has_joined)
        with suppress(TimeoutError):
            async with asyncio.timeout(self._rhythm.upload):
                await progress.until(lambda: progress.is_widely_held)

    def _tell_progress(
        self, progress: Progress, address: str | None = None, warnings: tuple[Notice, ...] | None = None
    ) -> None:
        phase, text, details = OnionPhase.BOOTSTRAPPING, JOINING, {"percent": progress.percent}
        if progress.has_joined:
            counted = {"done": len(progress.holding), "asked": len(progress.asked)}
            phase, text, details = OnionPhase.UPLOADING, UPLOADING, counted
        self._tell(phase, text, details, address=address, warnings=warnings)

    async def _rest(self, error: OnionError) -> None:
        """Wait before the next try: twice as long after each failure in a row, and never in step with others."""
        if self.successes > self._successes_before:
            self._successes_before, self._pause = self.successes, self._rhythm.first_pause
        seconds = self._pause * self._chance.uniform(0.5, 1)
        self._pause = min(2 * self._pause, self._rhythm.longest_pause)
        self._tell(OnionPhase.UNREACHABLE, error.text, error.details)
        await asyncio.sleep(seconds)


async def first_to_end(*works: Coroutine[object, object, None]) -> None:
    """Run `works` together until one of them ends, and end as it does; the others are cancelled."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            if task.done():
                await task
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
