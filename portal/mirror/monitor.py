"""Monitor of the mirrors in the list: it audits each of their addresses through Tor, again and again."""

import asyncio
import json
import logging
import math
import random
import time
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from pathlib import Path
from typing import Final
from weakref import WeakSet

from onion.tor.addresses import TorAddress
from portal.domain.event.event import Mirror
from portal.domain.json_values import from_json, to_json
from portal.domain.language import N_
from portal.domain.limits import AUDIT_DOUBT_MINUTES, AUDIT_FETCH_SECONDS, AUDIT_MINUTES
from portal.domain.trust.mirror_audit import AuditResult, AuditResults, Standing, with_since
from portal.domain.trust.mirror_errors import MirrorError
from portal.mirror.client.audit import Reference, audit_mirror, reference_of
from portal.mirror.client.banner import sentences
from portal.mirror.client.fetching import HttpFetcher, Source
from portal.site.files import Files
from portal.storage.disk import write_atomically
from portal.tor.service import Say
from portal.web.error_log import DuplicateFilter, format_safely

LOG: Final = logging.getLogger("portal")
FILE: Final = "audit.json"
ROUND_SECONDS: Final = 15
"""Pause between two checks of the monitor for audits that are due."""
AUDITS_AT_ONCE: Final = 4
JITTER: Final = 0.5
"""By which part a pause is longer or shorter, so that no mirror can foresee its audit."""
_CIRCUIT_BYTES: Final = 16
_NEWS: Final = {
    Standing.TRUE: N_("The copy at %(address)s is true: edition %(edition)s."),
    Standing.LATE: N_("The copy at %(address)s is late: edition %(edition)s."),
    Standing.ALTERED: N_("The copy at %(address)s is ALTERED: %(path)s is not what was signed."),
    Standing.SILENT: N_("The copy at %(address)s is silent."),
}


class MirrorMonitor:
    """Audits mirrors by the signatures that `metadata` gives at the time, and keeps the results in the `folder`.

    `tor` gives the SOCKS port of a Tor that is known to work, or None: nothing is audited then; it may block. The
    last results are in `results`; `say` is called where one changes. `clock` gives UTC, `timer` counts seconds.
    """

    def __init__(
        self,
        folder: Path,
        metadata: Callable[[], Files],
        tor: Callable[[], TorAddress | None],
        say: Say,
        clock: Callable[[], datetime],
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._file = folder / FILE
        self._metadata = metadata
        self._tor = tor
        self._sentences = sentences()
        self._say = say
        self._clock = clock
        self._timer = timer
        self._rng = random.SystemRandom()
        self._due: dict[str, float] = {}
        self._doubted: dict[str, AuditResult] = {}
        self._at_once = asyncio.Semaphore(AUDITS_AT_ONCE)
        self._fetchers = WeakSet[HttpFetcher]()
        self._is_over = False
        self.results: AuditResults = read_results(self._file)

    async def run(self, listed: Callable[[], Collection[str]], pause: float = ROUND_SECONDS) -> None:
        """Audit the addresses that are `listed` at the time, until cancelled. The same fault is logged once."""
        faults = DuplicateFilter()
        try:
            while True:
                try:
                    await self.audit_due(listed())
                except Exception as error:  # whatever it is, the next round is tried
                    if faults.is_new(fault := format_safely(error)):
                        LOG.error("the copies are not looked at\n%s", fault)
                await asyncio.sleep(pause)
        finally:
            self._stop()

    async def audit_due(self, listed: Collection[str]) -> None:
        """Audit those of the `listed` addresses that are due. Raises `MirrorError` and `OSError`."""
        before = self.results
        due = [address for address in listed if self._due.get(address, -math.inf) <= self._timer()]
        if due and (socks := await asyncio.to_thread(self._tor)):
            reference = await asyncio.to_thread(reference_of, self._metadata(), self._clock())
            await asyncio.gather(*(self._audit(address, reference, socks) for address in due))
        self.results = {address: found for address, found in self.results.items() if address in listed}
        if self.results != before:
            await asyncio.to_thread(write_atomically, self._file, results_json(self.results))

    async def _audit(self, address: str, reference: Reference, socks: TorAddress) -> None:
        def opened() -> Source:
            if self._is_over:
                raise MirrorError
            circuit = self._rng.randbytes(_CIRCUIT_BYTES).hex()
            fetcher = HttpFetcher(circuit, socks, AUDIT_FETCH_SECONDS, AUDIT_FETCH_SECONDS)
            self._fetchers.add(fetcher)
            return Source(address, f"{address.rstrip('/')}/", fetcher)

        async with self._at_once:
            found = await asyncio.to_thread(audit_mirror, opened, reference, self._sentences, self._rng, self._clock())
        self._record(address, found)
        # A mirror is late for some minutes after each new edition, and a silence may be that of our own Tor.
        minutes = AUDIT_MINUTES if found.standing is Standing.TRUE else AUDIT_DOUBT_MINUTES
        self._due[address] = self._timer() + 60 * minutes * self._rng.uniform(1 - JITTER, 1 + JITTER)

    def _stop(self) -> None:
        """End the audits under way, which must not keep the process."""
        self._is_over = True
        for fetcher in tuple(self._fetchers):
            fetcher.close()

    def _record(self, address: str, found: AuditResult) -> None:
        """Keep and announce what was found; a silence only when the audit after it finds the same."""
        before, doubted = self.results.get(address), self._doubted.pop(address, None)
        if found.standing is Standing.SILENT and not doubted and not (before and before.standing is Standing.SILENT):
            self._doubted[address] = found
            return
        found = with_since(doubted, with_since(before, found))
        self.results = {**self.results, address: found}
        if before is None or _news(before) != _news(found):
            self._say(_NEWS[found.standing], {"address": address, "edition": found.edition, "path": found.path})


def addresses_of(mirrors: Iterable[Mirror]) -> list[str]:
    """Return every address of the `mirrors`."""
    return [address for mirror in mirrors for address in mirror.addresses]


def read_results(file: Path) -> AuditResults:
    """Return the results that `results_json` wrote to `file`; none where there is no such file, or another."""
    try:
        return from_json(dict[str, AuditResult], json.loads(file.read_bytes()))
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def results_json(results: AuditResults) -> bytes:
    """Return `results` as JSON."""
    return json.dumps(to_json(dict(sorted(results.items())))).encode()


def _news(found: AuditResult) -> tuple[object, ...]:
    return found.standing, found.edition, found.path
