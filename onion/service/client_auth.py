"""An onion that is closed to whoever has no key: what Tor is told so that it lets in those who have one, and us."""

import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from onion.errors import TorRefused
from onion.identity.client_key import new_client_key
from onion.tor.control import TorControl
from onion.tor.publishing import accepted, told
from onion.tor.spec import Defences, OnionSpec

CIRCUIT: Final = re.compile(r"^(?:circuit-status=)?(\d+) (.*)$", re.MULTILINE)
"""A circuit's number, then what there is to say of it (control-spec §4.1.1)."""


def closed_onion(
    key_file: Path, socket_path: Path, defences: Defences, keys: Callable[[], Sequence[str]], rng: random.Random
) -> OnionSpec:
    """The service that lets in who has one of `keys` (`ClientKey.public`), asked for each time that it is published.

    The service proves itself with a key of its own, which ends with the process. Tor is given that key each time the
    service is published, so that whoever may use the SOCKS port of this very Tor finds the service too. What was open
    before that is closed: it may be of somebody whose key is no longer among `keys`.
    """
    own = new_client_key(rng)

    def words() -> Sequence[str]:
        return tuple(f"ClientAuthV3={key}" for key in (own.public, *keys()))

    async def let_us_in(control: TorControl, address: str) -> None:
        host = address.removesuffix(".onion")
        answer = await control.ask(f"ONION_CLIENT_AUTH_ADD {host} {own.private_for_tor}")
        if not answer.status.startswith("25"):  # 251: it had one already; 252: and knows where the service is
            raise TorRefused(answer=told(answer))
        await _close_circuits(control, host)

    return OnionSpec(key_file, socket_path, defences, ("V3Auth",), words, let_us_in)


async def _close_circuits(control: TorControl, host: str) -> None:
    """Close every visitor's circuit to the service `host`, which Tor leaves open when a service is taken out of it."""
    circuits = accepted(await control.ask("GETINFO circuit-status")).text
    for number, words in CIRCUIT.findall(circuits):
        if "PURPOSE=HS_SERVICE_REND" in words and f"REND_QUERY={host}" in words:
            await control.ask(f"CLOSECIRCUIT {number}")  # one that has just closed by itself is as good
