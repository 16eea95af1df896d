"""Erasure by the running portal: announced for a day, then carried out, whatever the clock and the process do."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from portal.domain.edition.edition import Addresses
from portal.domain.errors import DataMissing
from portal.domain.event.event import Event
from portal.domain.organisers.organiser import JournalEntry
from portal.domain.registration.retention import GAP, Erasure, ErasureNotice, Postponement, Retained, next_postponement
from portal.origin.erasure import ROUND
from portal.storage.contract import Store
from portal.storage.embedded.store import EmbeddedStore, open_store
from tests.checkout import ROOT
from tests.factories.erasing import Hours, run_for
from tests.factories.sample import EVENT, on_day
from tests.fakes.memory_store import memory_store

pytestmark = pytest.mark.anyio

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
BEFORE: Final = datetime(2026, 11, 23, 9, tzinfo=UTC)
END: Final = datetime(2026, 12, 15, 16, 30, tzinfo=UTC)
DUE: Final = datetime(2027, 1, 14, 16, 30, tzinfo=UTC)
TWO: Final = Retained(2, 1, 1)
TOLD: Final = [("The event is over: every registration was erased, %(number)s in all.", {"number": 2})]
ERASED: Final = Retained(0, 0, 1, Erasure(date(2027, 1, 14), 2))


async def filled(store: EmbeddedStore, event: Event = EVENT) -> EmbeddedStore:
    """Put an edition of `event` in force, with two registrations, an invitation and an entry of the journal."""
    draft = await store.initialise(event)
    await store.publish(draft.revision, "", Addresses(), datetime(2026, 11, 1, tzinfo=UTC))
    for id in ("a" * 64, "b" * 64):
        await store.register(id, "", "$argon2id$", BEFORE)
    await store.add_invitations(["c" * 64])
    await store.note(JournalEntry(BEFORE.date(), "Camille", "Published.", (), ""))
    return store


async def kept_by(store: Store) -> Retained:
    """Everything but the notice."""
    return replace(await store.retained(), notice=None)


RUNS: Final[dict[str, tuple[datetime, datetime, Retained]]] = {
    "keeps everything to the last minute before it is due": (BEFORE, DUE - timedelta(minutes=1), TWO),
    "erases when it is due, after a week of announcement": (BEFORE, DUE + HOUR, ERASED),
    "keeps everything for a day after a month of silence": (DUE + 30 * DAY, DUE + 31 * DAY - HOUR, TWO),
    "erases a day after it runs again": (
        DUE + 30 * DAY,
        DUE + 31 * DAY + HOUR,
        Retained(0, 0, 1, Erasure(date(2027, 2, 14), 2)),
    ),
    "keeps the journal for thirty days more": (DUE - DAY, DUE + 30 * DAY - HOUR, ERASED),
    "erases the journal then": (DUE - DAY, DUE + 30 * DAY + HOUR, replace(ERASED, journal=0)),
}


@pytest.mark.parametrize("case", RUNS)
async def test_running_portal(case: str) -> None:
    start, until, kept = RUNS[case]
    store = await filled(memory_store())
    heard = await run_for(store, Hours(start, until))
    assert (await kept_by(store), heard) == (kept, TOLD if kept.erasure else [])


async def test_year_set_back_by_one_erases_nothing_for_a_day_and_nothing_once_it_is_right() -> None:
    store = await filled(memory_store())
    draft = await store.save_draft(on_day(date(2025, 12, 15)), 1)
    wrong = await store.publish(draft.revision, "", Addresses(), BEFORE)
    await run_for(store, Hours(BEFORE, BEFORE + 23 * HOUR), lambda: wrong.event)
    assert (await kept_by(store)) == TWO
    draft = await store.save_draft(EVENT, draft.revision)
    right = await store.publish(draft.revision, "", Addresses(), BEFORE)
    await run_for(store, Hours(BEFORE + 23 * HOUR, BEFORE + 7 * DAY), lambda: right.event)
    assert await store.retained() == TWO


async def test_no_days_of_retention_in_an_old_edition_erase_nothing_while_the_event_runs() -> None:
    store = await filled(memory_store(), old := replace(EVENT, retention_days=0))
    await run_for(store, Hours(END - 9 * HOUR, END + 23 * HOUR), lambda: old)
    assert await kept_by(store) == TWO
    await run_for(store, Hours(END + 23 * HOUR, END + 26 * HOUR), lambda: old)
    assert await kept_by(store) == Retained(0, 0, 1, Erasure(date(2026, 12, 16), 2))


async def test_edition_that_waits_for_signatures_brings_no_erasure_nearer_than_the_public_reads() -> None:
    store = await filled(memory_store())
    draft = await store.save_draft(on_day(date(2025, 12, 15)), 1)
    await store.publish(draft.revision, "", Addresses(), BEFORE)
    await run_for(store, Hours(BEFORE, BEFORE + 3 * DAY), lambda: EVENT)
    assert await store.retained() == TWO


async def test_edition_that_waits_for_signatures_puts_the_erasure_off() -> None:
    store = await filled(memory_store(), wrong := on_day(date(2025, 12, 15)))
    draft = await store.save_draft(EVENT, 1)
    await store.publish(draft.revision, "", Addresses(), BEFORE)
    await run_for(store, Hours(BEFORE, BEFORE + 3 * DAY), lambda: wrong)
    assert await store.retained() == TWO


JUMPS: Final[dict[str, dict[int, timedelta]]] = {
    "ten years ahead at one look": {5: 3650 * DAY, 6: -3650 * DAY},
    "ten years ahead for hours": {5: 3650 * DAY, 25: -3650 * DAY},
    "a day ahead every few hours": {n: DAY if n % 2 else -DAY for n in range(1, 60)},
}


@pytest.mark.parametrize("case", JUMPS)
async def test_clock_that_jumps_erases_nothing(case: str) -> None:
    store = await filled(memory_store())
    assert await run_for(store, Hours(BEFORE, BEFORE + 4 * DAY, JUMPS[case])) == []
    assert await kept_by(store) == TWO


async def test_clock_that_starts_far_ahead_erases_nothing_before_it_is_put_right() -> None:
    store = await filled(memory_store())
    await run_for(store, Hours(datetime(2036, 2, 7, tzinfo=UTC), datetime(2036, 2, 7, 23, tzinfo=UTC)))
    await run_for(store, Hours(BEFORE, BEFORE + 3 * DAY))
    assert await store.retained() == TWO


async def test_postponement_is_kept_to() -> None:
    store = await filled(memory_store())
    await run_for(store, Hours(DUE - DAY, DUE - HOUR))
    await store.postpone_erasure(next_postponement(EVENT, await store.retained(), DUE - HOUR), None)
    await run_for(store, Hours(DUE - HOUR, DUE + 7 * DAY - HOUR))
    assert await kept_by(store) == replace(TWO, postponement=Postponement(DUE + 7 * DAY, 1))
    await run_for(store, Hours(DUE + 7 * DAY - HOUR, DUE + 7 * DAY + HOUR))
    assert await kept_by(store) == Retained(0, 0, 1, Erasure(date(2027, 1, 21), 2))


async def test_nothing_is_announced_once_all_is_erased() -> None:
    store = await filled(memory_store())
    await store.erase_all_registrations(EVENT.days[0].date)
    await store.erase_journal()
    assert await run_for(store, Hours(DUE, DUE + 3 * DAY)) == []
    assert await store.retained() == Retained(erasure=Erasure(EVENT.days[0].date, 2))


async def test_store_that_fails_is_told_of_and_tried_again() -> None:
    heard = await run_for(memory_store(), Hours(DUE, DUE + HOUR))
    assert [message for message, _ in heard] == [DataMissing.text] * 2


def killed(data: Path, start: datetime, until: datetime) -> None:
    """Run a portal of its own from `start` to `until` by its clock, and kill it there."""
    command = [sys.executable, "-m", "tests.factories.erasing", str(data), start.isoformat(), until.isoformat()]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert list(iter(process.stdout.readline, "waiting\n"))[-1] == f"{until.isoformat()}\n"
        process.kill()


async def test_killed_and_started_again_the_portal_erases_a_day_after_it_announced(tmp_path: Path) -> None:
    data = tmp_path / "data"
    start = DUE + 30 * DAY
    await (await filled(await open_store(data))).close()
    for hours in range(0, 23, 4):
        killed(data, start + hours * HOUR, start + min(hours + 3, 23) * HOUR)
    store = await open_store(data)
    assert await store.retained() == replace(TWO, notice=ErasureNotice(DUE, start, start + 23 * HOUR))
    await store.close()
    killed(data, start + 24 * HOUR, start + 24 * HOUR)
    store = await open_store(data)
    assert await store.retained() == Retained(0, 0, 1, Erasure(date(2027, 2, 14), 2))
    await store.close()


async def test_down_for_a_month_after_it_announced_the_portal_announces_anew(tmp_path: Path) -> None:
    data = tmp_path / "data"
    await (await filled(await open_store(data))).close()
    killed(data, DUE - 2 * HOUR, DUE - HOUR)
    killed(data, DUE + 30 * DAY, DUE + 30 * DAY + 23 * HOUR)
    store = await open_store(data)
    notice = ErasureNotice(DUE, DUE + 30 * DAY, DUE + 30 * DAY + 23 * HOUR)
    assert await store.retained() == replace(TWO, notice=notice)
    await store.close()


def test_announcement_outlives_a_look_that_is_late() -> None:
    assert (HOUR, GAP) == (ROUND, 3 * ROUND)
