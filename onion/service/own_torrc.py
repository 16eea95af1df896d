"""A service in the torrc of our own Tor, which then tells its circuits: ADD_ONION has no argument for that.

It has the same key as a service that ADD_ONION publishes, and so the same address.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from onion.errors import KeyUnreadable, TorToStartAgain
from onion.identity.address import address_of
from onion.identity.ed25519 import public_key
from onion.identity.key import TOR_HEADER, OnionKey, record_address, write_atomically
from onion.tor.control import TorControl
from onion.tor.method import Published
from onion.tor.spec import OnionSpec
from onion.tor.torrc import EXPORT_CIRCUITS, quoted, service_lines

KEY_FILE: Final = "hs_ed25519_secret_key"
MADE_BY_TOR: Final = ("hs_ed25519_public_key", "hostname")
"""Files that Tor makes from the secret key, and with which it refuses to start where they are of another key."""


@dataclass(frozen=True, slots=True)
class TorrcMethod:
    """Publication by the torrc of a Tor that is ours alone; the service is kept in `folder`, 0700.

    The `flags` and `arguments` of a spec do not apply: they are those of ADD_ONION.
    """

    folder: Path

    async def torrc_lines(self, spec: OnionSpec, key: OnionKey) -> Sequence[str]:
        """Write the key into the folder; return the lines of the service. Raises `OnionKeyError`, `SocketUnfit`."""
        lines = service_lines(spec.socket_path, spec.defences)
        await asyncio.to_thread(record_address, spec.key_file, _address(key))
        await asyncio.to_thread(self._write_key, key)
        return [f"HiddenServiceDir {quoted(self.folder.absolute())}", *lines, EXPORT_CIRCUITS]

    async def publish(self, control: TorControl, spec: OnionSpec, key: OnionKey) -> Published:
        """Return the service, which Tor has had since it started."""
        return Published(_address(key), ())

    async def withdraw(self, control: TorControl, address: str) -> None:
        """Raise `TorToStartAgain`: a service of a torrc ends with its Tor."""
        raise TorToStartAgain

    def _write_key(self, key: OnionKey) -> None:
        """Write `key` in Tor's form into the folder of the service."""
        file = self.folder / KEY_FILE
        try:
            write_atomically(file, TOR_HEADER + key.secret)
            self.folder.chmod(0o700)
            for name in MADE_BY_TOR:
                (self.folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise KeyUnreadable(file=file, reason=error.strerror) from None


def _address(key: OnionKey) -> str:
    return address_of(public_key(key.secret))
