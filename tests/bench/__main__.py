"""`make bench`: every figure of the portal, or those named, measured on loopback and printed in one table."""

import shutil
import sys
from collections.abc import Callable, Mapping
from typing import Final

from tests.bench import memory, onion, patience, programme, registrations
from tests.bench.figure import Figure, table

MEASURES: Final[Mapping[str, Callable[[], Figure]]] = {
    "programme": programme.measure,
    "registrations": registrations.measure,
    "memory": memory.measure,
    "patience": patience.measure,
    "onion": onion.measure_latency,
    "reachable": onion.measure_start,
}


def main(names: list[str]) -> int:
    """Measure `names`, or all; return 1 when a target is missed, 2 when there is nothing to measure with."""
    if shutil.which("wrk") is None:
        sys.stderr.write("The bench needs wrk: apt-get install wrk\n")
        return 2
    if unknown := set(names) - set(MEASURES):
        sys.stderr.write(f"There is no {', '.join(sorted(unknown))}; there are {', '.join(MEASURES)}\n")
        return 2
    figures = []
    for name in names or MEASURES:
        sys.stderr.write(f"measuring {name}…\n")
        figures.append(MEASURES[name]())
    sys.stdout.write(f"{table(figures)}\n")
    return 0 if all(figure.is_reached for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
