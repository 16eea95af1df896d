"""Client keys of an onion service: X25519 (RFC 7748), for the client authorisation of v3 onions.

Nobody without one of the keys that the service names can find out how to reach it (rend-spec-v3, appendix G).
"""

import base64
import random
from dataclasses import dataclass, field
from typing import Final

from nacl.bindings import crypto_scalarmult_base

KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class ClientKey:
    """The `secret` of a visitor, 32 bytes; its repr does not show it."""

    secret: bytes = field(repr=False)

    @property
    def private(self) -> str:
        """Write the secret as Tor Browser wants it: base32 (RFC 4648 §6) without padding, 52 characters."""
        return _base32(self.secret)

    @property
    def private_for_tor(self) -> str:
        """Write the secret as ONION_CLIENT_AUTH_ADD takes it (control-spec §3.30)."""
        return f"x25519:{base64.b64encode(self.secret).decode()}"

    @property
    def public(self) -> str:
        """Write the public key as ClientAuthV3 takes it (control-spec §3.27): base32, 52 characters."""
        return _base32(crypto_scalarmult_base(self.secret))


def new_client_key(rng: random.Random) -> ClientKey:
    """Make a key from `rng`, which is fit for secrets."""
    return ClientKey(rng.randbytes(KEY_BYTES))


def _base32(key: bytes) -> str:
    return base64.b32encode(key).decode().rstrip("=")
