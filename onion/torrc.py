"""What to write into the torrc of a Tor that publishes the service by itself (tor(1))."""

from pathlib import Path
from typing import Final

from onion.access import check_path
from onion.spec import Defences

SERVICE_FOLDER: Final = Path("/var/lib/tor/portal")
"""Where Debian's Tor may keep the key of a service."""


def static_lines(socket_path: Path, defences: Defences, folder: Path = SERVICE_FOLDER) -> list[str]:
    """The lines of a service whose key is kept in `folder` and whose requests go to `socket_path`.

    Raises `SocketUnfit`.
    """
    socket_path = socket_path.absolute()
    check_path(socket_path)
    return [
        f"HiddenServiceDir {folder}/",
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
