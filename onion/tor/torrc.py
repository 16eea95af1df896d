"""Lines of a service in the torrc of a Tor that publishes it by itself (tor(1))."""

from pathlib import Path
from typing import Final

from onion.tor.socket_access import check_path
from onion.tor.spec import Defences

SERVICE_FOLDER: Final = Path("/var/lib/tor/portal")
"""A folder in which Debian's Tor may keep the key of a service."""
EXPORT_CIRCUITS: Final = "HiddenServiceExportCircuitID haproxy"
"""The line that makes Tor send the circuit of each connection."""


def static_lines(socket_path: Path, defences: Defences, folder: Path = SERVICE_FOLDER) -> list[str]:
    """Return the lines of a service with its key in `folder`, whose requests go to `socket_path`.

    Raises `SocketUnfit`.
    """
    return [f"HiddenServiceDir {folder}/", *service_lines(socket_path, defences)]


def service_lines(socket_path: Path, defences: Defences) -> list[str]:
    """Return the lines that follow the one of a service's folder. Raises `SocketUnfit`."""
    socket_path = socket_path.absolute()
    check_path(socket_path)
    return [
        "HiddenServiceVersion 3",
        f"HiddenServicePort 80 unix:{socket_path}",
        f"HiddenServiceMaxStreams {defences.streams}",
        "HiddenServiceMaxStreamsCloseCircuit 1",
        "HiddenServicePoWDefensesEnabled 1",
        f"HiddenServicePoWQueueRate {defences.arrivals_a_second}",
        f"HiddenServicePoWQueueBurst {defences.arrivals_waiting}",
        "HiddenServiceEnableIntroDoSDefense 1",
        f"HiddenServiceEnableIntroDoSRatePerSec {defences.arrivals_a_second}",
        f"HiddenServiceEnableIntroDoSBurstPerSec {defences.arrivals_waiting}",
    ]


def quoted(path: Path) -> str:
    """Return `path` as a quoted string of a torrc, which may have spaces."""
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
