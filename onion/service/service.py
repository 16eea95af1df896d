"""Onion service: published over a Tor's control connection, proven through Tor, published anew when that fails."""

import asyncio
import random
import re
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

from onion.errors import OnionError, StillUnreachable
from onion.identity.key import OnionKey, load_or_create_key
from onion.service.progress import Progress
from onion.service.proven_service import ProvenOnion
from onion.tor.addresses import TorAddress
from onion.tor.control import TorControl
from onion.tor.method import PublicationMethod
from onion.tor.publishing import AddOnionMethod, execute
from onion.tor.socket_access import check_path, grant_access
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
from onion.tor.tor import TorClient, check_version

FAILURES: Final = 3
"""Failed proofs in a row after which the service is published anew."""
AT_FIRST: Final = (OnionPhase.CONNECTING, LOOKING)
AGAIN: Final = (OnionPhase.HEALING, LOOKING_AGAIN)
USER: Final = re.compile(r"process/uid=(\d+)")


class OnionService(ProvenOnion):
    """The onion service of `spec`, published through `tor` by this `method`.

    There may be several, each with its own control connection.
    """

    def __init__(
        self,
        spec: OnionSpec,
        tor: TorClient,
        on_change: Callable[[OnionState], None],
        method: PublicationMethod = AddOnionMethod(),  # noqa: B008 - it is frozen
        *,
        rng: random.Random,
        clock: Callable[[], datetime],
        timeouts: Timeouts = Timeouts(),  # noqa: B008 - it is frozen
    ) -> None:
        super().__init__(on_change, rng, clock, timeouts)
        self._spec = spec
        self._tor = tor
        self._method = method
        self._pause = timeouts.first_pause
        self._successes_before = 0

    async def run(self) -> None:
        """Publish, prove, heal, and publish anew after each loss, until cancelled; then Tor has no such service."""
        try:
            while True:
                self._update(*(AGAIN if self.successes else AT_FIRST), warnings=())
                try:
                    await self._serve()
                except OnionError as error:
                    await self._back_off(error)
        finally:
            if self._tor.own is not None:
                await self._tor.own.stop()
            self._set_state(OnionState())

    async def _serve(self) -> None:
        """Publish and prove; raise an `OnionError` when Tor is lost or healing fails."""
        check_path(self._spec.socket_path)
        key = await asyncio.to_thread(load_or_create_key, self._spec.key_file, self._rng)
        lines = await self._method.torrc_lines(self._spec, key)
        async with self._tor.connect(lines) as control:
            warnings = await check_version(control)
            socks = await self._tor.socks_ports(control)
            await self._grant_access(control)
            # Before the service is published: its first upload may follow at once.
            await execute(control, "SETEVENTS HS_DESC STATUS_CLIENT")
            published = await self._method.publish(control, self._spec, key)
            progress = Progress(published.address)
            progress.update((await control.ask("GETINFO status/bootstrap-phase")).text)
            self._update_progress(progress, published.address, (*warnings, *published.warnings))
            await run_until_first_ends(self._listen(control, progress), self._maintain(control, key, progress, socks))

    async def _grant_access(self, control: TorControl) -> None:
        if user := USER.search((await control.ask("GETINFO process/uid")).text):
            await asyncio.to_thread(grant_access, int(user[1]), self._spec.socket_path)

    async def _listen(self, control: TorControl, progress: Progress) -> None:
        while True:
            progress.update(await control.next_event())
            if self.state.phase in (OnionPhase.BOOTSTRAPPING, OnionPhase.UPLOADING):
                self._update_progress(progress)

    async def _maintain(
        self, control: TorControl, key: OnionKey, progress: Progress, socks: Sequence[TorAddress]
    ) -> None:
        """Prove the service; publish it anew when that fails, or on `renew`. Raises `StillUnreachable`."""
        address, is_healed = f"{self.state.address}", False
        while True:
            await self._wait_for_directories(progress)
            await self._spec.on_published(control, address)
            self._update(OnionPhase.PROVING, PROVING)
            before = self.successes
            await self.prove_until(socks, address, FAILURES)
            is_renewal = self._renewal.is_set()
            if is_healed and self.successes == before and not is_renewal:
                raise StillUnreachable
            is_healed = not is_renewal
            self._renewal.clear()
            self._update(OnionPhase.HEALING, PUBLISHING_ANEW)
            await self._method.withdraw(control, address)
            progress.reset()
            await self._method.publish(control, self._spec, key)
            self._update_progress(progress)

    async def _wait_for_directories(self, progress: Progress) -> None:
        """Wait until several have the descriptor; not for ever, as a small network may have fewer."""
        await progress.wait_until(lambda: progress.has_joined)
        with suppress(TimeoutError):
            async with asyncio.timeout(self._timeouts.upload):
                await progress.wait_until(lambda: progress.is_widely_uploaded)

    def _update_progress(
        self, progress: Progress, address: str | None = None, warnings: tuple[Notice, ...] | None = None
    ) -> None:
        phase, text, details = OnionPhase.BOOTSTRAPPING, JOINING, {"percent": progress.percent}
        if progress.has_joined:
            counted = {"done": len(progress.uploaded), "asked": len(progress.requested)}
            phase, text, details = OnionPhase.UPLOADING, UPLOADING, counted
        self._update(phase, text, details, address=address, warnings=warnings)

    async def _back_off(self, error: OnionError) -> None:
        """Wait before the next try: twice as long after each failure in a row, by a random part."""
        if self.successes > self._successes_before:
            self._successes_before, self._pause = self.successes, self._timeouts.first_pause
        seconds = self._pause * self._rng.uniform(0.5, 1)
        self._pause = min(2 * self._pause, self._timeouts.longest_pause)
        self._update(OnionPhase.UNREACHABLE, error.text, error.details)
        await asyncio.sleep(seconds)


async def run_until_first_ends(*coroutines: Coroutine[object, object, None]) -> None:
    """Run `coroutines` together until the first ends, and return or raise as it does; the others are cancelled."""
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            if task.done():
                await task
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
