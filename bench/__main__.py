"""`make bench`: every figure of the portal, or those named, measured on loopback and printed in one table."""

import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from bench import crowds, floods, memory, mirrors, nginx, onion, programme, registrations, scale, sealing, slow_readers
from bench.figure import Figure, table
from tests.programs import PACKAGES

MEASURES: Final[Mapping[str, Callable[[], Figure]]] = {
    "programme": programme.measure,
    "registrations": registrations.measure,
    "search": sealing.measure_search,
    "code": sealing.measure_code,
    "memory": memory.measure,
    "patience": slow_readers.measure,
    "onion": onion.measure_latency,
    "reachable": onion.measure_start,
    "copy": nginx.measure,
    "first-copy": mirrors.measure_first_copy,
    "no-news": mirrors.measure_no_news,
    "one-change": mirrors.measure_one_change,
    "scale-start": scale.measure_start,
    "scale-publish": scale.measure_publish,
    "scale-announce": scale.measure_announce,
    "scale-edit": scale.measure_edit,
    "flood-pipelined": floods.measure_pipelined,
    "flood-memory": floods.measure_memory,
    "flood-unread": floods.measure_unread,
    "flood-few-unread": floods.measure_few_unread,
    "flood-registrations": partial(crowds.measure_registrations, 4, 95),
    "flood-many-registrations": partial(crowds.measure_registrations, 32, 80),
    "flood-sign-ins": partial(crowds.measure_sign_ins, 4, 95),
    "flood-many-sign-ins": partial(crowds.measure_sign_ins, 32, 80),
    "flood-tickets": partial(crowds.measure_invited, crowds.try_tickets, 100, "try codes of tickets", 95),
    "flood-invitations": partial(crowds.measure_invited, crowds.try_invitations, 100, "try codes of invitations", 95),
}

GROUPS: Final[Mapping[str, Sequence[str]]] = {
    "floods": [name for name in MEASURES if name.startswith("flood-")],
    "scale": [name for name in MEASURES if name.startswith("scale-")],
}
"""Figures that are asked for by one name."""

PROGRAMS: Final[Mapping[str, str]] = {"nginx": PACKAGES["nginx"], "wrk": "wrk"}
"""Programs that the benchmarks need, and the Debian package of each."""


def main(names: list[str]) -> int:
    """Measure `names` of figures or groups, or all; return 1 when one is missed, 2 with nothing to measure with."""
    if missing := [program for program in PROGRAMS if shutil.which(program) is None]:
        packages = " ".join(PROGRAMS[program] for program in missing)
        sys.stderr.write(f"The bench needs {', '.join(missing)}: apt-get install {packages}\n")
        return 2
    names = [figure for name in names for figure in GROUPS.get(name, [name])]
    if unknown := set(names) - set(MEASURES):
        there = ", ".join([*MEASURES, *GROUPS])
        sys.stderr.write(f"There is no {', '.join(sorted(unknown))}; there are {there}\n")
        return 2
    figures = []
    for name in names or MEASURES:
        sys.stderr.write(f"measuring {name}…\n")
        figures.append(MEASURES[name]())
    sys.stdout.write(f"{table(figures)}\n")
    return 0 if all(figure.is_reached for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
