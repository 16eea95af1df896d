"""The cost of what keeps the disk silent: a search among sealed pseudonyms, and the id of a code."""

import asyncio
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from bench.figure import Figure
from portal.domain.registration.hashing import SALT_BYTES, Argon2, code_keys
from portal.domain.registration.registration import Policy
from portal.domain.registration.sealing import public_key_of, seal_pseudonym
from portal.domain.registration.ticket_code import code_digest, new_code
from portal.routes.organisers.pseudonym_index import PseudonymIndex
from portal.storage.embedded.store import EmbeddedStore, open_store
from tests.factories.sample import EVENT

RECORDS: Final = 100_000
AT_ONCE: Final = 10_000
SEARCHES: Final = 5
HASHES: Final = 20
PRIVATE: Final = b"o" * 32
PAGE: Final = slice(0, 50)
NOW: Final = datetime(2026, 11, 30, tzinfo=UTC)


def measure_search(records: int = RECORDS) -> Figure:
    """Return the slowest search among so many registrations, after the first one, which opens every pseudonym."""
    with TemporaryDirectory() as folder:
        seconds = asyncio.run(_searches(Path(folder), records))
    first, after = seconds[0], max(seconds[1:])
    return Figure(
        "search by pseudonym",
        f"{after:.2f} s at {records} registrations",
        f"{first:.1f} s the first time",
        after,
        1,
        is_ceiling=True,
        unit="s",
    )


def measure_code() -> Figure:
    """Return the work of looking up a code, in the work of one registration's hash."""
    rng = Random(1)
    digests = [code_digest(b"e" * 32, new_code(rng)) for _ in range(HASHES)]
    start = time.perf_counter()
    for digest in digests:
        code_keys(digest)
    looked_up = time.perf_counter()
    for _ in range(HASHES):
        Argon2().run(b"six mots que personne ne devine jamais", os.urandom(SALT_BYTES))
    share = 100 * (looked_up - start) / (time.perf_counter() - looked_up)
    milliseconds = 1_000 * (looked_up - start) / HASHES
    return Figure("looking up a code", f"{milliseconds:.1f} ms", "a hash of a passphrase", share, 10, True, "%")


async def _searches(folder: Path, records: int) -> list[float]:
    store = await open_store(folder)
    await _fill(store, records)
    index, seconds = PseudonymIndex(), []
    for _ in range(1 + SEARCHES):
        start = time.perf_counter()
        found = await index.find(await store.registrations(), PRIVATE, "person 7", PAGE)
        seconds.append(time.perf_counter() - start)
        assert found.total > 0
    await store.close()
    return seconds


async def _fill(store: EmbeddedStore, records: int) -> None:
    await store.initialise(EVENT)
    await store.set_policy(Policy(capacity=None), Random(1))
    public_key, stored = public_key_of(PRIVATE), f"$argon2id-verifier$v=19$m=65536,t=3,p=1${'A' * 22}${'B' * 43}"
    for first in range(0, records, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, records))
        sealed = [seal_pseudonym(f"Person {number}", os.urandom(32), public_key) for number in numbers]
        ids = [os.urandom(32).hex() for _ in numbers]
        await asyncio.gather(
            *(store.register(id, pseudonym, stored, NOW) for id, pseudonym in zip(ids, sealed, strict=True))
        )
