"""A service in the torrc of a Tor of our own: Tor tells its circuits then, for which ADD_ONION has no word.

It has the same key as a service that is published by command, and so the same address.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from onion.errors import KeyUnreadable, TorToStartAgain
from onion.identity.address import address_of
from onion.identity.ed25519 import public_key
from onion.identity.key import TOR_HEADER, OnionKey, keep_address, write_aside
from onion.tor.control import TorControl
from onion.tor.method import Published
from onion.tor.spec import OnionSpec
from onion.tor.torrc import EXPORT_CIRCUITS, quoted, service_lines

KEY_FILE: Final = "hs_ed25519_secret_key"
MADE_BY_TOR: Final = ("hs_ed25519_public_key", "hostname")
"""What Tor makes of the secret key where it is missing, and refuses to start with where it is of another key."""


@dataclass(frozen=True, slots=True)
class InOwnTorrc:
    """The way of a Tor that is ours alone, which keeps the service in `folder`, 0700. It tells circuits.

    It does not know the `flags` and `words` of a spec: they are those of ADD_ONION.
    """

    folder: Path

    async def lines(self, spec: OnionSpec, key: OnionKey) -> Sequence[str]:
        """The service, whose key is then in its folder. Raises `OnionKeyError`, `SocketUnfit`."""
        lines = service_lines(spec.socket_path, spec.defences)
        await asyncio.to_thread(keep_address, spec.key_file, _address(key))
        await asyncio.to_thread(self._put, key)
        return [f"HiddenServiceDir {quoted(self.folder.absolute())}", *lines, EXPORT_CIRCUITS]

    async def publish(self, control: TorControl, spec: OnionSpec, key: OnionKey) -> Published:
        """Nothing is left to do: Tor has had the service since it started."""
        return Published(_address(key), ())

    async def withdraw(self, control: TorControl, address: str) -> None:
        """Raises `TorToStartAgain`: what a torrc has published goes when Tor goes."""
        raise TorToStartAgain

    def _put(self, key: OnionKey) -> None:
        """Put `key` where Tor looks for it, in Tor's form."""
        file = self.folder / KEY_FILE
        try:
            write_aside(file, TOR_HEADER + key.secret)
            self.folder.chmod(0o700)
            for name in MADE_BY_TOR:
                (self.folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise KeyUnreadable(file=file, reason=error.strerror) from None


def _address(key: OnionKey) -> str:
    return address_of(public_key(key.secret))
