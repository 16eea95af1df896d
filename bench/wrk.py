"""wrk, the load generator (Debian package `wrk`): how many answers a second, and how long the slowest take."""

import re
import subprocess
from dataclasses import dataclass
from typing import Final

MILLISECONDS: Final = {"us": 0.001, "ms": 1.0, "s": 1_000.0}
_RATE: Final = re.compile(r"Requests/sec:\s+([\d.]+)")
_P99: Final = re.compile(r"99%\s+([\d.]+)(us|ms|s)")


@dataclass(frozen=True, slots=True)
class Load:
    """Measurement by wrk: answers a second, and the 99th percentile of their times in milliseconds."""

    rate: float
    p99: float


def load(url: str, connections: int, seconds: int) -> Load:
    """Ask for `url`, as a browser that takes gzip, on so many connections without pause for so many seconds."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-H", "Accept-Encoding: gzip", url]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rate, p99 = _RATE.search(output), _P99.search(output)
    assert rate, output
    assert p99, output
    assert "Non-2xx" not in output, output
    return Load(float(rate[1]), float(p99[1]) * MILLISECONDS[p99[2]])
