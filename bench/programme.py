"""Requests a second of the programme page, beside a bare Starlette route that sends the same bytes."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Final

import httpx

from bench.figure import Figure
from bench.running import Server, portal, running
from bench.wrk import load
from portal.site.paths import page_path

PATH: Final = f"/{page_path('programme', 'fr')}"
CONNECTIONS: Final = 16
ROUNDS: Final = 5
SECONDS: Final = 3


def measure() -> Figure:
    """Return the figure, over ROUNDS in which the two take turns."""
    with TemporaryDirectory() as folder, portal(Path(folder) / "data") as ours, bare(ours, Path(folder)) as other:
        for server in (ours, other):
            load(server.url + PATH, CONNECTIONS, 1)
        rounds = [
            [load(server.url + PATH, CONNECTIONS, SECONDS).rate for server in (ours, other)] for _ in range(ROUNDS)
        ]
    rates = [mean(column) for column in zip(*rounds, strict=True)]
    return Figure(
        "programme page",
        f"{rates[0]:,.0f} answers/s",
        f"{rates[1]:,.0f} answers/s (a bare Starlette route)",
        rates[0] / rates[1],
        1.1,
    )


@contextmanager
def bare(server: Server, folder: Path) -> Iterator[Server]:
    """Yield a bare route that sends what `server` sends."""
    with httpx.stream("GET", server.url + PATH, headers={"accept-encoding": "gzip"}) as answer:
        body = b"".join(answer.iter_raw())
    head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items() if name != "content-length")
    file = folder / "answer"
    file.write_bytes(head.encode("ascii") + b"\n\n" + body)
    with running([sys.executable, "-m", "bench.bare", str(file)]) as made:
        yield made
