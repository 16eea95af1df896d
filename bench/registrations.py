"""Registrations a second with 32 visitors, beside the argon2 hashes a second of the same cores alone."""

import asyncio
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.figure import Figure
from bench.running import portal
from bench.visitors import Visit, enter, register_until
from portal.domain.registration.hashing import SALT_BYTES, Argon2

VISITORS: Final = 32
ROUNDS: Final = 4
WARMING_SECONDS: Final = 1
SECONDS: Final = 6


def measure() -> Figure:
    """Return the figure, over ROUNDS in which the two take turns."""
    registered = hashed = 0.0
    with TemporaryDirectory() as folder, portal(Path(folder) / "data") as server:
        for _ in range(ROUNDS):
            registered += asyncio.run(_registrations(server.port)) / ROUNDS
            hashed += hashes_a_second(SECONDS) / ROUNDS
    return Figure(
        "registrations",
        f"{registered:.1f}/s with {VISITORS} visitors",
        f"{hashed:.1f} argon2 hashes/s alone",
        registered / hashed,
        0.85,
    )


async def _registrations(port: int) -> float:
    """Registrations a second, each with the opening of a form, once the first ones are on their way."""
    visitors, visit = await enter(port, VISITORS, forms=2), Visit()
    end = time.monotonic() + WARMING_SECONDS + SECONDS
    crowd = [asyncio.create_task(register_until(visitor, end, visit)) for visitor in visitors]
    await asyncio.sleep(WARMING_SECONDS)
    before, start = visit.registered, time.monotonic()
    await asyncio.sleep(SECONDS)
    rate = (visit.registered - before) / (time.monotonic() - start)
    await asyncio.gather(*crowd)
    return rate


def hashes_a_second(seconds: float) -> float:
    """Measure what every core reaches together with the portal's own parameters."""
    cores, hasher = os.cpu_count() or 1, Argon2()
    start = time.monotonic()

    def hash_on() -> int:
        count = 0
        while time.monotonic() < start + seconds:
            hasher.run(b"six mots que personne ne devine jamais", os.urandom(SALT_BYTES))
            count += 1
        return count

    with ThreadPoolExecutor(cores) as threads:
        count = sum(hashes.result() for hashes in [threads.submit(hash_on) for _ in range(cores)])
    return count / (time.monotonic() - start)
