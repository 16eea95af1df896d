"""Client authorisation: an onion service that only those who have a key can reach."""

import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from onion.errors import TorRefused
from onion.identity.client_key import new_client_key
from onion.tor.control import TorControl
from onion.tor.publishing import check_accepted
from onion.tor.spec import Defences, OnionSpec

CIRCUIT: Final = re.compile(r"^(?:circuit-status=)?(\d+) (.*)$", re.MULTILINE)
"""A circuit's number, then its properties (control-spec §4.1.1)."""


def client_auth_spec(
    key_file: Path, socket_path: Path, defences: Defences, keys: Callable[[], Sequence[str]], rng: random.Random
) -> OnionSpec:
    """Return the service for the clients with one of `keys` (`ClientKey.public`), called each time it is published.

    The service proves itself with a key of its own, which ends with the process. Tor is given that key each time the
    service is published, so that everybody who may use the SOCKS port of this very Tor finds the service too. Circuits
    that were open before are closed: they may be those of somebody whose key is no longer among `keys`.
    """
    own = new_client_key(rng)

    def arguments() -> Sequence[str]:
        return tuple(f"ClientAuthV3={key}" for key in (own.public, *keys()))

    async def authorise_us(control: TorControl, address: str) -> None:
        host = address.removesuffix(".onion")
        answer = await control.ask(f"ONION_CLIENT_AUTH_ADD {host} {own.private_for_tor}")
        if not answer.status.startswith("25"):  # 251: it had a key already; 252: and knows the descriptor
            raise TorRefused(answer=str(answer))
        await _close_circuits(control, host)

    return OnionSpec(key_file, socket_path, defences, ("V3Auth",), arguments, authorise_us)


async def _close_circuits(control: TorControl, host: str) -> None:
    """Close every visitor's circuit to the service `host`, which Tor leaves open when a service is withdrawn."""
    circuits = check_accepted(await control.ask("GETINFO circuit-status")).text
    for number, properties in CIRCUIT.findall(circuits):
        if "PURPOSE=HS_SERVICE_REND" in properties and f"REND_QUERY={host}" in properties:
            await control.ask(f"CLOSECIRCUIT {number}")  # it may have closed by itself: any answer will do
